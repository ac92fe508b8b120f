/** What the routes need from outside. */
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import type { CaseCommand } from './case/commands.ts'
import type { CaseRefusal } from './case/decide.ts'
import type { CaseEvent } from './case/events.ts'
import type { CaseState } from './case/state.ts'
import type { ScoreCommand } from './score/commands.ts'
import type { ScoreEvent } from './score/events.ts'
import type { WatchState } from './score/state.ts'

export type CaseHandler = CommandHandler<CaseCommand, CaseState, CaseEvent['type'], CaseRefusal>
export type WatchHandler = CommandHandler<ScoreCommand, WatchState, ScoreEvent['type'], never>

export type ScorePorts = Pick<ServiceRuntime, 'store' | 'views' | 'caughtUp'>

export type CasePorts = ScorePorts &
  Pick<ServiceRuntime, 'clock' | 'newId' | 'logger'> & { readonly cases: CaseHandler }

/**
 * Small claims of one person for tests: everything is given a value, a test names what it is about.
 */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { claimIdOf, uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import { businessDate, instant } from '@tongchou/contracts/time.ts'
import type { ScoreClaim, WithdrawScore } from '../score/commands.ts'
import { watch } from '../score/decide.ts'
import type { ScoreEvent } from '../score/events.ts'
import type { WatchState } from '../score/state.ts'
import type { SubmittedFacts } from './submitted.ts'

export const PERSON = uuid<PersonId>('00077b2c-2963-8dc1-a61c-17d0c6dc3348')
export const NOW = instant('2025-06-01T08:00:00.000Z')

export const META: CommandMeta = {
  commandId: uuid('6f1c3c9e-3f5c-4c39-9a2e-0f3d0c6a1b11'),
  correlationId: uuid('6f1c3c9e-3f5c-4c39-9a2e-0f3d0c6a1b12'),
  causationId: null,
  actor: 'service:fraud',
  now: NOW,
}

export function idOf(claimNo: string): ClaimId {
  return claimIdOf('H11010000001', claimNo)
}

type Given = Partial<SubmittedFacts> & { readonly days?: readonly [string, string] }

/** An outpatient claim of 10 March 2025 of a man born on 15 May 1980, in Beijing. */
export function claim(claimNo: string, given: Given = {}): SubmittedFacts {
  const { days = ['2025-03-10', '2025-03-10'], ...facts } = given
  return {
    claimId: idOf(claimNo),
    personId: PERSON,
    institutionCode: 'H11010000001',
    treatingRegion: '110100',
    insuredRegion: '610100',
    kind: 'outpatient',
    beginOn: businessDate(days[0]),
    endOn: businessDate(days[1]),
    sex: 'M',
    bornOn: businessDate('1980-05-15'),
    lines: [lineWith({})],
    totalFen: fen(2_000),
    fingerprint: uuidFrom(META.commandId, claimNo),
    ...facts,
  }
}

/** An inpatient claim. */
export function stay(claimNo: string, from: string, to: string, given: Given = {}): SubmittedFacts {
  return claim(claimNo, { kind: 'inpatient', days: [from, to], ...given })
}

export function scoreClaim(data: SubmittedFacts): ScoreClaim {
  return { type: 'ScoreClaim', data, meta: META }
}

export function withdrawScore({ claimId, personId }: SubmittedFacts): WithdrawScore {
  return { type: 'WithdrawScore', data: { claimId, personId }, meta: META }
}

/** Commands one after the other: the state that they end in, and every event. */
export function run(
  commands: readonly (ScoreClaim | WithdrawScore)[],
  from: WatchState = watch.initialState,
): { readonly state: WatchState; readonly events: readonly ScoreEvent[] } {
  let state = from
  const events: ScoreEvent[] = []
  for (const command of commands) {
    for (const event of watch.decide(command, state).events) {
      state = watch.evolve(state, event)
      events.push(event)
    }
  }
  return { state, events }
}

/** Rules that the last claim breaks after the others were scored. */
export function reasonsOfLast(...claims: readonly SubmittedFacts[]): readonly string[] {
  const last = run(claims.map(scoreClaim)).events.at(-1)
  return last?.type === 'ClaimScored' ? last.data.reasons.map(({ rule }) => rule) : []
}

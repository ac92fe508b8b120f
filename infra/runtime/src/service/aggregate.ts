/** What a noun folder gives the runtime: pure functions and names. */
import type { CommandMeta, Decision } from '@tongchou/contracts/decision.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { EventOf } from './recorded.ts'

export type Command = { readonly type: string; readonly data: unknown; readonly meta: CommandMeta }

export type AnyRefusal = { readonly kind: string }

export type Aggregate<C extends Command, S, T extends EventType, R extends AnyRefusal> = {
  /** First part of the stream name: one lowercase word. */
  readonly category: string
  readonly initialState: S
  readonly decide: (command: C, state: S) => Decision<EventOf<T>, R>
  readonly evolve: (state: S, event: EventOf<T>) => S
  /** Partition key of an event: the person on every claim, coverage and filing topic. */
  readonly keyOf: (event: EventOf<T>) => string
  /** True for an event after which the stream is closed for ever. */
  readonly closes?: (event: EventOf<T>) => boolean
  /**
   * True when the last event alone gives the state: older ones are never read, however long the
   * stream is.
   */
  readonly lastTells?: boolean
}

/** Decisions of one batch on working copies of the states. */
import type { Decision } from '@tongchou/contracts/decision.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { chain, EMPTY_HEAD } from '../event-store/chain.ts'
import type { Append, NewEvent, StreamHead } from '../event-store/port.ts'
import type { Aggregate, AnyRefusal, Command } from './aggregate.ts'
import type { EventOf } from './recorded.ts'
import { toStore } from './recorded.ts'

export type Hot<S> = { readonly head: StreamHead; readonly state: S }

export type Request<C> = {
  readonly stream: string
  readonly command: C
  /** Kept beside the first event that the command makes; nothing is kept when it makes none. */
  readonly attachment?: Buffer | undefined
}

type Pending = { readonly events: NewEvent[] }

/** Decisions of one batch on working copies of the states; nothing is visible before `commit`. */
export class Session<C extends Command, S, T extends EventType, R extends AnyRefusal> {
  readonly #aggregate: Aggregate<C, S, T, R>
  readonly #base: Map<string, Hot<S>>
  readonly #states = new Map<string, S>()
  readonly #pending = new Map<string, Pending>()

  constructor(aggregate: Aggregate<C, S, T, R>, base: Map<string, Hot<S>>) {
    this.#aggregate = aggregate
    this.#base = base
  }

  baseOf(stream: string): Hot<S> {
    return this.#base.get(stream) ?? { head: EMPTY_HEAD, state: this.#aggregate.initialState }
  }

  stateOf(stream: string): S {
    return this.#states.has(stream) ? (this.#states.get(stream) as S) : this.baseOf(stream).state
  }

  /** Decides and applies one command. What it throws leaves the session as it was. */
  execute({ stream, command, attachment }: Request<C>): Decision<EventOf<T>, R> {
    const decision = this.#aggregate.decide(command, this.stateOf(stream))
    if (!decision.accepted || decision.events.length === 0) return decision
    let state = this.stateOf(stream)
    const made = decision.events.map((event, index) => {
      state = this.#aggregate.evolve(state, event)
      const closes = this.#aggregate.closes?.(event) ?? false
      return toStore(
        event as EventOf<EventType>,
        command.meta,
        index,
        this.#aggregate.keyOf(event),
        closes,
      )
    })
    const [first] = made
    if (attachment !== undefined && first !== undefined) made[0] = { ...first, attachment }
    this.#states.set(stream, state)
    const pending = this.#pending.get(stream)
    if (pending === undefined) this.#pending.set(stream, { events: made })
    else pending.events.push(...made)
    return decision
  }

  /** Offset of the next event that this session would append to the stream. */
  pendingCount(stream: string): number {
    return this.#pending.get(stream)?.events.length ?? 0
  }

  /** Takes back what a failed message did to one stream: the state and the events it had before. */
  restore(stream: string, state: S, count: number): void {
    const pending = this.#pending.get(stream)
    if (pending === undefined) return
    pending.events.length = count
    this.#states.set(stream, state)
    if (count === 0) {
      this.#pending.delete(stream)
      this.#states.delete(stream)
    }
  }

  appends(): Append[] {
    return [...this.#pending].map(([stream, { events }]) => {
      const { head } = this.baseOf(stream)
      return { stream, expected: head, events, hashes: chain(head, stream, events) }
    })
  }
}

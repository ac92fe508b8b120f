/**
 * Commands to appended events: hot state by revision, decided in order, appended in one round trip,
 * validated by the append itself; a conflict reloads and decides again, three times at most.
 */
import type { Decision } from '@tongchou/contracts/decision.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { LRUCache } from 'lru-cache'
import { EMPTY_HEAD } from '../event-store/chain.ts'
import type {
  Append,
  AppendOutcome,
  EventStore,
  Progress,
  StoredEvent,
  StreamHead,
} from '../event-store/port.ts'
import type { Aggregate, AnyRefusal, Command } from './aggregate.ts'
import { Fault } from './fault.ts'
import type { EventOf } from './recorded.ts'
import { recorded } from './recorded.ts'
import type { Hot, Request } from './session.ts'
import { Session } from './session.ts'

export type { Hot, Request } from './session.ts'
export { Session } from './session.ts'

const MAX_ATTEMPTS = 3
/** More than are appended to while one is read. */
const HEARD_STREAMS = 10_000

/** A history that cannot be: damaged bytes, or facts that contradict each other. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream'
  readonly stream: string
  constructor(stream: string, cause: unknown) {
    super(`${stream}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.stream = stream
  }
}

export type Handled<S, T extends EventType, R> = {
  readonly decision: Decision<EventOf<T>, R>
  /** State after the command. */
  readonly state: S
  readonly head: StreamHead
  /** Position of the first event that this command appended; null when it appended none. */
  readonly position: bigint | null
}

export class CommandHandler<C extends Command, S, T extends EventType, R extends AnyRefusal> {
  readonly aggregate: Aggregate<C, S, T, R>
  readonly #store: EventStore
  readonly #hot: LRUCache<string, Hot<S> & object>
  /** Newest versions heard of, of streams that were not remembered then. */
  readonly #heard: LRUCache<string, number>

  constructor(
    store: EventStore,
    aggregate: Aggregate<C, S, T, R>,
    options?: { readonly hotStreams?: number },
  ) {
    this.#store = store
    this.aggregate = aggregate
    this.#hot = new LRUCache({ max: options?.hotStreams ?? 50_000 })
    this.#heard = new LRUCache({ max: HEARD_STREAMS })
  }

  streamOf(id: string): string {
    return `${this.aggregate.category}-${id}`
  }

  /**
   * Head and state of one stream as this process knows it; always at least as new as any answer
   * given.
   */
  async load(stream: string): Promise<Hot<S>> {
    const states = await this.#loadAll([stream])
    return states.get(stream) ?? { head: EMPTY_HEAD, state: this.aggregate.initialState }
  }

  /** Head and state of one stream read from the store. */
  async reload(stream: string): Promise<Hot<S>> {
    this.#hot.delete(stream)
    return this.load(stream)
  }

  /**
   * Of an append, whoever made it: true when it is behind what is remembered of the stream. What
   * is being read meanwhile and ends before it will not be remembered.
   */
  hear(stream: string, version: number): boolean {
    if (!this.#hot.has(stream)) this.#heard.set(stream, version)
    return this.#isBehind(stream, version)
  }

  /** The stream is read again at its next use if what is remembered ends before the version. */
  forgetBehind(stream: string, version: number): void {
    if (this.#isBehind(stream, version)) this.#hot.delete(stream)
  }

  #isBehind(stream: string, version: number): boolean {
    const hot = this.#hot.peek(stream)
    return hot !== undefined && hot.head.version < version
  }

  async session(streams: Iterable<string>): Promise<Session<C, S, T, R>> {
    return new Session(this.aggregate, await this.#loadAll([...new Set(streams)]))
  }

  /**
   * A session that takes streams unknown to this process for new ones: the append finds out, at no
   * extra read.
   */
  freshSession(streams: Iterable<string>): Session<C, S, T, R> {
    const states = new Map<string, Hot<S>>()
    for (const stream of streams) {
      const hot = this.#hot.get(stream)
      if (hot !== undefined) states.set(stream, hot)
    }
    return new Session(this.aggregate, states)
  }

  /**
   * Streams of the outcome that conflict are forgotten here, so that the next session reads them
   * again.
   */
  async commit(
    session: Session<C, S, T, R>,
    progress?: readonly Progress[],
  ): Promise<CommitResult> {
    const appends = session.appends()
    if (appends.length === 0 && progress === undefined)
      return { conflicts: [], positions: new Map() }
    const outcomes = await this.#append(appends, progress)
    const conflicts: string[] = []
    const positions = new Map<string, bigint>()
    outcomes.forEach((outcome, index) => {
      const stream = appends[index]?.stream ?? ''
      if (outcome.status === 'appended' || outcome.status === 'duplicate') {
        positions.set(stream, outcome.position)
      } else if (outcome.status !== 'withheld') {
        refuseImpossible(outcome, stream)
        conflicts.push(stream)
        this.#hot.delete(stream)
      }
    })
    const written = progress === undefined || conflicts.length === 0
    if (written) this.#remember(session, appends, positions, outcomes)
    return { conflicts, positions }
  }

  /**
   * When the append fails nobody knows whether it was made: the streams are read again before they
   * are used.
   */
  async #append(
    appends: readonly Append[],
    progress: readonly Progress[] | undefined,
  ): Promise<readonly AppendOutcome[]> {
    try {
      return await this.#store.append(appends, progress)
    } catch (cause) {
      for (const { stream } of appends) this.#hot.delete(stream)
      throw cause
    }
  }

  #remember(
    session: Session<C, S, T, R>,
    appends: readonly { stream: string }[],
    positions: ReadonlyMap<string, bigint>,
    outcomes: readonly AppendOutcome[],
  ): void {
    appends.forEach(({ stream }, index) => {
      const head = outcomes[index]?.head
      if (head === undefined || !positions.has(stream)) return
      const known = this.#hot.get(stream)
      if (known !== undefined && known.head.version > head.version) return
      this.#keep(stream, { head, state: session.stateOf(stream) })
    })
  }

  async handle(stream: string, command: C): Promise<Handled<S, T, R>> {
    const [handled] = await this.handleAll([{ stream, command }])
    if (handled === undefined) throw new Error('one request has one answer')
    return handled
  }

  /** Commands in order; several to one stream see each other. Answers in the same order. */
  async handleAll(
    requests: readonly Request<C>[],
    options?: { readonly probablyNew?: boolean },
  ): Promise<Handled<S, T, R>[]> {
    const answers = new Array<Handled<S, T, R>>(requests.length)
    let open = requests.map((request, index) => ({ request, index }))
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const streams = open.map(({ request }) => request.stream)
      const fresh = options?.probablyNew === true && attempt === 0
      const session = fresh ? this.freshSession(streams) : await this.session(streams)
      const decided = open.map(({ request, index }) => {
        const offset = session.pendingCount(request.stream)
        const decision = session.execute(request)
        return { request, index, decision, offset, state: session.stateOf(request.stream) }
      })
      const { conflicts, positions } = await this.commit(session)
      const again = new Set(conflicts)
      for (const { request, index, decision, offset, state } of decided) {
        if (again.has(request.stream)) continue
        const first = positions.get(request.stream)
        const appended = decision.accepted && decision.events.length > 0 && first !== undefined
        const position = appended ? first + BigInt(offset) : null
        const head = this.#hot.peek(request.stream)?.head ?? session.baseOf(request.stream).head
        answers[index] = { decision, state, head, position }
      }
      open = open.filter(({ request }) => again.has(request.stream))
      if (open.length === 0) return answers
    }
    throw new Fault('contended', `${open.length} streams kept changing: ${open[0]?.request.stream}`)
  }

  async #loadAll(streams: readonly string[]): Promise<Map<string, Hot<S>>> {
    const states = new Map<string, Hot<S>>()
    const missing: string[] = []
    for (const stream of streams) {
      const hot = this.#hot.get(stream)
      if (hot === undefined) missing.push(stream)
      else states.set(stream, hot)
    }
    if (missing.length === 0) return states
    const read = await this.#read(missing)
    for (const stream of missing) {
      const events = read.get(stream) ?? []
      const last = events.at(-1)
      const head = last === undefined ? EMPTY_HEAD : { version: last.version, hash: last.hash }
      const hot = { head, state: this.#fold(stream, events) }
      if (last !== undefined) this.#keep(stream, hot)
      states.set(stream, hot)
    }
    return states
  }

  #keep(stream: string, hot: Hot<S>): void {
    if ((this.#heard.get(stream) ?? 0) <= hot.head.version) this.#hot.set(stream, hot)
  }

  #fold(stream: string, events: readonly StoredEvent[]): S {
    let state = this.aggregate.initialState
    try {
      for (const event of events) {
        state = this.aggregate.evolve(state, recorded(event) as unknown as EventOf<T>)
      }
      return state
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      throw new BrokenStream(stream, cause)
    }
  }

  /** The events that give the states. */
  async #read(streams: readonly string[]): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
    if (this.aggregate.lastTells !== true) return this.#store.readStreams(streams)
    const last = await this.#store.readLast(streams)
    return new Map([...last].map(([stream, event]) => [stream, [event]]))
  }
}

export type CommitResult = {
  readonly conflicts: readonly string[]
  readonly positions: ReadonlyMap<string, bigint>
}

function refuseImpossible(outcome: AppendOutcome, stream: string): void {
  if (outcome.status === 'altered') {
    throw new Fault('altered', `${stream}: the same event ids with other bytes`)
  }
}

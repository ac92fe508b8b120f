/**
 * Puts what a service has stored on its topics, in order, under a lease, with a mark behind what is
 * acknowledged. After a crash it sends again from the mark, with the same numbers.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore, LeaseRequest, StoredEvent } from '../../event-store/port.ts'
import { Waker } from '../../message-log/waker.ts'
import { backoffMs } from '../../postgres/retry.ts'
import { errorFrom, Fault } from '../../service/fault.ts'
import type { KafkaClient } from '../client.ts'
import { watermarkRecord } from '../wire.ts'
import { recordsBehind } from './again.ts'
import { type Again, type Line, lineName, type RelayMarks } from './marks.ts'
import { type Outgoing, partitionsOf, type TopicPartition } from './outgoing.ts'
import { Numbering, type Sending, START, sendAll } from './send.ts'

export type RelayOptions = {
  readonly service: string
  readonly store: EventStore
  readonly marks: RelayMarks
  readonly client: KafkaClient
  /** Internal topics of the service: their readers are told where nothing is said, too. */
  readonly topics: readonly Topic[]
  readonly types: ReadonlySet<EventType>
  /** Pure. */
  readonly outgoing: (event: StoredEvent) => readonly Outgoing[]
  /** What is told every `pulseMs` without an event behind it. */
  readonly pulse?: (at: RelayPlace) => Promise<readonly Outgoing[]>
  readonly nowMs: () => number
  readonly times?: Partial<RelayTimes>
}

/** Everything up to the position is on the broker. */
export type RelayPlace = { readonly incarnation: Uuid; readonly position: bigint }

export type RelayTimes = {
  readonly ttlMs: number
  /** Between two marks: after a crash so much is sent again. */
  readonly saveMs: number
  /** Between two words to partitions in which nothing was said while the log grew. */
  readonly watermarkMs: number
  readonly pollMs: number
  readonly pulseMs: number
}

const TIMES: RelayTimes = {
  ttlMs: 6000,
  saveMs: 200,
  watermarkMs: 250,
  pollMs: 1000,
  pulseMs: 15_000,
}
const PAGE = 1000
/** The relay's lease in the service's own progress: one partition, one holder. */
const RELAY_GROUP = 'relay'
const BACKOFF_MAX_MS = 2000

export class Relay {
  readonly #options: RelayOptions
  readonly #times: RelayTimes
  readonly #lease: LeaseRequest
  /** Those whose readers wait for a word where nothing is said. */
  readonly #partitions: readonly TopicPartition[]
  readonly #waker = new Waker()
  readonly #done: Promise<void>
  readonly #unsubscribe: () => void
  #heard = 0n
  #lines = new Map<string, Line>()
  /** Everything up to here is acknowledged; null while another process has the lease. */
  #position: bigint | null = null
  #saved = 0n
  #incarnation: Uuid | null = null
  #epoch: number | null = null
  #renewAtMs = 0
  #saveAtMs = 0
  #watermarkAtMs = 0
  #pollAtMs = 0
  #pulseAtMs = 0
  /** What each partition of the internal topics was told last. */
  #told = new Map<string, bigint>()
  #failures = 0
  #fault: Error | null = null
  #stopping = false

  constructor(options: RelayOptions) {
    this.#options = options
    this.#times = { ...TIMES, ...options.times }
    const { service, store, topics } = options
    this.#partitions = partitionsOf(topics)
    this.#lease = {
      group: RELAY_GROUP,
      topic: service,
      partitions: [0],
      owner: newUuid(),
      ttlMs: this.#times.ttlMs,
      shared: false,
    }
    this.#unsubscribe = store.onAppend(position => {
      if (position > this.#heard) this.#heard = position
      this.#waker.wake()
    })
    this.#done = this.#run()
  }

  fault(): Error | null {
    return this.#fault
  }

  /** Positions of the store that are not on the broker; null where another process relays. */
  lag(): bigint | null {
    return this.#position === null ? null : this.#heard - this.#position
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#waker.wake()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#step()
        this.#fault = null
        this.#failures = 0
      } catch (error) {
        this.#fault = errorFrom(error)
        if (error instanceof Fault && error.code === 'fenced') this.#lose()
        this.#failures += 1
        await this.#waker.sleep(backoffMs(this.#failures, BACKOFF_MAX_MS))
      }
    }
    this.#unsubscribe()
    await this.#leave().catch(() => {}) // the lease runs out by itself
  }

  async #step(): Promise<void> {
    if (!(await this.#hold())) return this.#waker.sleep(this.#times.ttlMs / 3)
    const now = performance.now()
    if (now >= this.#pollAtMs) await this.#poll(now)
    const sent = await this.#sendPage()
    if (now >= this.#watermarkAtMs) await this.#tellWhereNothingIsSaid(now)
    if (now >= this.#pulseAtMs) await this.#pulse(now)
    if (now >= this.#saveAtMs) await this.#save(now)
    if (!sent) await this.#waker.sleep(this.#sleepMs())
  }

  /** True while the lease is ours. */
  async #hold(): Promise<boolean> {
    const { progress } = this.#options.store
    const now = performance.now()
    if (this.#epoch !== null && now < this.#renewAtMs) return true
    this.#renewAtMs = now + this.#times.ttlMs / 3
    if (this.#epoch !== null) {
      const epochs = new Map([[0, this.#epoch]])
      const { lost } = await progress.renew({ ...this.#lease, epochs })
      if (lost.length === 0) return true
      this.#lose()
    }
    const [taken] = await progress.acquire(this.#lease)
    if (taken === undefined) return false
    const { position, lines } = await this.#options.marks.load(taken.epoch)
    this.#epoch = taken.epoch
    this.#position = position
    this.#saved = position
    this.#lines = new Map(lines)
    this.#told = new Map([...lines].map(([name, line]) => [name, line.position]))
    return true
  }

  #lose(): void {
    this.#epoch = null
    this.#position = null
    this.#renewAtMs = 0
  }

  async #poll(now: number): Promise<void> {
    const { incarnation, position } = await this.#options.store.head()
    this.#incarnation = incarnation
    if (position > this.#heard) this.#heard = position
    this.#pollAtMs = now + this.#times.pollMs
    for (const again of await this.#options.marks.asked()) {
      await this.#sendAgain(again)
      await this.#options.marks.answered(again)
    }
  }

  /** True when there was something; all of it is acknowledged then. */
  async #sendPage(): Promise<boolean> {
    const { store, types, outgoing } = this.#options
    const after = this.#position
    if (after === null || after >= this.#heard) return false
    const page = await store.readAll(after, PAGE, types)
    const last = page.at(-1)
    if (last === undefined) return false
    const numbering = new Numbering(this.#lines, this.#known())
    for (const event of page) {
      if (!types.has(event.type)) continue
      for (const out of outgoing(event)) numbering.put(event.position, out)
    }
    await this.#send(numbering.sendings)
    for (const [name, { position }] of numbering.lines) this.#told.set(name, position)
    this.#lines = numbering.lines
    this.#position = last.position
    return true
  }

  async #pulse(now: number): Promise<void> {
    const position = this.#position
    if (position === null || this.#options.pulse === undefined) return
    this.#pulseAtMs = now + this.#times.pulseMs
    const incarnation = this.#known()
    const numbering = new Numbering(this.#lines, incarnation)
    for (const out of await this.#options.pulse({ incarnation, position })) {
      numbering.put(position, out)
    }
    await this.#send(numbering.sendings)
    this.#lines = numbering.lines
  }

  #send(sendings: readonly Sending[]): Promise<void> {
    return sendAll(this.#options.client, sendings, async (failures, fault) => {
      this.#fault = fault
      if (this.#stopping) throw fault
      await this.#waker.sleep(backoffMs(failures, BACKOFF_MAX_MS))
      if (!(await this.#hold())) throw new Fault('fenced', 'another relay has the lease')
    })
  }

  async #tellWhereNothingIsSaid(now: number): Promise<void> {
    const position = this.#position
    if (position === null) return
    this.#watermarkAtMs = now + this.#times.watermarkMs
    const groups: Sending[] = []
    for (const { topic, partition, name } of this.#behind(position)) {
      const line = this.#lines.get(name) ?? START
      const link = { incarnation: this.#known(), previous: line.position, sequence: line.sequence }
      const records = [watermarkRecord(position, link, this.#options.nowMs())]
      groups.push({ topic, partition, records })
      this.#told.set(name, position)
    }
    await this.#send(groups)
  }

  /** Partitions that were not told of the position. */
  #behind(position: bigint): readonly TopicPartition[] {
    return this.#partitions.filter(({ name }) => (this.#told.get(name) ?? 0n) < position)
  }

  async #save(now: number): Promise<void> {
    const position = this.#position
    if (position === null || position === this.#saved || this.#epoch === null) return
    await this.#options.marks.save({ position, lines: this.#lines }, this.#epoch)
    this.#saved = position
    this.#saveAtMs = now + this.#times.saveMs
  }

  async #sendAgain(again: Again): Promise<void> {
    const line = this.#lines.get(lineName(again.topic, again.partition))
    if (line === undefined) return
    const records = await recordsBehind(this.#options, again, line, this.#known())
    for (let n = 0; n < records.length; n += PAGE) {
      await this.#send([{ ...again, records: records.slice(n, n + PAGE) }])
    }
  }

  #known(): Uuid {
    if (this.#incarnation === null) throw new Fault('unavailable', 'the store was not asked yet')
    return this.#incarnation
  }

  #sleepMs(): number {
    const now = performance.now()
    const behind = this.#behind(this.#position ?? 0n).length > 0
    const unsaved = this.#position !== null && this.#position !== this.#saved
    const times = [
      this.#pollAtMs,
      this.#renewAtMs,
      ...(this.#options.pulse === undefined ? [] : [this.#pulseAtMs]),
      ...(behind ? [this.#watermarkAtMs] : []),
      ...(unsaved ? [this.#saveAtMs] : []),
    ]
    return Math.max(1, Math.min(...times) - now)
  }

  async #leave(): Promise<void> {
    if (this.#epoch === null) return
    this.#saveAtMs = 0
    await this.#save(performance.now())
    await this.#options.store.progress.release({ ...this.#lease, leave: true })
  }
}

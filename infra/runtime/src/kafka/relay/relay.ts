/**
 * Puts what a service has stored on its topics, in order, under a lease, with a mark behind what is
 * acknowledged. After a crash it sends again from the mark, with the same numbers.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { EventStore, LeaseRequest, StoredEvent } from '../../event-store/port.ts'
import { Waker } from '../../message-log/waker.ts'
import { backoffMs } from '../../postgres/retry.ts'
import { errorFrom, Fault } from '../../service/fault.ts'
import type { KafkaClient, Sending } from '../client.ts'
import { recordsBehind } from './again.ts'
import { MarkKeeper } from './mark-keeper.ts'
import { type Again, type Line, lineName, type Marks, type RelayMarks } from './marks.ts'
import { type Outgoing, partitionsOf } from './outgoing.ts'
import { Portions } from './portions.ts'
import { Numbering, sendAll } from './send.ts'
import { type RelayTimes, TIMES } from './times.ts'
import { Watermarks } from './watermarks.ts'

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

const PAGE = 1000
/** The relay's lease in the service's own progress: one partition, one holder. */
const RELAY_GROUP = 'relay'
const BACKOFF_MAX_MS = 2000

export class Relay {
  readonly #options: RelayOptions
  readonly #times: RelayTimes
  readonly #lease: LeaseRequest
  readonly #watermarks: Watermarks
  readonly #portions: Portions
  readonly #waker = new Waker()
  readonly #marks: MarkKeeper
  readonly #done: Promise<void>
  readonly #unsubscribe: () => void
  #heard = 0n
  #lines = new Map<string, Line>()
  #unsent: readonly Sending[] = []
  /** Everything up to here is acknowledged; null while another process has the lease. */
  #position: bigint | null = null
  #incarnation: Uuid | null = null
  #epoch: number | null = null
  #renewAtMs = 0
  #pollAtMs = 0
  #pulseAtMs = 0
  #failures = 0
  #fault: Error | null = null
  #stopping = false

  constructor(options: RelayOptions) {
    this.#options = options
    this.#times = { ...TIMES, ...options.times }
    this.#portions = new Portions(options)
    const { service, store, topics } = options
    this.#watermarks = new Watermarks(partitionsOf(topics), this.#times.watermarkMs)
    this.#marks = new MarkKeeper(options.marks, this.#times.saveMs, () => this.#waker.wake())
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

  /** A reader waits for the end of the log, which it cannot see where nothing is said. */
  tellNow(): void {
    this.#watermarks.hurry()
    this.#waker.wake()
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
    this.#marks.throwFault()
    if (!(await this.#hold())) return this.#waker.sleep(this.#times.ttlMs / 3)
    await this.#sendUnsent()
    const now = performance.now()
    if (now >= this.#pollAtMs) await this.#poll(now)
    const sent = await this.#sendPortion(now)
    if (!sent) await this.#tellWhereNothingIsSaid(now)
    if (now >= this.#pulseAtMs) await this.#pulse(now)
    this.#save(now)
    if (!sent) await this.#waker.sleep(this.#sleepMs())
    else if (!this.#portions.more) await sleep(this.#times.lingerMs)
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
    const { position, lines, unsent } = await this.#marks.load(taken.epoch)
    this.#epoch = taken.epoch
    this.#position = position
    this.#lines = new Map(lines)
    this.#unsent = unsent
    this.#watermarks.begin(lines)
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
  async #sendPortion(now: number): Promise<boolean> {
    const after = this.#position
    if (after === null || after >= this.#heard) return false
    const numbering = new Numbering(this.#lines, this.#known())
    const upTo = await this.#portions.take(after, numbering)
    if (upTo === null) return false
    this.#watermarks.said(numbering.lines)
    this.#addWatermarks(numbering, upTo, now)
    await this.#send(numbering.sendings)
    this.#lines = numbering.lines
    this.#position = upTo
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
    const { lines, sendings: unsent } = numbering
    await this.#marks.write({ position, lines, unsent })
    this.#lines = lines
    this.#unsent = unsent
    await this.#sendUnsent()
  }

  async #sendUnsent(): Promise<void> {
    if (this.#unsent.length > 0) await this.#send(this.#unsent)
    this.#unsent = []
  }

  #at(position: bigint): Marks {
    return { position, lines: this.#lines, unsent: this.#unsent }
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
    if (this.#position === null) return
    const numbering = new Numbering(this.#lines, this.#known())
    this.#addWatermarks(numbering, this.#position, now)
    await this.#send(numbering.sendings)
  }

  /** Those that fail for good are told again: the relay begins at its mark. */
  #addWatermarks(numbering: Numbering, position: bigint, now: number): void {
    this.#watermarks.addDue(numbering, position, { now, atMs: this.#options.nowMs() })
  }

  #save(now: number): void {
    const position = this.#position
    if (position !== null) this.#marks.writeDue(this.#at(position), now)
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
    const tellAtMs = this.#watermarks.dueAtMs(this.#position ?? 0n)
    const saveAtMs = this.#marks.dueAtMs(this.#position)
    const times = [
      this.#pollAtMs,
      this.#renewAtMs,
      ...(this.#options.pulse === undefined ? [] : [this.#pulseAtMs]),
      ...[tellAtMs, saveAtMs].filter(atMs => atMs !== null),
    ]
    return Math.max(1, Math.min(...times) - now)
  }

  async #leave(): Promise<void> {
    if (this.#epoch === null || this.#position === null) return
    await this.#marks.finish(this.#at(this.#position))
    await this.#options.store.progress.release({ ...this.#lease, leave: true })
  }
}

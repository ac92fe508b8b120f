/**
 * One member of a group with fetches of its own, one under way for each broker. The library's
 * stream is not used: it cannot pause or seek one partition, and dies when a broker does while the
 * member keeps its partitions.
 */
import { Consumer, findErrorBy, type RecordsBatch } from '@platformatic/kafka'
import { Fault } from '../../../service/fault.ts'
import type {
  ConsumedRecord,
  ConsumeOptions,
  KafkaClientOptions,
  KafkaConsumer,
} from '../../client.ts'
import { atMost, within } from '../deadline.ts'
import { faultOf, needsOf } from '../fault-of.ts'
import { Member } from './member.ts'
import { settingsOf } from './settings.ts'

const MAX_WAIT_MS = 500
/** Beyond the wait: then the broker counts as gone, and the connections are opened anew. */
const ANSWER_MS = 3000
const AGAIN_MS = 250
const CLOSE_MS = 2000
const PARTITION_BYTES = 1_200_000
const FETCH_BYTES = 8_000_000
const READ_COMMITTED = 1
const IS_CONTROL = 32
const NO_EPOCH = -1

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>
type Wanted = { readonly topicId: string; readonly at: ReadonlyMap<number, bigint> }

export class PlatformaticConsumer implements KafkaConsumer {
  readonly #client: KafkaClientOptions
  readonly #options: ConsumeOptions
  readonly #paused = new Set<number>()
  readonly #fetching = new Set<number>()
  #member: Member | null = null
  #fetcher: Consumer
  #assigned: ReadonlySet<number> = new Set()
  #positions = new Map<number, bigint>()
  /** Counts assignments: what was asked for before the last one is of no use. */
  #generation = 0
  #faulty = false
  #closed = false

  constructor(client: KafkaClientOptions, options: ConsumeOptions) {
    this.#client = client
    this.#options = options
    this.#fetcher = this.#openFetcher()
  }

  async open(): Promise<this> {
    const { group, topic } = this.#options
    const what = `${group} of ${topic}`
    try {
      const found = this.#fetcher.metadata({ topics: [topic] })
      await within(what, this.#client.sendTimeoutMs, found)
    } catch (error) {
      await this.close()
      throw this.#faultOf(error, what)
    }
    setImmediate(() => this.#join())
    return this
  }

  pause(partition: number): void {
    this.#paused.add(partition)
  }

  resume(partition: number): void {
    if (this.#paused.delete(partition)) this.#pump()
  }

  seek(partition: number, offset: bigint): void {
    if (this.#positions.has(partition)) this.#positions.set(partition, offset)
    this.#pump()
  }

  async commit(next: ReadonlyMap<number, bigint>): Promise<void> {
    const { group } = this.#options
    if (this.#closed || this.#member === null) {
      throw new Fault('fenced', `${group}: no member any more`)
    }
    const mine = new Map([...next].filter(([partition]) => this.#assigned.has(partition)))
    if (mine.size > 0) await this.#member.commit(mine)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#member?.close()
    await atMost(CLOSE_MS, this.#fetcher.close(true))
  }

  #join(): void {
    if (this.#closed) return
    this.#member = new Member(this.#client, this.#options, {
      onJoin: partitions => this.#assign(partitions),
      onFault: error => this.#tell(error),
    })
  }

  #assign(partitions: ReadonlySet<number>): void {
    if (this.#closed) return
    for (const partition of this.#paused) {
      if (!partitions.has(partition) || !this.#assigned.has(partition)) {
        this.#paused.delete(partition)
      }
    }
    this.#generation += 1
    this.#assigned = partitions
    this.#positions = new Map()
    this.#options.onAssigned(partitions)
    this.#begin(this.#generation)
  }

  /** Until it is known where the partitions begin, or they are others' again. */
  async #begin(generation: number): Promise<void> {
    try {
      const partitions = [...this.#assigned]
      const found = await this.#member?.positions(partitions)
      if (generation !== this.#generation || found === undefined) return
      this.#positions = new Map(found)
      this.#pump()
    } catch (error) {
      this.#tell(error)
      setTimeout(() => {
        if (!this.#closed && generation === this.#generation) this.#begin(generation)
      }, AGAIN_MS)
    }
  }

  /** A fetch to each broker that leads partitions and has none under way. */
  #pump(): void {
    if (this.#closed || this.#positions.size === 0) return
    this.#fetchAll().catch(error => this.#again(error))
  }

  async #fetchAll(): Promise<void> {
    const { topic } = this.#options
    const metadata = await this.#fetcher.metadata({ topics: [topic] })
    const found = metadata.topics.get(topic)
    if (found === undefined) throw new Error(`no topic ${topic}`)
    const byNode = new Map<number, Map<number, bigint>>()
    for (const [partition, offset] of this.#positions) {
      const node = found.partitions[partition]?.leader
      if (node === undefined || this.#paused.has(partition)) continue
      byNode.set(node, (byNode.get(node) ?? new Map()).set(partition, offset))
    }
    for (const [node, at] of byNode) this.#fetch(node, { topicId: found.id, at })
  }

  async #fetch(node: number, wanted: Wanted): Promise<void> {
    if (this.#closed || this.#fetching.has(node)) return
    this.#fetching.add(node)
    const [generation, fetcher] = [this.#generation, this.#fetcher]
    try {
      const answer = fetcher.fetch({ node, ...LIMITS, topics: [requestOf(wanted)] })
      const response = await within(`broker ${node}`, MAX_WAIT_MS + ANSWER_MS, answer)
      if (fetcher !== this.#fetcher) return
      this.#fetching.delete(node)
      this.#works()
      if (generation === this.#generation) this.#take(response, wanted)
      this.#pump()
    } catch (error) {
      if (fetcher !== this.#fetcher) return
      if (error instanceof Error && findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE') !== null) {
        await this.#toFirst([...wanted.at.keys()]).catch(cause => this.#tell(cause))
      }
      this.#again(error)
    }
  }

  /** Records that are gone: a partition before its first record begins there. */
  async #toFirst(partitions: readonly number[]): Promise<void> {
    for (const [partition, first] of (await this.#member?.first(partitions)) ?? []) {
      const position = this.#positions.get(partition)
      if (position !== undefined && position < first) this.#positions.set(partition, first)
    }
  }

  /** Only what was asked for last: a seek or a pause in between makes an answer void. */
  #take(response: FetchResponse, { topicId, at }: Wanted): void {
    for (const { topicId: id, partitions } of response.responses) {
      if (id !== topicId) continue
      for (const { partitionIndex: partition, records: batches } of partitions) {
        const from = at.get(partition)
        if (from === undefined || from !== this.#positions.get(partition)) continue
        if (this.#closed || this.#paused.has(partition) || !batches?.length) continue
        const records = batches.flatMap(batch => recordsOf(batch, from))
        const last = batches.at(-1)
        if (last === undefined) continue
        this.#positions.set(partition, last.firstOffset + BigInt(last.lastOffsetDelta) + 1n)
        if (records.length > 0) this.#options.onRecords(partition, records)
      }
    }
  }

  #again(error: unknown): void {
    if (this.#closed) return
    this.#tell(error)
    const old = this.#fetcher
    this.#fetcher = this.#openFetcher()
    this.#fetching.clear()
    old.close(true).catch(() => {})
    setTimeout(() => this.#pump(), AGAIN_MS)
  }

  /** Never joins: the member's own connections are not to wait behind a fetch. */
  #openFetcher(): Consumer {
    const settings = settingsOf(this.#client, MAX_WAIT_MS + ANSWER_MS)
    const fetcher = new Consumer({
      ...settings,
      retries: 0,
      groupId: this.#options.group,
      autocommit: false,
    })
    fetcher.topics.trackAll(this.#options.topic)
    fetcher.on('error', () => {}) // each fetch says so itself
    return fetcher
  }

  #tell(error: unknown): void {
    if (this.#closed) return
    this.#faulty = true
    const { group, topic, onFault } = this.#options
    onFault(this.#faultOf(error, `${group} of ${topic}`))
  }

  #faultOf(error: unknown, what: string): Fault {
    const needs = needsOf(this.#options)
    return faultOf(error, { what, needs, client: this.#client, retryable: true })
  }

  #works(): void {
    if (!this.#faulty || this.#closed) return
    this.#faulty = false
    this.#options.onFault(null)
  }
}

const LIMITS = {
  maxWaitTime: MAX_WAIT_MS,
  minBytes: 1,
  maxBytes: FETCH_BYTES,
  isolationLevel: READ_COMMITTED,
}

function requestOf({ topicId, at }: Wanted) {
  const partitions = [...at].map(([partition, fetchOffset]) => ({
    partition,
    fetchOffset,
    currentLeaderEpoch: NO_EPOCH,
    lastFetchedEpoch: NO_EPOCH,
    partitionMaxBytes: PARTITION_BYTES,
  }))
  return { topicId, partitions }
}

/** Records from the offset on; marks of transactions are none. */
function recordsOf(batch: RecordsBatch, from: bigint): ConsumedRecord[] {
  if ((batch.attributes & IS_CONTROL) !== 0) return []
  const found: ConsumedRecord[] = []
  for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
    const offset = batch.firstOffset + BigInt(offsetDelta)
    if (offset < from) continue
    const timestampMs = Number(batch.firstTimestamp + timestampDelta)
    found.push({ key, value, headers: headersOf(headers), timestampMs, offset })
  }
  return found
}

function headersOf(
  entries: readonly (readonly [Buffer | null, Buffer | null])[],
): Readonly<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {}
  for (const [name, value] of entries) {
    if (name !== null && value !== null) found[name.toString()] = value
  }
  return found
}

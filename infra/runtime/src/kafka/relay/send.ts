/** Records numbered for their topic-partitions, and sent until they are acknowledged. */
import type { Uuid } from '@tongchou/contracts/id.ts'
import { Fault } from '../../service/fault.ts'
import type { KafkaClient, KafkaRecord, Sending } from '../client.ts'
import { watermarkRecord } from '../wire.ts'
import { type Line, lineName } from './marks.ts'
import type { Outgoing, TopicPartition } from './outgoing.ts'

/** Takes the next number of each line; `lines` moves with it. */
export class Numbering {
  readonly lines: Map<string, Line>
  readonly #incarnation: Uuid
  readonly #groups = new Map<string, Sending & { readonly records: KafkaRecord[] }>()

  constructor(lines: ReadonlyMap<string, Line>, incarnation: Uuid) {
    this.lines = new Map(lines)
    this.#incarnation = incarnation
  }

  put(position: bigint, { topic, partition, record }: Outgoing): void {
    const name = lineName(topic, partition)
    const { sequence: before, position: previous } = this.lines.get(name) ?? START
    const sequence = before + 1n
    const link = { incarnation: this.#incarnation, previous, sequence }
    this.#add({ topic, partition, name }, record(link))
    this.lines.set(name, { sequence, position })
  }

  /** Says behind its records that the partition has no others up to the position. */
  tell(position: bigint, place: TopicPartition, atMs: number): void {
    const { sequence, position: previous } = this.lines.get(place.name) ?? START
    const link = { incarnation: this.#incarnation, previous, sequence }
    this.#add(place, watermarkRecord(position, link, atMs))
  }

  #add({ topic, partition, name }: TopicPartition, record: KafkaRecord): void {
    const group = this.#groups.get(name) ?? { topic, partition, records: [] }
    group.records.push(record)
    this.#groups.set(name, group)
  }

  get sendings(): readonly Sending[] {
    return [...this.#groups.values()]
  }
}

export const START: Line = { sequence: 0n, position: 0n }

/** Of one topic-partition: what goes now, and what goes behind it. */
type Going = { readonly now: Sending; readonly behind: readonly Sending[] }

/**
 * All at once; those that fail are sent again, those that are too large in two halves, one after
 * the other. `onFailure` waits before it is tried again, or throws.
 */
export async function sendAll(
  client: Pick<KafkaClient, 'produceAll'>,
  sendings: readonly Sending[],
  onFailure: (failures: number, fault: Error) => Promise<void>,
): Promise<void> {
  let left: readonly Going[] = sendings.map(now => ({ now, behind: [] }))
  let failures = 0
  while (left.length > 0) {
    const faults = await client.produceAll(left.map(({ now }) => now))
    const before = left
    left = before.flatMap((going, n) => afterwards(going, faults[n] ?? null))
    const fault = faults.find((found, n) => found != null && !divisible(before[n], found))
    if (fault == null) continue
    failures += 1
    await onFailure(failures, fault)
  }
}

function afterwards(going: Going, fault: Error | null): readonly Going[] {
  if (fault === null)
    return going.behind.slice(0, 1).map(now => ({ now, behind: going.behind.slice(1) }))
  if (!divisible(going, fault)) return [going]
  const { records, ...place } = going.now
  const half = Math.ceil(records.length / 2)
  const rest = { ...place, records: records.slice(half) }
  return [{ now: { ...place, records: records.slice(0, half) }, behind: [rest, ...going.behind] }]
}

/** The limit of a topic is one of all records of a send together. */
function divisible(going: Going | undefined, fault: Error): boolean {
  const tooLarge = fault instanceof Fault && fault.code === 'too-large'
  return tooLarge && going !== undefined && going.now.records.length > 1
}

/** Records numbered for their topic-partitions, and sent until they are acknowledged. */
import type { Uuid } from '@tongchou/contracts/id.ts'
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
    const group = this.#groups.get(name) ?? { topic, partition, records: [] }
    group.records.push(record({ incarnation: this.#incarnation, previous, sequence }))
    this.#groups.set(name, group)
    this.lines.set(name, { sequence, position })
  }

  /** Says behind its records that the partition has no others up to the position. */
  tell(position: bigint, { topic, partition, name }: TopicPartition, atMs: number): void {
    const { sequence, position: previous } = this.lines.get(name) ?? START
    const group = this.#groups.get(name) ?? { topic, partition, records: [] }
    const link = { incarnation: this.#incarnation, previous, sequence }
    group.records.push(watermarkRecord(position, link, atMs))
    this.#groups.set(name, group)
  }

  get sendings(): readonly Sending[] {
    return [...this.#groups.values()]
  }
}

export const START: Line = { sequence: 0n, position: 0n }

/** All at once; those that fail are sent again. `onFailure` waits before that, or throws. */
export async function sendAll(
  client: Pick<KafkaClient, 'produceAll'>,
  sendings: readonly Sending[],
  onFailure: (failures: number, fault: Error) => Promise<void>,
): Promise<void> {
  let left = sendings
  for (let failures = 1; left.length > 0; failures++) {
    const faults = await client.produceAll(left)
    left = left.filter((_, n) => faults[n] !== null)
    const fault = faults.find(found => found !== null)
    if (fault != null) await onFailure(failures, fault)
  }
}

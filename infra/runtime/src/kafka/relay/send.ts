/** Records numbered for their topic-partitions, and sent until they are acknowledged. */
import type { Uuid } from '@tongchou/contracts/id.ts'
import { errorFrom } from '../../service/fault.ts'
import type { KafkaClient, KafkaRecord } from '../client.ts'
import { type Line, lineName } from './marks.ts'
import type { Outgoing } from './outgoing.ts'

/** What goes to one topic-partition in one request. */
export type Sending = {
  readonly topic: string
  readonly partition: number
  readonly records: readonly KafkaRecord[]
}

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

  get sendings(): readonly Sending[] {
    return [...this.#groups.values()]
  }
}

export const START: Line = { sequence: 0n, position: 0n }

/**
 * One request for each partition, all at once; those that fail are sent again by themselves.
 * `onFailure` waits before that, or throws.
 */
export async function sendAll(
  client: Pick<KafkaClient, 'produce'>,
  sendings: readonly Sending[],
  onFailure: (failures: number, fault: Error) => Promise<void>,
): Promise<void> {
  let left = sendings
  for (let failures = 1; left.length > 0; failures++) {
    const sent = left
    const outcomes = await Promise.allSettled(
      sent.map(({ topic, partition, records }) => client.produce(topic, partition, records)),
    )
    left = sent.filter((_, n) => outcomes[n]?.status === 'rejected')
    const failed = outcomes.find(outcome => outcome.status === 'rejected')
    if (failed !== undefined) await onFailure(failures, errorFrom(failed.reason))
  }
}

/** Records that a reader misses, made once more. */
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { KafkaRecord } from '../client.ts'
import type { Again, Line } from './marks.ts'
import type { Outgoing } from './outgoing.ts'
import type { RelayOptions } from './relay.ts'

const PAGE = 1000

/**
 * Records of one topic-partition behind a position, up to the last one sent, with the numbers they
 * had: its readers go on where they miss one.
 */
export async function recordsBehind(
  { store, types, outgoing }: Pick<RelayOptions, 'store' | 'types' | 'outgoing'>,
  { topic, partition, after }: Again,
  line: Line,
  incarnation: Uuid,
): Promise<readonly KafkaRecord[]> {
  const found: { readonly position: bigint; readonly out: Outgoing }[] = []
  for (let at = after; at < line.position; ) {
    const page = await store.readAll(at, PAGE, types)
    for (const event of page) {
      if (event.position > line.position || !types.has(event.type)) continue
      for (const out of outgoing(event)) {
        const wanted = out.topic === topic && out.partition === partition
        if (wanted) found.push({ position: event.position, out })
      }
    }
    at = page.at(-1)?.position ?? line.position
  }
  const first = line.sequence - BigInt(found.length) + 1n
  return found.map(({ out }, n) =>
    out.record({
      incarnation,
      previous: found[n - 1]?.position ?? after,
      sequence: first + BigInt(n),
    }),
  )
}

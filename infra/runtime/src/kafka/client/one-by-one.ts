/** Several sends, each a request of its own: what one comes to is nothing to the others. */
import { errorFrom } from '../../service/fault.ts'
import type { KafkaClient, Sending } from '../client.ts'

export async function oneByOne(
  client: Pick<KafkaClient, 'produce'>,
  sendings: readonly Sending[],
): Promise<readonly (Error | null)[]> {
  const outcomes = await Promise.allSettled(
    sendings.map(({ topic, partition, records }) => client.produce(topic, partition, records)),
  )
  return outcomes.map(outcome =>
    outcome.status === 'fulfilled' ? null : errorFrom(outcome.reason),
  )
}

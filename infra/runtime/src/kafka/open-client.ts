/** The client that the settings ask for; the library is loaded only then. */
import type { KafkaConfig } from '../config/kafka.ts'
import type { KafkaClient, KafkaClientOptions } from './client.ts'

export async function openKafkaClient(
  config: KafkaConfig,
  brokers: readonly string[],
  names: readonly string[],
): Promise<KafkaClient> {
  const { mechanism, username, password, sendTimeoutMs, sessionTimeoutMs } = config
  const known = username !== null && password !== null
  if (mechanism !== 'none' && !known) {
    const what = `TONGCHOU_KAFKA_SASL=${mechanism}`
    throw new Error(`${what}: set TONGCHOU_KAFKA_USERNAME and TONGCHOU_KAFKA_PASSWORD, too`)
  }
  const options: KafkaClientOptions = {
    brokers,
    clientId: `tongchou.${names.length === 1 ? names[0] : 'services'}`,
    sendTimeoutMs,
    sessionTimeoutMs,
    tls: config.tls === 'on',
    ...(mechanism !== 'none' && known ? { sasl: { mechanism, username, password } } : {}),
  }
  if (config.client === 'kafkajs') {
    const { openKafkajs } = await import('./client/kafkajs.ts')
    return openKafkajs(options)
  }
  const { openPlatformatic } = await import('./client/platformatic.ts')
  return openPlatformatic(options)
}

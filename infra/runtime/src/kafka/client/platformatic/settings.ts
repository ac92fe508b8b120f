/** What all clients of @platformatic/kafka are opened with. */
import type { BaseOptions } from '@platformatic/kafka'
import type { KafkaClientOptions } from '../../client.ts'

const CONNECT_MS = 2000
const RETRIES = 3
const RETRY_MS = 250
const SASL = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const

let opened = 0
const retried = new WeakMap<object, { readonly error: Error; readonly atMs: number }>()

/** Over what the client tries again, while it has not told anybody: of the last so many ms. */
export function seenBy(client: object, lastMs: number): Error | null {
  const found = retried.get(client)
  return found !== undefined && performance.now() - found.atMs <= lastMs ? found.error : null
}

/** Each one asks another broker first, because the first one of the list may be frozen. */
export function settingsOf(options: KafkaClientOptions, answerMs: number): BaseOptions {
  const { brokers, clientId, sasl, tls } = options
  opened += 1
  const at = opened % brokers.length
  return {
    clientId,
    bootstrapBrokers: [...brokers.slice(at), ...brokers.slice(0, at)],
    connectTimeout: CONNECT_MS,
    timeout: answerMs,
    requestTimeout: answerMs,
    retries: RETRIES,
    retryDelay: (client, _operation, _attempt, _retries, error) => {
      retried.set(client, { error, atMs: performance.now() })
      return RETRY_MS
    },
    autocreateTopics: false,
    ...(tls === true ? { tls: {} } : {}),
    ...(sasl === undefined ? {} : { sasl: { ...sasl, mechanism: SASL[sasl.mechanism] } }),
  }
}

/**
 * What a client throws for an error of its library: what was asked, why it failed, and which
 * setting or right is to be changed. Pure.
 */
import { Fault } from '../../service/fault.ts'
import type { KafkaClientOptions, KafkaRecord, TopicSpec } from '../client.ts'

/** What was asked of the brokers. */
export type Asked = {
  /** Begins the message: a topic, a partition, a group. */
  readonly what: string
  /** Rights without which brokers refuse it. */
  readonly needs: Needs
  readonly client: Pick<KafkaClientOptions, 'sasl' | 'tls'>
  /** What was seen on the way that the library keeps to itself. */
  readonly seen?: Error | null
  /** What was to be sent. */
  readonly records?: readonly KafkaRecord[]
  /** False where trying again cannot cure it. */
  readonly retryable?: boolean
}

export type Needs = {
  /** As Kafka calls them: `Write on topic a`. */
  readonly topic: string
  readonly group?: string
}

const TOO_LARGE: readonly string[] = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']
/** What trying again cannot cure; nothing of such a send is stored. */
const REFUSED: readonly string[] = [
  ...TOO_LARGE,
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_RECORD',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]

/** A Fault is what it was before, unless something was seen that says more than a time-out. */
export function faultOf(error: unknown, asked: Asked): Fault {
  const seen = asked.seen ?? null
  const isFault = error instanceof Fault
  if (isFault && (error.code !== 'timeout' || seen === null)) return error
  const causes = [error, ...(seen === null ? [] : [seen])]
  const signs = new Set(causes.flatMap(cause => signsIn(cause)))
  const advice = ADVICE.find(({ when }) => when.some(sign => signs.has(sign)))?.say(asked) ?? null
  const said = seen !== null && isFault ? messageIn(seen) : messageIn(error)
  const text = `${asked.what}: ${said.replace(/\.$/, '')}${advice === null ? '' : `; ${advice}`}`
  const retryable = asked.retryable ?? !REFUSED.some(sign => signs.has(sign))
  const code = TOO_LARGE.some(sign => signs.has(sign)) ? 'too-large' : 'unavailable'
  return new Fault(code, text, { cause: error, retryable })
}

/** A request off the hot path: names the brokers, too. */
export function askedInVain(
  error: unknown,
  { what, client, ...asked }: Asked & { readonly client: KafkaClientOptions },
): Fault {
  const at = `${what}: Kafka at ${client.brokers.join(',')}`
  if (error instanceof Fault && error.code === 'timeout' && asked.seen == null) {
    return new Fault('unavailable', `${at}: ${error.message}`, { cause: error })
  }
  return faultOf(error, { ...asked, client, what: at, retryable: true })
}

/** Why there is no such topic. Where it may not be seen it counts as missing, too. */
export function notMade(error: unknown, name: string, client: KafkaClientOptions): Fault {
  const needs = { topic: `Describe and, while it is not there, Create on topic ${name}` }
  const what = `topic ${name}`
  return askedInVain(error, { what, needs, client })
}

export function names(specs: readonly TopicSpec[]): string {
  return specs.map(({ name }) => name).join(', ')
}

/** Of a member of a group. */
export function needsOf({
  group,
  topic,
}: {
  readonly group: string
  readonly topic: string
}): Needs {
  return { topic: `Read on topic ${topic}`, group: `Read on group ${group}` }
}

/** What a text of a library's log tells, of which the error itself is not to be had. */
export function adviceIn(text: string, asked: Omit<Asked, 'what'>): string | null {
  const found = ADVICE.find(({ log }) => log?.test(text) === true)
  return found?.say({ ...asked, what: '' }) ?? null
}

/** Messages of what stands behind an error say more than its own. */
export function messageIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const behind: unknown = error instanceof AggregateError ? error.errors.at(-1) : error.cause
  return behind instanceof Error ? messageIn(behind) : error.message
}

const DEPTH_MAX = 8

/** Names by which libraries, the protocol and Node know an error and what stands behind it. */
export function signsIn(error: unknown, depth = DEPTH_MAX): readonly string[] {
  if (typeof error !== 'object' || error === null || depth === 0) return []
  const fields = error as Readonly<Record<string, unknown>>
  const own = ['name', 'type', 'apiId', 'code', 'message'].map(field => fields[field])
  const { errors, cause, originalError } = fields
  const behind = [...(Array.isArray(errors) ? errors : []), cause, originalError]
  const texts = own.filter(value => typeof value === 'string')
  return [...texts, ...behind.flatMap(each => signsIn(each, depth - 1))]
}

type Advice = {
  /** Any of these signs; the first advice that fits is given. */
  readonly when: readonly string[]
  readonly log?: RegExp
  readonly say: (asked: Asked) => string | null
}

/** Says a socket that got a TLS alert for an answer. */
export const TLS_WANTED = 'an answer in TLS'
const PROOF = 'TONGCHOU_KAFKA_USERNAME and TONGCHOU_KAFKA_PASSWORD'

const ADVICE: readonly Advice[] = [
  {
    when: ['UNSUPPORTED_SASL_MECHANISM'],
    say: ({ client }) =>
      `${saslOf(client)} is not what the brokers offer at this address: choose another mechanism`,
  },
  {
    when: ['ILLEGAL_SASL_STATE'],
    say: ({ client }) =>
      `at this address the brokers take no credentials, ${saslOf(client)}: set it to none, or ` +
      'name the port that takes them in TONGCHOU_KAFKA',
  },
  {
    when: ['KafkaJSSASLAuthenticationError', 'SASL_AUTHENTICATION_FAILED'],
    log: /SASL .*authentication failed/i,
    say: ({ client }) =>
      `the brokers do not accept ${PROOF} by ${saslOf(client)}: correct them or have the user made`,
  },
  {
    when: ['Broker requires TLS.', TLS_WANTED],
    say: () => 'the brokers speak TLS at this address: set TONGCHOU_KAFKA_TLS=on',
  },
  {
    when: [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'ERR_SSL_PACKET_LENGTH_TOO_LONG',
      'TLS handshake failed. Please verify the broker supports TLS.',
      'Client network socket disconnected before secure TLS connection was established',
    ],
    say: () =>
      'TONGCHOU_KAFKA_TLS=on, but the brokers speak no TLS at this address: set it to off, or ' +
      'name the port that does in TONGCHOU_KAFKA',
  },
  {
    when: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    say: () =>
      'the certificate of the brokers is by nobody who is trusted here: set NODE_EXTRA_CA_CERTS ' +
      'to the file of its authority (PEM)',
  },
  {
    when: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    say: () => 'name the brokers in TONGCHOU_KAFKA as their certificate does',
  },
  {
    when: ['GROUP_AUTHORIZATION_FAILED'],
    log: /not authorized to access group|group authorization failed/i,
    say: asked => right(asked, asked.needs.group ?? asked.needs.topic),
  },
  {
    when: ['KafkaJSGroupCoordinatorNotFound'], // which hides why
    say: asked => `if it stays so, ${right(asked, asked.needs.group ?? asked.needs.topic)}`,
  },
  {
    when: ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'],
    log: /not authorized to access topics|(topic|cluster) authorization failed/i,
    say: asked => right(asked, asked.needs.topic),
  },
  {
    when: TOO_LARGE,
    say: ({ records = [] }) =>
      `${records.length === 1 ? 'one record' : `${records.length} records`} of ` +
      `${bytesOf(records)} bytes and its framing: raise max.message.bytes of the topic above that`,
  },
  {
    when: ['KafkaJSConnectionClosedError', 'Connection closed'],
    say: ({ client }) =>
      client.sasl !== undefined
        ? null
        : 'if it stays so, the brokers want credentials (TONGCHOU_KAFKA_SASL, ' +
          'TONGCHOU_KAFKA_USERNAME, TONGCHOU_KAFKA_PASSWORD) or TLS (TONGCHOU_KAFKA_TLS)',
  },
  {
    when: ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
    say: () => 'start the brokers, or correct the address in TONGCHOU_KAFKA',
  },
]

function right({ client }: Asked, needs: string): string {
  const { sasl } = client
  const user = sasl === undefined ? 'who comes without credentials' : `user ${sasl.username}`
  return `give ${user} ${needs}`
}

function saslOf({ sasl }: Asked['client']): string {
  return `TONGCHOU_KAFKA_SASL=${sasl?.mechanism ?? 'none'}`
}

/** Keys, values and headers; what the broker counts is a little more. */
function bytesOf(records: readonly KafkaRecord[]): number {
  let bytes = 0
  for (const { key, value, headers } of records) {
    bytes += (key?.length ?? 0) + (value?.length ?? 0)
    for (const [name, header] of Object.entries(headers)) bytes += name.length + header.length
  }
  return bytes
}

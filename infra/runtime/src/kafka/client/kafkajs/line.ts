/**
 * One kafkajs instance for one producer, consumer or admin, so that it can be cut: kafkajs goes on
 * with its retries after its caller has given up, and what is retired must not send any more.
 */
import net from 'node:net'
import tls from 'node:tls'
import {
  type ISocketFactory,
  type ISocketFactoryArgs,
  Kafka,
  type KafkaConfig,
  type LogEntry,
  logLevel,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs'
import type { KafkaClientOptions } from '../../client.ts'
import { TLS_WANTED } from '../fault-of.ts'
import { installGuards, retire } from './guards.ts'

export type LineOptions = Pick<KafkaClientOptions, 'brokers' | 'clientId' | 'sasl' | 'tls'> & {
  readonly requestTimeoutMs: number
  readonly retry: RetryOptions
  /** Errors that kafkajs would have written to the console. */
  readonly onLog?: (entry: LogEntry) => void
}

const CONNECT_MS = 2000
const KEEP_ALIVE_MS = 60_000
const RETRY_MS = 100
const CUT = new Error('cut')
/** With it begins no answer of Kafka that is shorter than 350 MB. */
const TLS_ALERT = 0x15
const RETRY_MS_MAX = 1000

/** Goes on for about this time, each attempt not counted. */
export function retryFor(ms: number): RetryOptions {
  const retries = Math.ceil(ms / RETRY_MS_MAX) + 4
  return { retries, initialRetryTime: RETRY_MS, maxRetryTime: RETRY_MS_MAX }
}

let lines = 0

/**
 * kafkajs asks the first broker of the list first, and one that is frozen for ever: so each line
 * begins with another one.
 */
function rotated(brokers: readonly string[]): string[] {
  lines += 1
  const at = lines % brokers.length
  return [...brokers.slice(at), ...brokers.slice(0, at)]
}

export class Line {
  readonly kafka: Kafka
  readonly #sockets = new Set<net.Socket>()
  readonly #factory: ISocketFactory = given => this.#connect(given)
  #seen: Error | null = null

  constructor(options: LineOptions) {
    installGuards()
    const { onLog } = options
    const config: KafkaConfig = {
      clientId: options.clientId,
      brokers: rotated(options.brokers),
      connectionTimeout: CONNECT_MS,
      authenticationTimeout: CONNECT_MS,
      requestTimeout: options.requestTimeoutMs,
      retry: options.retry,
      logLevel: logLevel.ERROR,
      logCreator: () => entry => onLog?.(entry),
      socketFactory: this.#factory,
      ssl: options.tls ?? false,
    }
    const sasl = saslOf(options)
    this.kafka = new Kafka(sasl === undefined ? config : { ...config, sasl })
  }

  /** What the last connection ended with, which kafkajs keeps to itself while it tries again. */
  get seen(): Error | null {
    return this.#seen
  }

  /** Nothing goes out over it any more. */
  cut(): void {
    retire(this.#factory)
    // With an error, because kafkajs does not hear of a socket that only closes.
    for (const socket of this.#sockets) socket.destroy(CUT)
  }

  #connect({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
    const name = net.isIP(host) === 0 ? { servername: host } : {}
    const socket = ssl
      ? tls.connect({ host, port, ...name, ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.setNoDelay(true)
    this.#sockets.add(socket)
    socket.once('data', (answer: Buffer) => {
      this.#seen = !ssl && answer[0] === TLS_ALERT ? new Error(TLS_WANTED) : null
    })
    socket.once('error', error => {
      if (error !== CUT) this.#seen = error
    })
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }
}

function saslOf({ sasl }: Pick<KafkaClientOptions, 'sasl'>): SASLOptions | undefined {
  return sasl === undefined ? undefined : { ...sasl }
}

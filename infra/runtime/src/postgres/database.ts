/**
 * Connections to one PostgreSQL database: pooled readers whose plans do not go stale, connections
 * of its own for each writer, one listener. Every session has time-outs, so that a frozen client is
 * recovered from.
 */
import { Socket } from 'node:net'
import { Client, type ClientConfig, Pool } from 'pg'
import { Listener } from './listener.ts'
import { retrying } from './retry.ts'

export type DatabaseOptions = {
  readonly url: string
  readonly applicationName?: string
  /** Connections for reads, at most. */
  readonly readers?: number
  /** How long a read or a commit is tried before Fault `unavailable`. */
  readonly unavailableMs?: number
  /**
   * Limits of the session: waiting for a lock, one statement, an open transaction in which nothing
   * happens.
   */
  readonly lockTimeoutMs?: number
  readonly statementTimeoutMs?: number
  readonly idleInTransactionMs?: number
  /** Between two notices to other processes; what is said meanwhile goes in one. */
  readonly noticeEveryMs?: number
}

export type Limits = Required<Omit<DatabaseOptions, 'url' | 'applicationName'>>

const LIMITS: Limits = {
  readers: 4,
  unavailableMs: 5000,
  lockTimeoutMs: 2000,
  statementTimeoutMs: 4000,
  idleInTransactionMs: 2000,
  noticeEveryMs: 0,
}

/** A connection and the way to end it that needs no answer from the server. */
export type Session = { readonly client: Client; readonly destroy: () => void }

export function openDatabase(options: DatabaseOptions): Database {
  return new Database(options)
}

export class Database {
  readonly limits: Limits
  readonly listener: Listener
  readonly pool: Pool
  readonly #config: ClientConfig

  constructor(options: DatabaseOptions) {
    const { url, applicationName = 'tongchou', ...limits } = options
    this.limits = { ...LIMITS, ...limits }
    this.#config = {
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: Math.min(2000, this.limits.unavailableMs),
      query_timeout: this.limits.statementTimeoutMs + 500,
      keepAlive: true,
      options: sessionOptions(this.limits),
    }
    this.pool = new Pool({ ...this.#config, max: this.limits.readers, idleTimeoutMillis: 30_000 })
    // a connection that ends while idle is replaced at its next use; in use, its query tells
    this.pool.on('error', () => {})
    this.pool.on('connect', client => client.on('error', () => {}))
    this.listener = new Listener(() => this.connect(), this.limits.noticeEveryMs)
  }

  /** A connection of one's own, outside the pool. */
  async connect(): Promise<Session> {
    const socket = new Socket()
    const client = new Client({ ...this.#config, stream: () => socket })
    client.on('error', () => {}) // seen by the query in flight, or by the next one
    try {
      await client.connect()
    } catch (error) {
      socket.destroy()
      throw error
    }
    return { client, destroy: () => socket.destroy() }
  }

  /** An idempotent read: tried again while the server does not answer, then Fault `unavailable`. */
  read<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    return retrying(() => work(this.pool), performance.now() + this.limits.unavailableMs)
  }

  async close(): Promise<void> {
    await Promise.all([this.listener.close(), this.pool.end()])
  }
}

/** Index scans only: a generic plan made while a table was empty is then right for ever. */
function sessionOptions(limits: Limits): string {
  const settings = {
    lock_timeout: limits.lockTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
    enable_seqscan: 'off',
    enable_bitmapscan: 'off',
    jit: 'off',
  }
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

/**
 * The store in PostgreSQL: one schema per service, positions from one head row, single-statement
 * group commit.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Session,
} from '../postgres/database.ts'
import { retrying } from '../postgres/retry.ts'
import { isGone } from '../postgres/sqlstate.ts'
import { checkAppends, checkProgress } from './checks.ts'
import type {
  Append,
  AppendOutcome,
  EventStore,
  Progress,
  StoredEvent,
  StoreHead,
  StreamName,
  TypesRange,
} from './port.ts'
import { Committer, type CommitterLimits, type Work } from './postgres/committer.ts'
import { migrateStore } from './postgres/migrate.ts'
import { PostgresProgress } from './postgres/progress.ts'
import { Reader } from './postgres/reader.ts'
import {
  appendStatement,
  consumeStatement,
  type OutcomeRow,
  outcomesFrom,
} from './postgres/statement.ts'
import { RecentEvents } from './recent.ts'

export type PostgresStoreOptions = Partial<CommitterLimits> & {
  /** A database that several stores share, or the address of one of its own. */
  readonly database: Database | DatabaseOptions
  /** Schema of the service: its name. Created when missing. */
  readonly schema: string
  /** Newest events kept in memory for this process's consumers. */
  readonly recent?: { readonly maxEvents?: number; readonly maxBytes?: number }
}

/** Creates what is missing in the database, then opens. Throws Fault `unavailable`. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const shared = 'pool' in options.database
  const database = shared
    ? (options.database as Database)
    : openDatabase(options.database as DatabaseOptions)
  try {
    await retrying(async () => {
      const session = await database.connect()
      await migrateStore(session, options.schema).finally(session.destroy)
    }, performance.now() + database.limits.unavailableMs)
    const reader = new Reader(database, options.schema, new RecentEvents(options.recent))
    const { incarnation } = await reader.head()
    return new PostgresStore({ ...options, database, shared, reader, incarnation })
  } catch (error) {
    if (!shared) await database.close()
    throw error
  }
}

type Parts = PostgresStoreOptions & {
  readonly database: Database
  readonly shared: boolean
  readonly reader: Reader
  readonly incarnation: Uuid
}

export class PostgresStore implements EventStore {
  readonly incarnation: Uuid
  readonly progress: PostgresProgress
  readonly schema: string
  readonly #parts: Parts
  readonly #committer: Committer
  readonly #listeners = new Set<(position: bigint) => void>()
  readonly #unlisten: () => void
  #writer: Session | null = null
  #seen = 0n

  constructor(parts: Parts) {
    this.#parts = parts
    this.schema = parts.schema
    this.incarnation = parts.incarnation
    this.progress = new PostgresProgress(parts.database, parts.schema)
    this.#committer = new Committer((work, deadlineMs) => this.#execute(work, deadlineMs), {
      maxEvents: parts.maxEvents ?? 1000,
      maxBytes: parts.maxBytes ?? 4 * 1024 * 1024,
      maxQueuedEvents: parts.maxQueuedEvents ?? 50_000,
      maxQueuedBytes: parts.maxQueuedBytes ?? 64 * 1024 * 1024,
      unavailableMs: parts.unavailableMs ?? parts.database.limits.unavailableMs,
    })
    this.#unlisten = parts.database.listener.listen(parts.schema, payload => this.#notice(payload))
  }

  async append(
    appends: readonly Append[],
    progress: readonly Progress[] = [],
  ): Promise<readonly AppendOutcome[]> {
    checkAppends(appends)
    checkProgress(progress, appends)
    if (appends.length === 0 && progress.length === 0) return []
    return this.#committer.submit({ appends, progress })
  }

  /**
   * One statement, tried again on a new connection until the deadline: doing it twice is doing it
   * once.
   */
  async #execute(work: Work, deadlineMs: number): Promise<readonly AppendOutcome[]> {
    const { appends, progress } = work
    const state = { incarnation: this.incarnation, seen: this.#seen }
    const statement =
      progress.length === 0
        ? appendStatement(this.schema, state, appends)
        : consumeStatement(this.schema, state, work)
    const rows = await retrying(async remainingMs => {
      this.#writer ??= await this.#parts.database.connect()
      const writer = this.#writer
      const { statementTimeoutMs } = this.#parts.database.limits
      try {
        const result = await writer.client.query<OutcomeRow & unknown[]>({
          ...statement,
          values: [...statement.values],
          rowMode: 'array',
          query_timeout: Math.min(remainingMs, statementTimeoutMs + 500),
        } as never)
        return result.rows as unknown as OutcomeRow[]
      } catch (error) {
        if (isGone(error)) this.#dropWriter()
        throw error
      }
    }, deadlineMs)
    const outcomes = outcomesFrom(appends, rows)
    this.progress.committed(progress)
    this.#remember(appends, outcomes)
    return outcomes
  }

  #remember(appends: readonly Append[], outcomes: readonly AppendOutcome[]): void {
    let newest = 0n
    outcomes.forEach((outcome, index) => {
      const append = appends[index]
      if (outcome.status !== 'appended' || append === undefined) return
      const { stream, expected, events, hashes } = append
      events.forEach((event, offset) => {
        const position = outcome.position + BigInt(offset)
        const version = expected.version + offset + 1
        const hash = hashes[offset] ?? expected.hash
        const { attachment, ...bare } = event
        this.#parts.reader.recent.add({ ...bare, position, stream, version, hash }, true)
        newest = position
      })
    })
    if (newest === 0n) return
    this.#signal(newest)
    this.#parts.database.listener.notify(this.schema, newest.toString())
  }

  readStreams(
    streams: readonly StreamName[],
  ): Promise<ReadonlyMap<StreamName, readonly StoredEvent[]>> {
    return this.#parts.reader.readStreams(streams)
  }

  readLast(streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, StoredEvent>> {
    return this.#parts.reader.readLast(streams)
  }

  readAll(
    after: bigint,
    limit: number,
    only?: ReadonlySet<EventType>,
  ): Promise<readonly StoredEvent[]> {
    return this.#parts.reader.readAll(after, limit, only)
  }

  readTypes(types: ReadonlySet<EventType>, range: TypesRange): Promise<readonly StoredEvent[]> {
    return this.#parts.reader.readTypes(types, range)
  }

  readAttachment(position: bigint): Promise<Buffer | undefined> {
    return this.#parts.reader.readAttachment(position)
  }

  head(): Promise<StoreHead> {
    return this.#parts.reader.head()
  }

  onAppend(listener: (position: bigint) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Events that wait for a commit. */
  get queuedEvents(): number {
    return this.#committer.queuedEvents
  }

  async close(): Promise<void> {
    this.#unlisten()
    await this.#committer.close()
    this.#listeners.clear()
    await this.#writer?.client.end().catch(() => {})
    this.#dropWriter()
    if (!this.#parts.shared) await this.#parts.database.close()
  }

  #dropWriter(): void {
    this.#writer?.destroy()
    this.#writer = null
  }

  /** A reconnected listener may have missed something: look where the log ends. */
  #notice(payload: string | null): void {
    if (payload !== null) this.#signal(BigInt(payload))
    else
      this.head()
        .then(({ position }) => this.#signal(position))
        .catch(() => {})
  }

  #signal(position: bigint): void {
    if (position <= this.#seen) return
    this.#seen = position
    this.#parts.reader.newest = position
    for (const listener of this.#listeners) listener(position)
  }
}

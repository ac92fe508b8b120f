/** Reads of one store: whole streams, pages by position, the head. All idempotent, all by index. */
import { assert } from '@tongchou/contracts/decision.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { copyOut } from '../../postgres/copy-out.ts'
import type { Database } from '../../postgres/database.ts'
import { Fault } from '../../service/fault.ts'
import type { StoredEvent, StoreHead, StreamName, TypesRange } from '../port.ts'
import type { RecentEvents } from '../recent.ts'
import { EVENT_COLUMNS, type EventRow, eventFrom, eventFromCopy } from './rows.ts'

/** From this many rows on a copy costs less than a prepared query with bytes in hex. */
const COPY_FROM_ROWS = 20

type Only = ReadonlySet<EventType> | undefined

type Inflight = { readonly after: bigint; readonly limit: number; readonly done: Promise<unknown> }

export class Reader {
  readonly recent: RecentEvents
  /** Newest position known to exist. */
  newest = 0n
  readonly #database: Database
  readonly #schema: string
  #inflight: Inflight | null = null
  /** Types that any consumer of this process wants: what is fetched for one serves the others. */
  #wanted: Only = new Set()

  constructor(database: Database, schema: string, recent: RecentEvents) {
    this.#database = database
    this.#schema = schema
    this.recent = recent
  }

  async head(): Promise<StoreHead> {
    const text = `select h.incarnation, h.pos from ${this.#schema}.head h where h.id = 1`
    const [row] = await this.#query<readonly [string, string]>('head', text, [])
    if (row === undefined) throw new Fault('hole', `store ${this.#schema} has no head`)
    const position = BigInt(row[1])
    if (position > this.newest) this.newest = position
    return { incarnation: row[0] as Uuid, position }
  }

  async readStreams(
    streams: readonly StreamName[],
  ): Promise<ReadonlyMap<StreamName, readonly StoredEvent[]>> {
    const found = new Map<StreamName, StoredEvent[]>()
    if (streams.length === 0) return found
    const text = `select ${EVENT_COLUMNS}, e.meta, e.data
      from unnest($1::text[]) s (stream)
      cross join lateral (
        select * from ${this.#schema}.event x where x.stream = s.stream order by x.version
      ) e`
    const rows = await this.#query<EventRow>('streams', text, [[...new Set(streams)]])
    for (const row of rows) {
      const event = eventFrom(row)
      const events = found.get(event.stream)
      if (events === undefined) found.set(event.stream, [event])
      else events.push(event)
    }
    for (const [stream, events] of found) {
      assertVersions(stream, events)
      const last = events.at(-1)
      if (last !== undefined) events[events.length - 1] = withOwnHash(last)
    }
    return found
  }

  async readLast(streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, StoredEvent>> {
    if (streams.length === 0) return new Map()
    const text = `select ${EVENT_COLUMNS}, e.meta, e.data
      from unnest($1::text[]) s (stream)
      cross join lateral (
        select * from ${this.#schema}.event x
        where x.stream = s.stream order by x.version desc limit 1
      ) e`
    const rows = await this.#query<EventRow>('last', text, [[...new Set(streams)]])
    return new Map(rows.map(eventFrom).map(event => [event.stream, withOwnHash(event)]))
  }

  async readAttachment(position: bigint): Promise<Buffer | undefined> {
    const text = `select t.bytes from ${this.#schema}.attachment t where t.pos = $1`
    const [row] = await this.#query<readonly [Buffer]>('attachment', text, [position.toString()])
    return row?.[0]
  }

  async readAll(after: bigint, limit: number, only: Only): Promise<readonly StoredEvent[]> {
    for (;;) {
      const known = this.recent.read(after, limit, only)
      if (known.length > 0 || limit <= 0) return known
      const inflight = this.#inflight
      if (inflight === null || !covers(inflight, after)) break
      await inflight.done // another consumer is fetching these rows
      if (this.#inflight === inflight) this.#inflight = null
    }
    const done = this.#fetch(after, this.recent.gap(after, limit, only), this.#union(only))
    const inflight = { after, limit, done: done.catch(() => {}) }
    this.#inflight = inflight
    try {
      return await done
    } finally {
      if (this.#inflight === inflight) this.#inflight = null
    }
  }

  #union(only: Only): Only {
    const known = this.#wanted
    if (only === undefined || known === undefined) this.#wanted = undefined
    else if ([...only].some(type => !known.has(type))) this.#wanted = new Set([...known, ...only])
    return this.#wanted
  }

  async #fetch(after: bigint, limit: number, only: Only): Promise<StoredEvent[]> {
    const awaited = this.newest > after ? Number(this.newest - after) : 0
    const many = Math.min(limit, awaited) >= COPY_FROM_ROWS
    const events = await (many ? this.#copy(after, limit, only) : this.#select(after, limit, only))
    assertDense(this.#schema, after, events)
    for (const event of events) this.recent.add(event, only === undefined || only.has(event.type))
    return events
  }

  async #select(after: bigint, limit: number, only: Only): Promise<StoredEvent[]> {
    const text = this.#pageQuery('$1', '$2', only === undefined ? null : '$3::text[]')
    const values = [after.toString(), limit, ...(only === undefined ? [] : [[...only]])]
    const rows = await this.#query<EventRow>(only === undefined ? 'all' : 'some', text, values)
    return rows.map(eventFrom)
  }

  #copy(after: bigint, limit: number, only: Only): Promise<StoredEvent[]> {
    const types = only === undefined ? null : `'{${[...only].map(word).join(',')}}'::text[]`
    return this.#copyEvents(this.#pageQuery(after.toString(), limit.toString(), types))
  }

  /**
   * By the partial index of rare types where there is one: the types stand in the text for that.
   */
  readTypes(
    types: ReadonlySet<EventType>,
    { after, upTo, limit }: TypesRange,
  ): Promise<readonly StoredEvent[]> {
    const names = [...types].map(type => `'${word(type)}'`)
    return this.#copyEvents(`select ${EVENT_COLUMNS}, e.meta, e.data from ${this.#schema}.event e
      where e.type in (${names.join(', ')}) and e.pos > ${after} and e.pos <= ${upTo}
      order by e.pos limit ${limit}`)
  }

  #copyEvents(text: string): Promise<StoredEvent[]> {
    return this.#database.read(async pool => {
      const client = await pool.connect()
      try {
        const events: StoredEvent[] = []
        await copyOut(client, text, row => events.push(eventFromCopy(row)))
        client.release()
        return events
      } catch (error) {
        client.release(true)
        throw error
      }
    })
  }

  #pageQuery(after: string, limit: string, types: string | null): string {
    const bytes =
      types === null
        ? 'e.meta, e.data'
        : 'case when w.wanted then e.meta end, case when w.wanted then e.data end'
    const wanted = types === null ? '' : `, lateral (select e.type = any(${types}) as wanted) w`
    return `select ${EVENT_COLUMNS}, ${bytes}
      from ${this.#schema}.event e${wanted} where e.pos > ${after} order by e.pos limit ${limit}`
  }

  #query<Row>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const query = {
      name: `${this.#schema}.${name}`,
      text,
      values: [...values],
      rowMode: 'array' as const,
    }
    return this.#database.read(async pool => (await pool.query(query)).rows as unknown as Row[])
  }
}

/** Goes into SQL text, so it may only be the name of an event type. */
function word(type: string): string {
  assert(/^[A-Za-z]+$/.test(type), `not an event type: ${type}`)
  return type
}

function covers({ after, limit }: Inflight, wanted: bigint): boolean {
  return wanted >= after && wanted < after + BigInt(limit)
}

/** Throws Fault `hole`: a missing position is corruption and never passed over (law 5). */
function assertDense(schema: string, after: bigint, events: readonly StoredEvent[]): void {
  let expected = after + 1n
  for (const { position } of events) {
    if (position !== expected) {
      throw new Fault(
        'hole',
        `store ${schema}: position ${expected} is missing, ${position} follows`,
      )
    }
    expected += 1n
  }
}

/** Heads are kept for long: their hash must not keep a whole slab of other bytes in memory. */
function withOwnHash(event: StoredEvent): StoredEvent {
  const hash = Buffer.allocUnsafeSlow(event.hash.length)
  event.hash.copy(hash)
  return { ...event, hash }
}

function assertVersions(stream: StreamName, events: readonly StoredEvent[]): void {
  events.forEach(({ version }, index) => {
    if (version !== index + 1) throw new Fault('hole', `${stream}: version ${index + 1} is missing`)
  })
}

/** Reads of one store: whole streams, pages by position, the head. All idempotent, all by index. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Database } from '../../postgres/database.ts'
import { Fault } from '../../service/fault.ts'
import type { StoredEvent, StoreHead, StreamName } from '../port.ts'
import type { RecentEvents } from '../recent.ts'
import { EVENT_COLUMNS, type EventRow, eventFrom } from './rows.ts'

type Only = ReadonlySet<EventType> | undefined

type Inflight = { readonly after: bigint; readonly limit: number; readonly done: Promise<unknown> }

export class Reader {
  readonly recent: RecentEvents
  readonly #database: Database
  readonly #schema: string
  #inflight: Inflight | null = null

  constructor(database: Database, schema: string, recent: RecentEvents) {
    this.#database = database
    this.#schema = schema
    this.recent = recent
  }

  async head(): Promise<StoreHead> {
    const text = `select h.incarnation, h.pos from ${this.#schema}.head h where h.id = 1`
    const [row] = await this.#query<readonly [string, string]>('head', text, [])
    if (row === undefined) throw new Fault('hole', `store ${this.#schema} has no head`)
    return { incarnation: row[0] as Uuid, position: BigInt(row[1]) }
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
    for (const [stream, events] of found) assertVersions(stream, events)
    return found
  }

  async readLast(streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, StoredEvent>> {
    if (streams.length === 0) return new Map()
    const text = `select ${EVENT_COLUMNS}, e.meta, e.data
      from unnest($1::text[]) s (stream)
      cross join lateral (
        select * from ${this.#schema}.event x where x.stream = s.stream order by x.version desc limit 1
      ) e`
    const rows = await this.#query<EventRow>('last', text, [[...new Set(streams)]])
    return new Map(rows.map(eventFrom).map(event => [event.stream, event]))
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
    const done = this.#fetch(after, this.recent.gap(after, limit, only), only)
    const inflight = { after, limit, done: done.catch(() => {}) }
    this.#inflight = inflight
    try {
      return await done
    } finally {
      if (this.#inflight === inflight) this.#inflight = null
    }
  }

  async #fetch(after: bigint, limit: number, only: Only): Promise<StoredEvent[]> {
    const bytes =
      only === undefined
        ? 'e.meta, e.data'
        : 'case when w.wanted then e.meta end, case when w.wanted then e.data end'
    const wanted =
      only === undefined ? '' : ', lateral (select e.type = any($3::text[]) as wanted) w'
    const text = `select ${EVENT_COLUMNS}, ${bytes}
      from ${this.#schema}.event e${wanted} where e.pos > $1 order by e.pos limit $2`
    const values = [after.toString(), limit, ...(only === undefined ? [] : [[...only]])]
    const rows = await this.#query<EventRow>(only === undefined ? 'all' : 'some', text, values)
    const events = rows.map(eventFrom)
    assertDense(this.#schema, after, events)
    for (const event of events) this.recent.add(event, only === undefined || only.has(event.type))
    return events
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

function assertVersions(stream: StreamName, events: readonly StoredEvent[]): void {
  events.forEach(({ version }, index) => {
    if (version !== index + 1) throw new Fault('hole', `${stream}: version ${index + 1} is missing`)
  })
}

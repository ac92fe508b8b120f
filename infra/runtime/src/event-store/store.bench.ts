/**
 * How fast the Postgres store is, beside what the same server does without it: rows inserted from
 * the same binary arrays into an identical table without checks. Functions return figures; `pnpm
 * bench` prints and keeps them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { newUuid } from '@tongchou/contracts/id.ts'
import * as arrays from '../postgres/binary-arrays.ts'
import { openDatabase, type Session } from '../postgres/database.ts'
import type { Append } from './port.ts'
import { openPostgresStore, type PostgresStore } from './postgres.ts'
import { appendOf, newEvent } from './testing.ts'

export type Figure = {
  readonly eventsPerSecond: number
  readonly microsPerEvent: number
  readonly nodeMicrosPerEvent: number
  readonly postgresMicrosPerEvent: number
}

export type AppendFigures = {
  /** Rows into a table without checks: the ceiling. */
  readonly raw: Figure
  /** 300 callers, each with one event for a new stream, again and again. */
  readonly callers: Figure
  /** One caller with 300 appends a call. */
  readonly batches: Figure
  readonly callersToRaw: number
  readonly batchesToRaw: number
}

const BATCH = 300
const DATA_BYTES = 700
const META_BYTES = 150

function makeAppends(count: number): Append[] {
  const data = Buffer.alloc(DATA_BYTES, 'ClaimSubmitted of a hospital in another region ')
  const meta = Buffer.alloc(META_BYTES, 0xc3)
  return Array.from({ length: count }, (_, n) =>
    appendOf(`claim-${newUuid()}`, [newEvent({ data, meta, partition: n % 8 })]),
  )
}

/**
 * Medians of `rounds`, the cases one after the other in each round. Durability as the server is
 * set.
 */
export async function benchAppend(
  url: string,
  { events = 30_000, rounds = 3 } = {},
): Promise<AppendFigures> {
  const schema = `bench_${Date.now().toString(36)}`
  const database = openDatabase({ url })
  const store = await openPostgresStore({ database, schema })
  const session = await database.connect()
  try {
    await session.client.query(`create table ${schema}.raw (like ${schema}.event including all)`)
    const cpu = await serverCpuOf(session)
    const raw: Figure[] = []
    const callers: Figure[] = []
    const batches: Figure[] = []
    for (let round = 0; round <= rounds; round++) {
      raw.push(await measured(events, cpu, insertRaw(session, schema, makeAppends(events), round)))
      callers.push(await measured(events, cpu, appendSingly(store, makeAppends(events))))
      batches.push(await measured(events, cpu, appendInBatches(store, makeAppends(events))))
    }
    const median = (figures: Figure[]) => medianOf(figures.slice(1)) // the first round warms up
    const [r, c, b] = [median(raw), median(callers), median(batches)]
    return {
      raw: r,
      callers: c,
      batches: b,
      callersToRaw: c.eventsPerSecond / r.eventsPerSecond,
      batchesToRaw: b.eventsPerSecond / r.eventsPerSecond,
    }
  } finally {
    await session.client.query(`drop schema ${schema} cascade`)
    await session.client.end()
    await store.close()
    await database.close()
  }
}

function medianOf(figures: Figure[]): Figure {
  const sorted = figures.toSorted((a, b) => a.eventsPerSecond - b.eventsPerSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('no rounds')
  return middle
}

async function measured(
  events: number,
  serverCpu: ServerCpu,
  work: () => Promise<void>,
): Promise<Figure> {
  const [node, server, start] = [process.cpuUsage(), serverCpu(), performance.now()]
  await work()
  const micros = (performance.now() - start) * 1000
  const { user, system } = process.cpuUsage(node)
  return {
    eventsPerSecond: Math.round((events / micros) * 1e6),
    microsPerEvent: micros / events,
    nodeMicrosPerEvent: (user + system) / events,
    postgresMicrosPerEvent: (serverCpu() - server) / events,
  }
}

function insertRaw(
  { client }: Session,
  schema: string,
  appends: readonly Append[],
  round: number,
): () => Promise<void> {
  const text = `insert into ${schema}.raw (pos, at_ms, version, schema, id, partition, closes,
      stream, type, hash, meta, data)
    select * from unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::uuid[],
      $6::smallint[], $7::boolean[], $8::text[], $9::text[], $10::bytea[], $11::bytea[],
      $12::bytea[])`
  return async () => {
    for (let at = 0; at < appends.length; at += BATCH) {
      const some = appends.slice(at, at + BATCH)
      const events = some.flatMap(append => append.events)
      const first = round * appends.length + at + 1
      const values = [
        arrays.int8Array(some.map((_, index) => first + index)),
        arrays.int8Array(events.map(({ atMs }) => atMs)),
        arrays.int4Array(some.map(({ expected }) => expected.version + 1)),
        arrays.int4Array(events.map(event => event.schema)),
        arrays.uuidArray(events.map(({ id }) => id)),
        arrays.int2Array(events.map(({ partition }) => partition)),
        arrays.boolArray(events.map(({ closes }) => closes)),
        arrays.textArray(some.map(({ stream }) => stream)),
        arrays.textArray(events.map(({ type }) => type)),
        arrays.byteaArray(some.flatMap(({ hashes }) => hashes)),
        arrays.byteaArray(events.map(({ meta }) => meta)),
        arrays.byteaArray(events.map(({ data }) => data)),
      ]
      await client.query({ name: 'raw', text, values })
    }
  }
}

function appendSingly(store: PostgresStore, appends: readonly Append[]): () => Promise<void> {
  return async () => {
    let next = 0
    const caller = async (): Promise<void> => {
      for (let append = appends[next++]; append !== undefined; append = appends[next++]) {
        await store.append([append])
      }
    }
    await Promise.all(Array.from({ length: BATCH }, caller))
  }
}

function appendInBatches(store: PostgresStore, appends: readonly Append[]): () => Promise<void> {
  return async () => {
    for (let at = 0; at < appends.length; at += BATCH) {
      await store.append(appends.slice(at, at + BATCH))
    }
  }
}

export type ReadFigures = {
  /** Pages of 2,000 through `readAll`, nothing in memory. */
  readonly readAll: Figure
  /** Pages of 2,000 of which one type in four is wanted. */
  readonly readSome: Figure
}

export async function benchRead(url: string, { events = 60_000 } = {}): Promise<ReadFigures> {
  const schema = `bench_${Date.now().toString(36)}`
  const database = openDatabase({ url })
  const store = await openPostgresStore({ database, schema })
  try {
    await appendInBatches(store, makeAppends(events))()
    const session = await database.connect()
    const cpu = await serverCpuOf(session)
    await session.client.end()
    const fresh = await openPostgresStore({ database, schema, recent: { maxEvents: 1 } })
    const whole = (only?: ReadonlySet<'ClaimHeld'>) => async () => {
      for (let after = 0n; after < BigInt(events); ) {
        const page = await fresh.readAll(after, 2000, only)
        after += BigInt(page.length)
      }
    }
    await whole()()
    const readAll = await measured(events, cpu, whole())
    const readSome = await measured(events, cpu, whole(new Set(['ClaimHeld'] as const)))
    await fresh.close()
    return { readAll, readSome }
  } finally {
    await database.read(pool => pool.query(`drop schema ${schema} cascade`))
    await store.close()
    await database.close()
  }
}

/** CPU time of the server's processes in microseconds; NaN where /proc does not tell. */
type ServerCpu = () => number

async function serverCpuOf({ client }: Session): Promise<ServerCpu> {
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const server = readStat(String(rows[0].pid))?.parent
  return () => {
    if (server === undefined) return Number.NaN
    let ticks = 0
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      const stat = readStat(pid)
      if (stat?.parent === server || pid === server) ticks += stat?.ticks ?? 0
    }
    return ticks * 10_000
  }
}

function readStat(pid: string): { readonly parent: string; readonly ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: fields[1] ?? '', ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null
  }
}

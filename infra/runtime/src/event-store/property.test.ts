/** Random commands: memory and Postgres give the same answers and end with the same events. */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import fc from 'fast-check'
import { type Database, openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { Fault } from '../service/fault.ts'
import { openMemoryStore } from './memory.ts'
import type { Append, EventStore, NewEvent, ParkedMessage, Progress, StreamHead } from './port.ts'
import { openPostgresStore } from './postgres.ts'
import { appendOf, assertIntact, BYTES, readWhole } from './testing.ts'

const NAMESPACE = '6ba7b810-9dad-51d1-80b4-00c04fd430c8' as Uuid
const GROUP = 'g.c'
const TOPIC = 't.v1'
const PRODUCER = uuidFrom(NAMESPACE, 'producer')
const OTHER_PRODUCER = uuidFrom(NAMESPACE, 'another producer')

type One = {
  readonly stream: number
  /** How far the caller's idea of the stream is from the truth. */
  readonly off: number
  /** Ids come from a small set, so that retries and overlaps happen. */
  readonly ids: readonly number[]
  readonly bytes: number
  readonly closes: boolean
}

type Command =
  | { readonly kind: 'append'; readonly ones: readonly One[] }
  | { readonly kind: 'retry'; readonly back: number; readonly altered: boolean }
  | {
      readonly kind: 'consume'
      readonly ones: readonly One[]
      readonly step: number
      readonly staleEpoch: boolean
      readonly otherStore: boolean
      readonly park: readonly number[]
      readonly unpark: number | null
    }
  | { readonly kind: 'acquire'; readonly owner: string; readonly partitions: readonly number[] }
  | { readonly kind: 'release'; readonly owner: string; readonly leave: boolean }
  | { readonly kind: 'replay'; readonly key: number }

const one: fc.Arbitrary<One> = fc.record({
  stream: fc.nat(4),
  off: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: 1 })),
  ids: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 3 }),
  bytes: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(2)),
  closes: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, fc.constant(true)),
})
const ones = fc.uniqueArray(one, { maxLength: 4, selector: ({ stream }) => stream })
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), ones }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retry' as const),
      back: fc.nat(5),
      altered: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('consume' as const),
      ones,
      step: fc.integer({ min: -1, max: 4 }),
      staleEpoch: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      otherStore: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      park: fc.uniqueArray(fc.nat(5), { maxLength: 2 }),
      unpark: fc.option(fc.nat(2)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('acquire' as const),
      owner: fc.constantFrom('a', 'b', 'c'),
      partitions: fc.uniqueArray(fc.nat(PARTITIONS - 1)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('release' as const),
      owner: fc.constantFrom('a', 'b', 'c'),
      leave: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay' as const), key: fc.nat(2) }) },
)

/** What a caller knows, which is the same on both sides as long as the answers are. */
class Caller {
  readonly #store: EventStore
  readonly #sent: (readonly [readonly Append[], readonly Progress[]])[] = []
  readonly #epochs = new Map<number, number>()
  #position = 0n

  constructor(store: EventStore) {
    this.#store = store
  }

  async run(given: Command): Promise<unknown> {
    const { progress } = this.#store
    const who = { group: GROUP, topic: TOPIC, ttlMs: 60_000 }
    switch (given.kind) {
      case 'append':
        return this.#send(await this.#appends(given.ones), [])
      case 'retry': {
        const [appends, moves] = this.#sent.at(-1 - given.back) ?? [[], []]
        return this.#answer(given.altered ? appends.map(alter) : appends, moves)
      }
      case 'consume': {
        if (this.#epochs.size === 0) return 'nothing held'
        return this.#send(await this.#appends(given.ones), [this.#progress(given)])
      }
      case 'acquire': {
        const leases = await progress.acquire({ ...who, ...given })
        for (const { partition, epoch } of leases) this.#epochs.set(partition, epoch)
        return leases
      }
      case 'release':
        return progress.release({ ...who, ...given, partitions: [0, 1, 2, 3, 4, 5, 6, 7] })
      case 'replay':
        return progress.requestReplay(GROUP, `k${given.key}`)
    }
  }

  async #appends(wanted: readonly One[]): Promise<Append[]> {
    const names = wanted.map(({ stream }) => `claim-${stream}`)
    const streams = await this.#store.readStreams(names)
    return wanted.map(({ stream, off, ids, bytes, closes }) => {
      const name = `claim-${stream}`
      const stored = streams.get(name) ?? []
      const version = Math.max(0, stored.length + off)
      const hash = version === 0 ? Buffer.alloc(32) : (stored[version - 1]?.hash ?? BYTES32)
      const events = ids.map((id, index) => event(id, bytes, closes && index === ids.length - 1))
      const expected: StreamHead = { version, hash }
      return appendOf(name, events, expected)
    })
  }

  #progress(given: Extract<Command, { kind: 'consume' }>): Progress {
    const position = this.#position + BigInt(given.step)
    if (given.step > 0) this.#position = position
    const positions = [...this.#epochs].map(([partition, epoch]) => ({
      partition,
      epoch: given.staleEpoch ? epoch - 1 : epoch,
      position: position < 0n ? 0n : position,
    }))
    const unpark =
      given.unpark === null ? [] : [{ partition: 1, key: `k${given.unpark}`, position: 3n }]
    return {
      group: GROUP,
      topic: TOPIC,
      incarnation: given.otherStore ? OTHER_PRODUCER : PRODUCER,
      positions,
      park: given.park.map(parked),
      unpark,
    }
  }

  #send(appends: readonly Append[], moves: readonly Progress[]): Promise<unknown> {
    this.#sent.push([appends, moves])
    return this.#answer(appends, moves)
  }

  async #answer(appends: readonly Append[], moves: readonly Progress[]): Promise<unknown> {
    try {
      return await this.#store.append(appends, moves)
    } catch (error) {
      if (error instanceof Fault) return error.code
      throw error
    }
  }

  async end(): Promise<unknown> {
    const { progress } = this.#store
    const events = await readWhole(this.#store, 7)
    assertIntactOrSameIds(events)
    return {
      events,
      positions: await progress
        .positions(GROUP, TOPIC)
        .then(map => [...map].sort(([a], [b]) => a - b)),
      parked: await progress.parked({}),
      keys: (await progress.parkedKeys(GROUP, TOPIC)).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      head: (await this.#store.head()).position,
    }
  }
}

/** The same ids with other bytes. */
function alter({ stream, events, expected }: Append): Append {
  const changed = events.map(each => ({ ...each, data: Buffer.from('altered') }))
  return appendOf(stream, changed, expected)
}

const BYTES32 = Buffer.alloc(32, 5)

/** The same id may go to several streams here, which real callers never do. */
function assertIntactOrSameIds(events: Parameters<typeof assertIntact>[0]): void {
  if (new Set(events.map(({ id }) => id)).size === events.length) assertIntact(events)
}

function event(id: number, bytes: number, closes: boolean): NewEvent {
  return {
    id: uuidFrom(NAMESPACE, `event ${id}`),
    type: 'ClaimSubmitted',
    schema: 1,
    partition: id % PARTITIONS,
    atMs: 1_767_225_600_000 + id,
    closes,
    meta: BYTES,
    data: Buffer.from([bytes, id]),
  }
}

function parked(n: number): ParkedMessage {
  const position = BigInt(n + 1)
  const stored = { position, stream: 'claim-1', version: 1, hash: BYTES32 }
  const message = { ...event(n, 0, false), partition: 1, ...stored }
  return { partition: 1, key: `k${n % 3}`, position, event: message, reason: 'bad', parkedAtMs: n }
}

let database: Database
const ends: (() => Promise<void>)[] = []
before(async () => {
  const { url } = await testDatabase({ after: end => ends.push(end) })
  database = openDatabase({ url })
  ends.unshift(() => database.close())
})
after(async () => {
  for (const end of ends) await end()
})

it('any commands have the same outcomes in memory and in Postgres', async () => {
  let count = 0
  const statuses = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async commands => {
      count += 1
      const schema = `property_${count}`
      const store = await openPostgresStore({ database, schema, recent: { maxEvents: 4 } })
      try {
        const [memory, postgres] = [new Caller(openMemoryStore()), new Caller(store)]
        for (const given of commands) {
          const expected = await memory.run(given)
          assert.deepEqual(await postgres.run(given), expected)
          for (const status of statusesOf(expected)) {
            statuses.set(status, (statuses.get(status) ?? 0) + 1)
          }
        }
        assert.deepEqual(await postgres.end(), await memory.end())
      } finally {
        await store.close()
        await database.read(pool => pool.query(`drop schema ${schema} cascade`))
      }
    }),
    { numRuns: 60 },
  )
  const wanted = [
    'appended',
    'duplicate',
    'conflict',
    'closed',
    'altered',
    'withheld',
    'fenced',
    'incarnation',
  ]
  assert.deepEqual(
    wanted.filter(status => !statuses.has(status)),
    [],
    'never met',
  )
})

function statusesOf(answer: unknown): string[] {
  if (typeof answer === 'string') return [answer]
  if (!Array.isArray(answer)) return []
  return answer.flatMap(entry => (typeof entry?.status === 'string' ? [entry.status] : []))
}

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { idempotencyKeysContract } from './contract.ts'
import type { Binding } from './port.ts'
import { newHolder } from './port.ts'
import { openPostgresIdempotencyKeys } from './postgres.ts'

const schema = 'clearing'

async function freshDatabase(t: TestContext) {
  const { url } = await testDatabase(t)
  const database = openDatabase({ url })
  t.after(() => database.close())
  return database
}

function some(name: Buffer): Binding {
  return { name, digest: randomBytes(32), holder: newHolder(Date.now()) }
}

test('postgres', async t => {
  const database = await freshDatabase(t)
  const keys = await openPostgresIdempotencyKeys({ database, schema })
  await t.test('what every store of keys does', async nested => {
    await idempotencyKeysContract('postgres', async () => keys, nested)
  })

  await t.test('of two processes that bind one name at once one does', async () => {
    const other = await openPostgresIdempotencyKeys({ database, schema })
    const names = Array.from({ length: 200 }, () => randomBytes(32))
    const [mine, theirs] = await Promise.all([
      Promise.all(names.map(name => keys.bind(some(name)))),
      Promise.all(names.toReversed().map(name => other.bind(some(name)))),
    ])
    assert.deepEqual(
      theirs.toReversed(),
      mine.map(bound => !bound),
    )
  })

  await t.test('what is bound outlives the process that bound it', async () => {
    const name = randomBytes(32)
    await keys.bind(some(name))
    const again = await openPostgresIdempotencyKeys({ database, schema })
    assert.equal(await again.bind(some(name)), false)
  })

  await t.test('requests at once share a statement, and each gets its own answer', async () => {
    const names = Array.from({ length: 400 }, () => randomBytes(32))
    const taken = (n: number) => n % 3 === 0
    await Promise.all(names.filter((_, n) => taken(n)).map(name => keys.bind(some(name))))
    const queries: unknown[] = []
    const { pool } = database
    const query = pool.query
    t.mock.method(pool, 'query', (...args: unknown[]) => {
      queries.push(args)
      return Reflect.apply(query, pool, args)
    })
    const bound = await Promise.all(names.map(name => keys.bind(some(name))))
    assert.equal(queries.length, 1)
    assert.deepEqual(
      bound,
      names.map((_, n) => !taken(n)),
    )
  })
})

test('opening at the same time creates the table once', async t => {
  const database = await freshDatabase(t)
  const open = () => openPostgresIdempotencyKeys({ database, schema })
  await Promise.all([open(), open(), open()])
})

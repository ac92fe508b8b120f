import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { keyStoreContract } from './contract.ts'
import type { KeyStore } from './port.ts'
import { openPostgresKeys } from './postgres.ts'

const masterKey = Buffer.alloc(32, 5)
const schema = 'enrollment'

async function freshDatabase(t: { after(fn: () => Promise<void>): void }) {
  const { url } = await testDatabase(t)
  const database = openDatabase({ url })
  t.after(() => database.close())
  return database
}

let shared: Promise<KeyStore> | undefined

test('postgres', async t => {
  const database = await freshDatabase(t)
  shared = openPostgresKeys({ database, schema, masterKey })
  await t.test('what every key store does', async nested => {
    await keyStoreContract('postgres', () => shared ?? assert.fail('not opened'), nested)
  })

  await t.test('keys outlive the process that made them', async () => {
    const person = uuid<PersonId>('10000000-0000-8000-8000-000000000001')
    const made = (
      await (await openPostgresKeys({ database, schema, masterKey })).obtain([person])
    ).get(person)
    const again = await openPostgresKeys({ database, schema, masterKey })
    assert.deepEqual((await again.find([person])).get(person), made)
    assert.deepEqual((await again.obtain([person])).get(person), made)
  })

  await t.test('the table holds no key in the open, and nothing of a destroyed one', async () => {
    const person = uuid<PersonId>('10000000-0000-8000-8000-000000000002')
    const keys = await openPostgresKeys({ database, schema, masterKey })
    const key = (await keys.obtain([person])).get(person)
    assert.ok(key instanceof Buffer)
    const read = async () => {
      const text = 'select wrapped, destroyed_at from enrollment.person_key where person_id = $1'
      const { rows } = await database.pool.query(text, [person])
      assert.equal(rows.length, 1)
      return rows[0] as { wrapped: Buffer | null; destroyed_at: Date | null }
    }
    const before = await read()
    assert.equal(before.wrapped?.includes(key), false)
    await keys.destroy(person)
    const after = await read()
    assert.equal(after.wrapped, null)
    assert.ok(after.destroyed_at)
  })

  await t.test('another master key is told apart before anything is opened', async () => {
    const person = uuid<PersonId>('10000000-0000-8000-8000-000000000003')
    await (await openPostgresKeys({ database, schema, masterKey })).obtain([person])
    const other = await openPostgresKeys({ database, schema, masterKey: Buffer.alloc(32, 6) })
    await assert.rejects(other.find([person]), /wrapped by another master key/)
  })
})

test('opening at the same time creates the table once', async t => {
  const database = await freshDatabase(t)
  const open = () => openPostgresKeys({ database, schema, masterKey })
  await Promise.all([open(), open(), open()])
})

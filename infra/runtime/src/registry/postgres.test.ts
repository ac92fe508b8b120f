import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { A, register, registryContract } from './contract.ts'
import { openPostgresRegistryLog } from './postgres.ts'
import { Registry } from './registry.ts'

test('postgres', async t => {
  const { url } = await testDatabase(t)
  const database = openDatabase({ url, readers: 8 })
  t.after(() => database.close())

  await t.test('the table is made once when many open at once', async () => {
    const logs = Array.from({ length: 5 }, () => openPostgresRegistryLog(database))
    for (const log of await Promise.all(logs)) assert.deepEqual(await log.after(0, 10), [])
  })

  const empty = async () => {
    await database.pool.query('truncate registry.change')
    return () => openPostgresRegistryLog(database)
  }
  await registryContract('postgres', empty, t)

  await t.test('a log is read page by page', async () => {
    const log = await (await empty())()
    await new Registry(log).change(register('s', A))
    const first = await log.after(0, 1)
    for (let revision = 2; revision <= 1_203; revision++) {
      const [{ change } = assert.fail('nothing there')] = first
      assert.ok(await log.append(revision, { ...change, version: revision } as typeof change))
    }
    assert.equal((await log.after(1_000, 100)).at(-1)?.revision, 1_100)
    assert.equal((await new Registry(log).state()).revision, 1_203)
  })

  await t.test('a change whose answer was lost is found when it is made again', async () => {
    const log = await (await empty())()
    let lost = 0
    const deaf = {
      after: log.after,
      append: async (...change: Parameters<typeof log.append>) => {
        await log.append(...change)
        lost += 1
        return false
      },
    }
    assert.deepEqual(await new Registry(deaf).change(register('s', A)), [1])
    assert.equal(lost, 1)
    assert.equal((await log.after(0, 10)).length, 1)
  })

  await t.test('others who change without end are not waited for', async () => {
    const log = await (await empty())()
    const never = { after: log.after, append: async () => false }
    await assert.rejects(new Registry(never).change(register('s', A)), /without end/)
  })
})

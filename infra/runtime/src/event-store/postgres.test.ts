import { after, before, type TestContext } from 'node:test'
import { type Database, openDatabase } from '../postgres/database.ts'
import { testDatabase } from '../postgres/testing.ts'
import { eventStoreContract } from './contract.ts'
import { progressContract } from './contract-progress.ts'
import { openPostgresStore, type PostgresStore } from './postgres.ts'

let database: Database
let count = 0
const ends: (() => Promise<void>)[] = []

before(async () => {
  const { url } = await testDatabase({ after: end => ends.push(end) })
  database = openDatabase({ url })
  ends.unshift(() => database.close())
})
after(async () => {
  for (const end of ends) await end()
})

async function open(t: TestContext): Promise<PostgresStore> {
  count += 1
  const store = await openPostgresStore({ database, schema: `store_${count}` })
  t.after(() => store.close())
  return store
}

eventStoreContract('postgres', open)
progressContract('postgres', open)

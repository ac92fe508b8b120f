import { after, before } from 'node:test'
import { openPostgresStore } from '../event-store/postgres.ts'
import { testDatabase } from '../postgres/testing.ts'
import { messageLogContract } from './contract.ts'
import { openPostgresLog } from './postgres.ts'

let url: string
let count = 0
const ends: (() => Promise<void>)[] = []

before(async () => {
  url = (await testDatabase({ after: end => ends.push(end) })).url
})
after(async () => {
  for (const end of ends) await end()
})

/** Each instance has connections of its own, as a process would. */
messageLogContract('postgres', async t => {
  count += 1
  const [producing, consuming] = [`clearing_${count}`, `claims_${count}`]
  return {
    instance: async times => {
      const producer = await openPostgresStore({ database: { url, readers: 2 }, schema: producing })
      const consumer = await openPostgresStore({ database: { url, readers: 2 }, schema: consuming })
      const log = openPostgresLog({ ...times, stores: new Map([['clearing', producer]]) })
      t.after(async () => {
        await log.close()
        await Promise.all([producer.close(), consumer.close()])
      })
      return { producer, consumer, log }
    },
  }
})

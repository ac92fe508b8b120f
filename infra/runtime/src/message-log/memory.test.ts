import { openMemoryStore } from '../event-store/memory.ts'
import { messageLogContract } from './contract.ts'
import { openMemoryLog } from './memory.ts'

messageLogContract('memory', async t => {
  const [producer, consumer] = [openMemoryStore(), openMemoryStore()]
  return {
    instance: async times => {
      const log = openMemoryLog({ ...times, stores: new Map([['clearing', producer]]) })
      t.after(() => log.close())
      return { producer, consumer, log }
    },
  }
})

import type { TestContext } from 'node:test'
import { type BrokenBed, read, until } from './contract/bed.ts'
import { kafkaClientContract, kafkaFaultContract } from './contract.ts'
import { MemoryKafka } from './memory.ts'

async function open(t: TestContext): Promise<BrokenBed> {
  const kafka = new MemoryKafka()
  return {
    prefix: 'memory',
    client: options => {
      const client = kafka.client(options)
      t.after(() => client.close())
      return client
    },
    victim: async (group, topic) => {
      const client = kafka.client()
      const reader = await read(client, group, topic)
      await until('assigned', () => reader.assigned().size > 0)
      return { kill: async () => client.die() }
    },
    stop: async how => kafka.stop(how),
    start: async () => kafka.start(),
  }
}

kafkaClientContract('memory', open)
kafkaFaultContract('memory', open)

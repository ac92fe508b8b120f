import { messageLogContract } from '../message-log/contract.ts'
import { MemoryKafka } from './client/memory.ts'
import { kafkaBed } from './testing-bed.ts'

messageLogContract('kafka in memory', async t => {
  const kafka = new MemoryKafka()
  return kafkaBed(t, () => kafka.client())
})

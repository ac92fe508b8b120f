import { describe } from 'node:test'
import { messageLogContract } from '../message-log/contract.ts'
import { openKafkajs } from './client/kafkajs.ts'
import { MEMORY_OPTIONS } from './client/memory.ts'
import { noKafka, testKafka } from './testing.ts'
import { kafkaBed } from './testing-bed.ts'

describe('the log on a broker', { skip: await noKafka() }, () => {
  messageLogContract('kafka by kafkajs', async t => {
    const { bootstrap } = await testKafka()
    const options = { ...MEMORY_OPTIONS, brokers: bootstrap.split(','), sessionTimeoutMs: 6000 }
    return kafkaBed(t, () => openKafkajs({ ...options, sendTimeoutMs: 5000 }))
  })
})

import { describe } from 'node:test'
import { messageLogContract } from '../message-log/contract.ts'
import { openKafkajs } from './client/kafkajs.ts'
import { MEMORY_OPTIONS } from './client/memory.ts'
import { openPlatformatic } from './client/platformatic.ts'
import { noKafka, testKafka } from './testing.ts'
import { kafkaBed } from './testing-bed.ts'

const CLIENTS = { kafkajs: openKafkajs, platformatic: openPlatformatic }

describe('the log on a broker', { skip: await noKafka() }, () => {
  for (const [name, open] of Object.entries(CLIENTS)) {
    messageLogContract(`kafka by ${name}`, async t => {
      const { bootstrap } = await testKafka()
      const options = { ...MEMORY_OPTIONS, brokers: bootstrap.split(','), sessionTimeoutMs: 6000 }
      return kafkaBed(t, () => open({ ...options, sendTimeoutMs: 5000 }))
    })
  }
})

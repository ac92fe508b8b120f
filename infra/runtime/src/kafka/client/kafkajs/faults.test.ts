import { noKafka } from '../../testing.ts'
import { openOnOwn } from '../contract/brokers.ts'
import { kafkaFaultContract } from '../contract.ts'

kafkaFaultContract('kafkajs', openOnOwn('kafkajs'), { skip: await noKafka('own') })

import { noKafka } from '../../testing.ts'
import { openOnOwn } from '../contract/brokers.ts'
import { kafkaFaultContract } from '../contract.ts'

kafkaFaultContract('platformatic', openOnOwn('platformatic'), { skip: await noKafka('own') })

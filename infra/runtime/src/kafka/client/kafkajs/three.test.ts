import { noKafka } from '../../testing.ts'
import { openOnThree } from '../contract/brokers.ts'
import { kafkaThreeBrokersContract } from '../contract.ts'

kafkaThreeBrokersContract('kafkajs', openOnThree('kafkajs'), { skip: await noKafka('own') })

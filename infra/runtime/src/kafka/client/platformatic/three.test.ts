import { noKafka } from '../../testing.ts'
import { openOnThree } from '../contract/brokers.ts'
import { kafkaThreeBrokersContract } from '../contract.ts'

kafkaThreeBrokersContract('platformatic', openOnThree('platformatic'), {
  skip: await noKafka('own'),
})

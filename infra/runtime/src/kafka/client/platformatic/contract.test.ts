import { noKafka } from '../../testing.ts'
import { openOnRun } from '../contract/brokers.ts'
import { kafkaClientContract } from '../contract.ts'

kafkaClientContract('platformatic', openOnRun('platformatic'), { skip: await noKafka() })

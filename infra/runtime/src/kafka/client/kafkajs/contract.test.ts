import { noKafka } from '../../testing.ts'
import { openOnRun } from '../contract/brokers.ts'
import { kafkaClientContract } from '../contract.ts'

kafkaClientContract('kafkajs', openOnRun('kafkajs'), { skip: await noKafka() })

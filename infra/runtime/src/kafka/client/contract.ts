/** What every Kafka client must do. Called by the tests of each. */
import { after, describe } from 'node:test'
import type { OpenBed, OpenBrokenBed } from './contract/bed.ts'
import { deadlineLaws, durabilityLaws } from './contract/faults.ts'
import { flowLaws, sharingLaws } from './contract/groups.ts'
import { recordLaws } from './contract/records.ts'
import { coordinatorLaws, leaderLaws, type ThreeBrokers } from './contract/three.ts'
import { topicLaws } from './contract/topics.ts'

type Skip = { readonly skip?: string | false }

const LAWS = {
  topics: [topicLaws],
  records: [recordLaws],
  groups: [sharingLaws, flowLaws],
} as const

/** On any broker. */
export function kafkaClientContract(name: string, open: OpenBed, options: Skip = {}): void {
  for (const [part, laws] of Object.entries(LAWS)) {
    describe(`${name}: ${part}`, options, () => {
      for (const law of laws) law(open)
    })
  }
}

/** On a broker of its own, which is stopped. */
export function kafkaFaultContract(name: string, open: OpenBrokenBed, options: Skip = {}): void {
  describe(`${name}: faults`, options, () => {
    deadlineLaws(open)
    durabilityLaws(open)
  })
}

/** On three brokers, of which one is stopped. */
export function kafkaThreeBrokersContract(
  name: string,
  brokers: ThreeBrokers,
  options: Skip = {},
): void {
  describe(`${name}: three brokers`, options, () => {
    after(() => brokers.end())
    leaderLaws(brokers.open)
    coordinatorLaws(brokers.open)
  })
}

/** What the door knows of persons: one row each, folded from enrollment's coverage topic. */
import type { CoverageEvent } from '@tongchou/contracts/reference/coverage.ts'
import {
  applyCoverage,
  decodeCoverage,
  encodeCoverage,
} from '@tongchou/contracts/reference/coverage.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { View } from '@tongchou/runtime/view/port.ts'

export type CoverageRow = {
  readonly personId: string
  /** Position in enrollment's log of the newest fact. */
  readonly position: bigint
  /** `encodeCoverage`. */
  readonly facts: string
}

export const coverageView: View<CoverageRow> = {
  name: 'coverage',
  topic: TOPICS.coverage,
  columns: { personId: 'uuid', position: 'bigint', facts: 'text' },
  key: ['personId'],
  indexes: [],
  version: 1,
  project: event => [
    {
      key: [(event as Recorded<CoverageEvent['type']>).data.personId],
      apply: row => {
        const { position, data } = event as Recorded<CoverageEvent['type']>
        const before = row === undefined ? undefined : decodeCoverage(row.facts)
        const facts = applyCoverage(before, event as CoverageEvent)
        return { personId: data.personId, position, facts: encodeCoverage(facts) }
      },
    },
  ],
}

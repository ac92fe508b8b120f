/** One row a person, of the newest period: what an agency lists. No personal data. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { Scheme } from '@tongchou/contracts/reference/coverage.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'

export type PersonRow = {
  readonly personId: string
  readonly regionCode: string
  readonly scheme: Scheme
  /** Of the newest change, which may lie ahead. */
  readonly status: string
  readonly statusFrom: string
  readonly coveredFrom: string
  readonly coveredTo: string | null
  readonly filings: number
}

export const personView: View<PersonRow> = {
  name: 'person',
  topic: TOPICS.coverage,
  columns: {
    personId: 'text',
    regionCode: 'text',
    scheme: 'text',
    status: 'text',
    statusFrom: 'text',
    coveredFrom: 'text',
    coveredTo: 'text',
    filings: 'integer',
  },
  key: ['personId'],
  indexes: [['regionCode', 'personId']],
  version: 1,
  project,
}

function project(event: Recorded): readonly Change<PersonRow>[] {
  switch (event.type) {
    case 'PersonEnrolled': {
      const { personId, regionCode, scheme, status, coveredFrom, coveredTo } = event.data
      const row = { personId, regionCode, scheme, status, coveredFrom, coveredTo }
      return [{ key: [personId], apply: () => ({ ...row, statusFrom: coveredFrom, filings: 0 }) }]
    }
    case 'StatusChanged': {
      const { personId, status, changedOn } = event.data
      return changed(personId, row =>
        changedOn < row.statusFrom ? row : { ...row, status, statusFrom: changedOn },
      )
    }
    case 'CoverageEnded': {
      const { personId, coveredTo } = event.data
      return changed(personId, row => ({ ...row, coveredTo }))
    }
    case 'CoverageResumed':
      return resumed(event)
    case 'FilingMade':
      return changed(event.data.personId, row => ({ ...row, filings: row.filings + 1 }))
    default:
      return []
  }
}

function resumed({ data }: EventOf<'CoverageResumed'>): readonly Change<PersonRow>[] {
  const { personId, regionCode, scheme, status, coveredFrom, coveredTo } = data
  return changed(personId, row => {
    if (coveredFrom < row.coveredFrom) return row
    return { ...row, regionCode, scheme, status, statusFrom: coveredFrom, coveredFrom, coveredTo }
  })
}

function changed(
  personId: string,
  change: (row: PersonRow) => PersonRow,
): readonly Change<PersonRow>[] {
  return [{ key: [personId], apply: row => (row === undefined ? undefined : change(row)) }]
}

/** One row an institution, under its first code: what is listed. */

import { isOn } from '@tongchou/contracts/reference/event.ts'
import type { Institution, InstitutionFact } from '@tongchou/contracts/reference/institutions.ts'
import { applyToInstitution } from '@tongchou/contracts/reference/institutions.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'

export type InstitutionRow = {
  readonly institutionCode: string
  readonly regionCode: string
  readonly type: Institution['type']
  /** JSON of the institution. */
  readonly facts: string
}

export const institutionView: View<InstitutionRow> = {
  name: 'institution',
  topic: TOPICS.institution,
  columns: { institutionCode: 'text', regionCode: 'text', type: 'text', facts: 'json' },
  key: ['institutionCode'],
  indexes: [['regionCode', 'institutionCode']],
  version: 1,
  project,
}

/** The institution of a row that this view made. */
export function institutionOf(row: InstitutionRow): Institution {
  return JSON.parse(row.facts) as Institution
}

function project(event: Recorded): readonly Change<InstitutionRow>[] {
  if (!isOn(TOPICS.institution, event) || event.type === 'InstitutionRenamed') return []
  const fact: InstitutionFact = event
  return [
    {
      key: [fact.data.institutionCode],
      apply: row => rowOf(applyToInstitution(row && institutionOf(row), fact)),
    },
  ]
}

function rowOf(institution: Institution): InstitutionRow {
  const { institutionCode, regionCode, type } = institution
  return { institutionCode, regionCode, type, facts: JSON.stringify(institution) }
}

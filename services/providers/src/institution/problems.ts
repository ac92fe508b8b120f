import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { InstitutionRefusal } from './decide.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const INSTITUTION_PROBLEMS = {
  'unknown-institution': { status: 404, title: 'No institution has this code' },
  'other-region': { status: 403, title: 'The data are of another region than the token' },
  'code-of-other-region': { status: 422, title: 'The code names another region' },
  'level-not-of-type': { status: 422, title: 'A hospital has a level, a pharmacy has none' },
  'period-reversed': { status: 422, title: 'A period ends before it begins' },
  'code-in-use': { status: 409, title: 'The code is in use' },
  'already-designated': { status: 409, title: 'The institution is designated with other content' },
  'agreement-overlaps': { status: 409, title: 'An agreement covers part of that period already' },
  'suspension-overlaps': { status: 409, title: 'A suspension covers part of that period already' },
  'not-suspended': { status: 409, title: 'The institution is not suspended on that day' },
} as const satisfies Record<InstitutionRefusal['kind'], Problem>

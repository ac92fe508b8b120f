import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { CaseRefusal } from './decide.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const CASE_PROBLEMS = {
  'unknown-case': { status: 404, title: 'No case is known for this claim' },
  'other-region': { status: 403, title: 'The case belongs to another region' },
  'case-not-open': { status: 409, title: 'The claim was withdrawn; there is nothing to decide' },
  'already-decided': { status: 409, title: 'The case was decided already' },
  'same-reviewer': { status: 409, title: 'A second, different reviewer has to agree' },
} as const satisfies Record<CaseRefusal['kind'], Problem>

import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { CaseRefusal } from './case/decide.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const FRAUD_PROBLEMS = {
  'unknown-case': { status: 404, title: 'No case is known for this claim' },
  'unknown-score': { status: 404, title: 'No score is known for this claim' },
  'other-region': { status: 403, title: 'The claim is a matter of other regions' },
  'case-not-open': { status: 409, title: 'The claim was withdrawn; there is nothing to decide' },
  'already-decided': { status: 409, title: 'The case was decided already' },
  'same-reviewer': { status: 409, title: 'A second, different reviewer has to agree' },
} as const satisfies Record<CaseRefusal['kind'] | 'unknown-score', Problem>

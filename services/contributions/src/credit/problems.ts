import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { CreditRefusal } from './decide.ts'

export type DoorRefusal = { readonly kind: 'other-region' } | { readonly kind: 'unknown-credit' }

/** Status and title of every refusal; the README of the service has the same table. */
export const CREDIT_PROBLEMS = {
  'other-region': { status: 403, title: 'The data are of another region than the token' },
  'unknown-credit': { status: 404, title: 'Nothing was credited under this number' },
  'amount-not-positive': { status: 422, title: 'The amount is not above 0' },
  'date-in-the-future': { status: 422, title: 'A date lies in the future' },
  'credit-number-reused': { status: 409, title: 'The number stands for another credit' },
} as const satisfies Record<(CreditRefusal | DoorRefusal)['kind'], Problem>

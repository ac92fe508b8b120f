import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { PremiumRefusal } from './decide.ts'

export type DoorRefusal = { readonly kind: 'other-region' } | { readonly kind: 'unknown-receipt' }

/** Status and title of every refusal; the README of the service has the same table. */
export const PREMIUM_PROBLEMS = {
  'other-region': { status: 403, title: 'The data are of another region than the token' },
  'unknown-receipt': { status: 404, title: 'Nothing was received under this number' },
  'account-is-credited': { status: 422, title: 'Money of personal accounts is credited' },
  'level-without-finance': { status: 422, title: 'Only public finance has levels' },
  'amount-not-positive': { status: 422, title: 'The amount is not above 0' },
  'date-in-the-future': { status: 422, title: 'A date lies in the future' },
  'receipt-number-reused': { status: 409, title: 'The number stands for another receipt' },
} as const satisfies Record<(PremiumRefusal | DoorRefusal)['kind'], Problem>

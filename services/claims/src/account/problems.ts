import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { AccountRefusal } from './decide.ts'
import { MOVEMENT_PROBLEMS } from './movement/problems.ts'

/** What only the door refuses, in the order in which it is checked. */
export type AccountDoorRefusal =
  | { readonly kind: 'unknown-account' }
  | { readonly kind: 'other-region' }
  | { readonly kind: 'unknown-adjudication' }
  | {
      readonly kind: 'explanation-differs'
      readonly field: string
      readonly stored: string | number | bigint
      readonly recomputed: string | number | bigint
    }

/** Status and title of every refusal; the README of the service has the same table. */
export const ACCOUNT_PROBLEMS = {
  ...MOVEMENT_PROBLEMS,
  'unknown-account': { status: 404, title: 'Nothing is known of this account' },
  'other-region': { status: 403, title: 'The account is of another region than the token' },
  'unknown-adjudication': { status: 404, title: 'The claim was not adjudicated on this account' },
  'explanation-differs': { status: 409, title: 'Computing the claim again gives another result' },
  'no-policy': { status: 422, title: 'No policy pack computes this claim' },
  'year-not-over': { status: 409, title: 'The year is not over yet' },
  'credit-number-reused': { status: 409, title: 'The number stands for another amount' },
} as const satisfies Record<(AccountRefusal | AccountDoorRefusal)['kind'], Problem>

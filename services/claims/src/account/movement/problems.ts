import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { MovementRefusal } from './refusals.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const MOVEMENT_PROBLEMS = {
  'unknown-account': { status: 404, title: 'Nothing is known of this account' },
  'other-region': { status: 403, title: 'The account is of another region than the token' },
  'own-relative': { status: 422, title: 'Nobody is a relative of their own' },
  'movement-number-reused': { status: 409, title: 'The number stands for another movement' },
  'unknown-credit': { status: 404, title: 'Nothing is credited under this number' },
  'credit-on-card': { status: 409, title: 'The share of this credit is on the card already' },
  'no-policy': { status: 422, title: 'No policy says whether the account may pay' },
  'purpose-not-allowed': { status: 422, title: 'The policy does not let the account pay for it' },
  'not-a-relative': { status: 422, title: 'Who is paid for is not registered as a relative' },
  'withdrawal-not-allowed': { status: 422, title: 'Too little inpatient cost to draw the balance' },
  'same-region': { status: 422, title: 'The account is of this region already' },
  'balance-too-low': { status: 409, title: 'The account does not hold so much' },
} as const satisfies Record<MovementRefusal['kind'], Problem>

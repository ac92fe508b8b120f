/**
 * Refusal kinds of the clearing API in the order in which they are checked; the README has the same
 * table.
 */
import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { ClaimRefusal } from '../claim/decide.ts'
import type { FactRefusal } from '../claim/facts.ts'

export type DoorRefusal =
  | { readonly kind: 'other-institution'; readonly field: 'institutionCode' }
  | { readonly kind: 'other-region' }
  | { readonly kind: 'later-claims-depend'; readonly claims: readonly string[] }
  | { readonly kind: 'personal-data-erased' }

export type ClearingRefusal = DoorRefusal | FactRefusal | ClaimRefusal

export const CLAIM_PROBLEMS = {
  'other-institution': { status: 403, title: 'The claim is of another institution than the token' },
  'other-region': { status: 403, title: 'The data are of another region than the token' },
  'claim-number-reused': { status: 409, title: 'The number stands for another claim' },
  'dates-out-of-order': { status: 422, title: 'Dates are out of order' },
  'date-in-the-future': { status: 422, title: 'A date lies in the future' },
  'unknown-institution': { status: 422, title: 'The institution is not designated' },
  'agreement-not-in-force': { status: 422, title: 'No agreement is in force on the day' },
  'institution-suspended': { status: 422, title: 'The institution is suspended on the day' },
  'kind-not-allowed': { status: 422, title: 'The institution may not bill this kind of claim' },
  'unknown-person': { status: 422, title: 'The person is not insured in any region' },
  'not-covered': { status: 422, title: 'The person is not covered on the day' },
  'line-amount-mismatch': { status: 422, title: 'A line differs from quantity × unit price' },
  'total-mismatch': { status: 422, title: 'The total differs from the sum of the lines' },
  'unknown-item': { status: 422, title: 'An item is not in the catalogue on the day' },
  'attribute-not-asked': { status: 422, title: 'The policy does not ask for this attribute' },
  'attribute-malformed': { status: 422, title: 'An attribute is not what the policy asks for' },
  'attribute-contradicts': { status: 422, title: 'An attribute contradicts the enrolment' },
  'no-policy': { status: 422, title: 'No policy pack computes this claim' },
  'unknown-claim': { status: 404, title: 'There is no such claim' },
  'already-reversed': { status: 409, title: 'The claim is reversed already, for another reason' },
  'later-claims-depend': { status: 409, title: 'Later claims of the person rest on this one' },
  'personal-data-erased': { status: 410, title: 'The personal data of this person are erased' },
  'not-held': { status: 409, title: 'The claim is not held' },
} as const satisfies Record<ClearingRefusal['kind'], Problem>

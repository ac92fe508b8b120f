import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { PersonRefusal } from './refusals.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const PERSON_PROBLEMS = {
  'unknown-person': { status: 404, title: 'No person is enrolled under this number' },
  'other-region': { status: 403, title: 'The person belongs to another region' },
  'personal-data-erased': { status: 410, title: 'The personal data of this person are erased' },
  'date-in-the-future': { status: 422, title: 'A date lies in the future' },
  'period-reversed': { status: 422, title: 'A period ends before it begins' },
  'status-not-of-scheme': { status: 422, title: 'The scheme has no such status' },
  'status-before-coverage': { status: 422, title: 'A status changes before coverage begins' },
  'other-status-that-day': { status: 409, title: 'The person has another status from that day on' },
  'coverage-overlaps': { status: 409, title: 'The person is covered in that period already' },
  'already-enrolled': { status: 409, title: 'The person is enrolled with other content' },
  'coverage-already-ended': { status: 409, title: 'Coverage has ended earlier' },
  'filing-for-own-region': { status: 422, title: 'No filing is needed in the insured region' },
  'filing-number-reused': { status: 409, title: 'The number stands for another filing' },
  'unknown-filing': { status: 404, title: 'There is no filing under this number' },
  'cancelled-before-filed': { status: 422, title: 'A filing ends before it was made' },
  'filing-already-cancelled': { status: 409, title: 'The filing was cancelled on another day' },
  'valid-before-approval': { status: 422, title: 'A disease counts before it was identified' },
  'registration-number-reused': { status: 409, title: 'The number stands for another disease' },
  'unknown-registration': { status: 404, title: 'The person has no registration of this number' },
  'registration-already-ended': { status: 409, title: 'The registration ended on another day' },
  'referral-number-reused': { status: 409, title: 'The number stands for an approved referral' },
  'unknown-referral': { status: 404, title: 'The person has no referral of this number' },
  'referral-incomplete': { status: 422, title: 'The referral names no reason or no disease' },
  'referral-already-approved': { status: 409, title: 'The referral was approved otherwise' },
  'referral-not-approved': { status: 409, title: 'The referral is not approved' },
} as const satisfies Record<PersonRefusal['kind'], Problem>

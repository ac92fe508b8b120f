import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { BillRefusal } from './refusals.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const BILL_PROBLEMS = {
  'other-region': { status: 403, title: 'The data are of another region than the token' },
  'unknown-bill': { status: 404, title: 'Nothing was billed under this id' },
  'no-policy': { status: 422, title: 'No policy says what is owed' },
  'wrong-period': { status: 422, title: 'The policy bills by month or by year, not as asked' },
  'due-date-contradicts': { status: 422, title: 'The policy names another due date' },
  'credit-not-funded': { status: 422, title: 'The fund that bears a credit gets less than it' },
  'already-billed': { status: 409, title: 'The period is billed from other facts' },
  'bill-withdrawn': { status: 409, title: 'The bill was withdrawn' },
  'unknown-payment': { status: 404, title: 'Nothing was paid of the bill under this number' },
  'payment-undone': { status: 409, title: 'The payment under this number was undone' },
  'already-noticed': { status: 409, title: 'An earlier notice was delivered' },
  'not-in-arrears': { status: 409, title: 'The bill is not in arrears on the day' },
  'date-in-the-future': { status: 422, title: 'A date lies in the future' },
  'receipt-number-reused': { status: 409, title: 'The number stands for another receipt' },
  'payer-not-billed': { status: 422, title: 'The bill asks nothing of the payer' },
  'already-paid': { status: 409, title: 'Nothing is left to pay' },
  'amount-not-owed': { status: 422, title: 'The amount is not what is owed on the day' },
  'bill-paid': { status: 409, title: 'Payments of the bill would have to be undone first' },
  'bill-supplemented': { status: 409, title: 'Supplements rest on the bill' },
  'finding-number-reused': { status: 409, title: 'The number stands for another finding' },
  'base-not-higher': { status: 422, title: 'Nothing more is owed than was billed' },
} as const satisfies Record<BillRefusal['kind'], Problem>

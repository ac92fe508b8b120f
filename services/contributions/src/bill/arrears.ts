/** What is still owed of a bill on a day, with the late fee (滞纳金) of that day. */
import type { BillIssued, BillPaid } from '@tongchou/contracts/events.generated.ts'
import { type Fen, ZERO } from '@tongchou/contracts/money.ts'
import { lateFeeBy } from '@tongchou/contracts/policy/dues/late-fee.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { sumOf } from './assess.ts'
import { isPaidIn } from './payment/split.ts'
import type { Bill } from './state.ts'

/** Payers of a bill, in the order of its lines. */
export function payersOf({ lines }: Pick<BillIssued, 'lines'>): readonly string[] {
  return [...new Set(lines.filter(isPaidIn).map(({ payer }) => payer))]
}

/** Payers who have not paid yet. */
export function openPayersOf({ issued, payments, withdrawn }: Bill): readonly string[] {
  if (withdrawn !== null) return []
  const paid = new Set(payments.flatMap(({ payers }) => payers))
  return payersOf(issued).filter(payer => !paid.has(payer))
}

/** What payers owe of a bill, each its own part, and from which day on: for those who add up. */
export function partsOf(
  { lines, employerNo, dueOn, issuedOn }: BillIssued,
  payers: readonly string[],
): Pick<BillPaid, 'employerNo' | 'byPayer' | 'owedFrom'> {
  const byPayer = Object.fromEntries(
    payers.map(payer => [payer, sumOf(lines.filter(line => line.payer === payer))]),
  )
  return { employerNo, byPayer, owedFrom: dueOn ?? issuedOn }
}

export type Owed = { readonly duesFen: Fen; readonly days: number; readonly feeFen: Fen }

/** What these payers owe when they pay on the day. */
export function owedBy(
  { issued, noticeOn }: Bill,
  payers: readonly string[],
  on: BusinessDate,
): Owed {
  const { lines, dueOn, lateFee } = issued
  const duesFen = sumOf(lines.filter(({ payer }) => payers.includes(payer)))
  return { duesFen, ...lateFeeOn({ duesFen, dueOn, noticeOn, lateFee }, on) }
}

type Late = Pick<BillIssued, 'dueOn' | 'lateFee'> & {
  readonly duesFen: Fen
  readonly noticeOn: BusinessDate | null
}

/** No fee where the policy has no rule for one, or nobody says when the money was due. */
export function lateFeeOn(
  { duesFen, dueOn, noticeOn, lateFee }: Late,
  on: BusinessDate,
): { readonly days: number; readonly feeFen: Fen } {
  if (dueOn === null || lateFee === null) return { days: 0, feeFen: ZERO }
  const { days, feeFen } = lateFeeBy(lateFee, { amountFen: duesFen, dueOn, noticeOn, paidOn: on })
  return { days, feeFen }
}

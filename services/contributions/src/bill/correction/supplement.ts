/**
 * Back payment (补缴): a later finding of a higher base bills the difference for the same period, due
 * when the bill itself was. @source capability CO-07 (纠正少报、漏报缴费基数)
 */
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { BillIssued, BillLine } from '@tongchou/contracts/events.generated.ts'
import { type Fen, minus, sum, ZERO } from '@tongchou/contracts/money.ts'
import { businessDateOf } from '@tongchou/contracts/time.ts'
import { isFuture } from '../../rules.ts'
import { assess, sumOf } from '../assess.ts'
import type { SupplementBill } from '../commands.ts'
import { textOf } from '../facts.ts'
import { isFunded, isPaidIn } from '../payment/split.ts'
import { type BillDecision, billFor, refuseWithdrawn } from '../refusals.ts'
import type { Bill, BillState } from '../state.ts'

/**
 * Assessed by the pack of the bill from the newest facts and what was found; the same finding again
 * is nothing new. Refuses unknown-bill, other-region, finding-number-reused, bill-withdrawn,
 * date-in-the-future, what the assessment does, base-not-higher, credit-not-funded.
 */
export function supplement({ data, meta }: SupplementBill, state: BillState): BillDecision {
  const { actingRegion, findingNo, foundOn, facts, pack } = data
  const bill = billFor(actingRegion, state, 0)
  if ('kind' in bill) return refuse(bill)
  const before = state?.bills.find(({ issued }) => issued.finding?.findingNo === findingNo)
  if (before !== undefined) return again(data, before)
  if (bill.withdrawn !== null) return refuseWithdrawn(bill.withdrawn)
  if (isFuture(foundOn, meta.now)) {
    return refuse({ kind: 'date-in-the-future', field: 'foundOn', on: foundOn })
  }
  const bills = state?.bills ?? []
  const standing = bills.filter(({ withdrawn }) => withdrawn === null)
  const { issued } = standing.at(-1) ?? bill
  const asked = {
    ...issued,
    averageWageFen: facts.averageWageFen ?? issued.averageWageFen,
    wageFen: facts.wageFen ?? issued.wageFen,
    given: { ...issued.given, ...facts.given },
  }
  const assessed = assess(pack, asked)
  if (!assessed.ok) return refuse(assessed.refusal)
  const { assessment } = assessed
  const found = difference(
    assessment.lines,
    standing.flatMap(one => one.issued.lines),
  )
  if (!found.ok) return refuse({ kind: 'base-not-higher', part: found.part })
  const { lines } = found
  const short = lines.find(line => !isFunded(line, lines))
  if (short !== undefined) return refuse({ kind: 'credit-not-funded', part: short.part })
  const supplementary: BillIssued = {
    ...asked,
    ...{ supplementNo: bills.length, finding: { findingNo, foundOn }, lines },
    ...{ baseFen: assessment.baseFen, totalFen: sumOf(lines.filter(isPaidIn)) },
    issuedOn: businessDateOf(meta.now),
  }
  return accept({ type: 'BillIssued', data: supplementary })
}

function again(
  { foundOn, facts }: SupplementBill['data'],
  { issued }: Pick<Bill, 'issued'>,
): BillDecision {
  const { averageWageFen, wageFen, given } = facts
  const told = (one: Fen | null, known: Fen | null) => one !== null && one !== known
  const differs = [
    ...(foundOn === issued.finding?.foundOn ? [] : ['foundOn']),
    ...(told(averageWageFen, issued.averageWageFen) ? ['averageWageFen'] : []),
    ...(told(wageFen, issued.wageFen) ? ['wageFen'] : []),
    ...(textOf({ ...issued.given, ...given }) === textOf(issued.given) ? [] : ['given']),
  ]
  return differs.length === 0 ? accept() : refuse({ kind: 'finding-number-reused', differs })
}

type Difference =
  | { readonly ok: true; readonly lines: readonly BillLine[] }
  /** Null: all is billed already. */
  | { readonly ok: false; readonly part: string | null }

/** What each part is more than has been billed of it; parts that stay are left out. */
function difference(wanted: readonly BillLine[], billed: readonly BillLine[]): Difference {
  const left = new Map<string, Fen>()
  for (const line of billed) {
    left.set(keyOf(line), sum(left.get(keyOf(line)) ?? ZERO, line.amountFen))
  }
  const lines = wanted.map(line => {
    const amountFen = minus(line.amountFen, left.get(keyOf(line)) ?? ZERO)
    left.delete(keyOf(line))
    return { ...line, amountFen }
  })
  const [gone] = left.keys()
  const lower = lines.find(({ amountFen }) => amountFen < 0n)?.part ?? gone?.split(' ')[0]
  if (lower !== undefined) return { ok: false, part: lower }
  const more = lines.filter(({ amountFen }) => amountFen > 0n)
  return more.length === 0 ? { ok: false, part: null } : { ok: true, lines: more }
}

function keyOf({ part, payer, fund }: BillLine): string {
  return `${part} ${payer} ${fund}`
}

/** What a payment of a bill books: premiums of the region's funds, credits of the account. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { BillIssued, PremiumReceived } from '@tongchou/contracts/events.generated.ts'
import { levelOf, payerKind } from '@tongchou/contracts/policy/dues/payers.ts'
import { monthOf } from '@tongchou/contracts/time.ts'
import { beginOf } from '../assess.ts'
import type { Payment } from '../state.ts'
import { lateFeeByFund, type PremiumPart, splitOf } from './split.ts'

type Booked = EventOf<'PremiumReceived' | 'AccountCredited'>

/**
 * Their numbers are the bill's id with what tells them apart behind colons, which no number of an
 * agency has: `s2` of a second supplement, `r2` of a payment after one that was undone. The late
 * fee is income of the fund and never credited. Σ of all = what was paid.
 */
export function bookedOf(issued: BillIssued, payment: Payment): readonly Booked[] {
  const { billId, supplementNo, regionCode, scheme, personId, lines } = issued
  const { payers, paidOn, lateFeeFen, round } = payment
  const marks = [
    ...(supplementNo > 0 ? [`s${supplementNo}`] : []),
    ...(round > 1 ? [`r${round}`] : []),
  ]
  const number = [billId, ...marks].join(':')
  const { premiums, credits } = splitOf(lines, payers)
  const period = monthOf(beginOf(issued.period))
  const premium = (tail: string, { payer, fund, amountFen }: PremiumPart): Booked => ({
    type: 'PremiumReceived',
    data: {
      ...{ receiptNo: `${number}:${tail}:${fund}`, regionCode, scheme, payer: payerOf(payer) },
      ...{ fund, level: levelOf(payer), period, amountFen, receivedOn: paidOn },
    },
  })
  const late = payers.includes('employer') ? 'employer' : (payers[0] ?? 'person')
  return [
    ...premiums.map(part => premium(part.payer, part)),
    ...lateFeeByFund(lines, payers, lateFeeFen).map(part =>
      premium(`${payers.join('+')}:lateFee`, { ...part, payer: late }),
    ),
    ...credits.map(
      ({ part, amountFen }): Booked => ({
        type: 'AccountCredited',
        data: {
          ...{ creditNo: `${number}:${payers.join('+')}:${part}`, personId, regionCode, scheme },
          ...{ kind: 'monthly', amountFen, creditedOn: paidOn },
        },
      }),
    ),
  ]
}

function payerOf(payer: string): PremiumReceived['payer'] {
  const kind = payerKind(payer)
  return kind === 'employer' || kind === 'finance' ? kind : 'person'
}

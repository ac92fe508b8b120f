/** What a payment of a bill books: premiums of the region's funds, credits of the account. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { BillIssued, BillPaid, PremiumReceived } from '@tongchou/contracts/events.generated.ts'
import { payerKind } from '@tongchou/contracts/policy/dues/payers.ts'
import { monthOf } from '@tongchou/contracts/time.ts'
import { beginOf } from './assess.ts'
import { splitOf } from './split.ts'

type Booked = EventOf<'PremiumReceived' | 'AccountCredited'>

/**
 * Their numbers are the bill's id with what tells them apart behind a colon, which no number of an
 * agency has. The late fee is income of the fund and never credited. Σ of all = what was paid.
 */
export function bookedOf(issued: BillIssued, payment: BillPaid): readonly Booked[] {
  const { billId, regionCode, scheme, personId, lines } = issued
  const { payers, paidOn, lateFeeFen } = payment
  const { premiums, credits } = splitOf(lines, payers)
  const period = monthOf(beginOf(issued.period))
  const premium = (
    tail: string,
    payer: string,
    amountFen: PremiumReceived['amountFen'],
  ): Booked => ({
    type: 'PremiumReceived',
    data: {
      ...{ receiptNo: `${billId}:${tail}`, regionCode, scheme, payer: payerOf(payer) },
      ...{ period, amountFen, receivedOn: paidOn },
    },
  })
  const late = payers.includes('employer') ? 'employer' : (payers[0] ?? 'person')
  return [
    ...premiums.map(({ payer, fund, amountFen }) => premium(`${payer}:${fund}`, payer, amountFen)),
    ...(lateFeeFen > 0n ? [premium(`${payers.join('+')}:lateFee`, late, lateFeeFen)] : []),
    ...credits.map(
      ({ part, amountFen }): Booked => ({
        type: 'AccountCredited',
        data: {
          ...{ creditNo: `${billId}:${payers.join('+')}:${part}`, personId, regionCode, scheme },
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

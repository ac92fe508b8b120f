/** One row a receipt: what is listed. */
import type { PremiumReceived } from '@tongchou/contracts/events.generated.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { View } from '@tongchou/runtime/view/port.ts'

export type PremiumRow = { readonly [K in keyof PremiumReceived]: PremiumReceived[K] }

export const premiumView: View<PremiumRow> = {
  name: 'premium',
  topic: TOPICS.premium,
  columns: {
    receiptNo: 'text',
    regionCode: 'text',
    scheme: 'text',
    payer: 'text',
    fund: 'text',
    level: 'text',
    period: 'text',
    amountFen: 'bigint',
    receivedOn: 'text',
  },
  key: ['receiptNo'],
  indexes: [['regionCode', 'receiptNo']],
  version: 2,
  project: event => {
    if (event.type !== 'PremiumReceived') return []
    const { receiptNo, regionCode, scheme, payer, fund, level, ...rest } = event.data
    const { period, amountFen, receivedOn } = rest
    const place = { receiptNo, regionCode, scheme, payer, fund, level }
    return [{ key: [receiptNo], apply: () => ({ ...place, period, amountFen, receivedOn }) }]
  },
}

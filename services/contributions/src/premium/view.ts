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
    period: 'text',
    amountFen: 'bigint',
    receivedOn: 'text',
  },
  key: ['receiptNo'],
  indexes: [['regionCode', 'receiptNo']],
  version: 1,
  project: event => {
    if (event.type !== 'PremiumReceived') return []
    const { receiptNo, regionCode, scheme, payer, period, amountFen, receivedOn } = event.data
    const row = { receiptNo, regionCode, scheme, payer, period, amountFen, receivedOn }
    return [{ key: [receiptNo], apply: () => row }]
  },
}

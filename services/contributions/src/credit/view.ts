/** One row a credit: what is listed. */
import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { View } from '@tongchou/runtime/view/port.ts'

export type CreditRow = { readonly [K in keyof AccountCredited]: AccountCredited[K] }

export const creditView: View<CreditRow> = {
  name: 'account_credit',
  topic: TOPICS.accountCredit,
  columns: {
    creditNo: 'text',
    personId: 'text',
    regionCode: 'text',
    scheme: 'text',
    kind: 'text',
    amountFen: 'bigint',
    creditedOn: 'text',
  },
  key: ['creditNo'],
  indexes: [
    ['regionCode', 'creditNo'],
    ['personId', 'creditNo'],
  ],
  version: 1,
  project: event => {
    if (event.type !== 'AccountCredited') return []
    const { creditNo, personId, regionCode, scheme, kind, amountFen, creditedOn } = event.data
    const row = { creditNo, personId, regionCode, scheme, kind, amountFen, creditedOn }
    return [{ key: [creditNo], apply: () => row }]
  },
}

/** One row a bill: what is listed, and what the late fee of a day is computed from. */
import type { BillIssued } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { View } from '@tongchou/runtime/view/port.ts'

export type BillRow = {
  readonly billId: BillIssued['billId']
  readonly regionCode: string
  readonly scheme: BillIssued['scheme']
  readonly personId: BillIssued['personId']
  readonly employerNo: string | null
  readonly period: string
  readonly totalFen: Fen
  readonly openFen: Fen
  readonly open: boolean
  readonly dueOn: BusinessDate | null
  /** Due day and id: bills in the order in which they fall due, those without a day last. */
  readonly dueKey: string
  readonly noticeOn: BusinessDate | null
  readonly noticeDays: number | null
  readonly perDayBp: number | null
}

const NEVER = '9999-12-31'

export const billView: View<BillRow> = {
  name: 'bill',
  topic: TOPICS.bill,
  columns: {
    billId: 'text',
    regionCode: 'text',
    scheme: 'text',
    personId: 'text',
    employerNo: 'text',
    period: 'text',
    totalFen: 'bigint',
    openFen: 'bigint',
    open: 'boolean',
    dueOn: 'text',
    dueKey: 'text',
    noticeOn: 'text',
    noticeDays: 'integer',
    perDayBp: 'integer',
  },
  key: ['billId'],
  indexes: [
    ['regionCode', 'billId'],
    ['personId', 'billId'],
    ['employerNo', 'billId'],
    ['regionCode', 'open', 'dueKey'],
  ],
  version: 1,
  project: event => {
    switch (event.type) {
      case 'BillIssued': {
        const row = rowOf(event.data)
        return [{ key: [row.billId], apply: () => row }]
      }
      case 'ArrearsNoticed': {
        const { billId, deliveredOn } = event.data
        return [{ key: [billId], apply: row => row && { ...row, noticeOn: deliveredOn } }]
      }
      case 'BillPaid': {
        const { billId, openFen } = event.data
        const open = openFen > 0n
        return [{ key: [billId], apply: row => row && { ...row, openFen, open } }]
      }
      default:
        return []
    }
  },
}

function rowOf(issued: BillIssued): BillRow {
  const { billId, regionCode, scheme, personId, employerNo, period, totalFen, dueOn } = issued
  return {
    ...{ billId, regionCode, scheme, personId, employerNo, period, totalFen, dueOn },
    openFen: totalFen,
    open: totalFen > 0n,
    dueKey: `${dueOn ?? NEVER}/${billId}`,
    noticeOn: null,
    noticeDays: issued.lateFee?.noticeDays ?? null,
    perDayBp: issued.lateFee?.perDayBp ?? null,
  }
}

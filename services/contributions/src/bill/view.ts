/** One row a bill or supplement: what is listed, and what its late fee is computed from. */
import type { BillIssued } from '@tongchou/contracts/events.generated.ts'
import { type Fen, ZERO } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'

export type BillRow = {
  /** The bill's id; of a supplement with its number: `<id>:2`. */
  readonly billNo: string
  readonly billId: BillIssued['billId']
  readonly supplementNo: number
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
  readonly withdrawnOn: BusinessDate | null
}

const NEVER = '9999-12-31'

export const billView: View<BillRow> = {
  name: 'bill',
  topic: TOPICS.bill,
  columns: {
    billNo: 'text',
    billId: 'text',
    supplementNo: 'integer',
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
    withdrawnOn: 'text',
  },
  key: ['billNo'],
  indexes: [
    ['regionCode', 'billNo'],
    ['personId', 'billNo'],
    ['employerNo', 'billNo'],
    ['regionCode', 'open', 'dueKey'],
  ],
  version: 2,
  project: event => {
    switch (event.type) {
      case 'BillIssued': {
        const row = rowOf(event.data)
        return [{ key: [row.billNo], apply: () => row }]
      }
      case 'ArrearsNoticed': {
        const { deliveredOn: noticeOn } = event.data
        return [changed(event.data, row => ({ ...row, noticeOn }))]
      }
      case 'BillPaid':
      case 'PaymentUndone': {
        const { openFen } = event.data
        return [changed(event.data, row => ({ ...row, openFen, open: openFen > 0n }))]
      }
      case 'BillWithdrawn': {
        const { withdrawnOn } = event.data
        return [changed(event.data, row => ({ ...row, openFen: ZERO, open: false, withdrawnOn }))]
      }
      default:
        return []
    }
  },
}

type Named = Pick<BillIssued, 'billId' | 'supplementNo'>

function changed(event: Named, change: (row: BillRow) => BillRow): Change<BillRow> {
  return { key: [billNoOf(event)], apply: row => row && change(row) }
}

function billNoOf({ billId, supplementNo }: Named): string {
  return supplementNo === 0 ? billId : `${billId}:${supplementNo}`
}

function rowOf(issued: BillIssued): BillRow {
  const { billId, supplementNo, regionCode, scheme, personId, employerNo, period } = issued
  const { totalFen, dueOn } = issued
  const billNo = billNoOf(issued)
  return {
    ...{ billNo, billId, supplementNo, regionCode, scheme, personId, employerNo, period },
    ...{ totalFen, dueOn, withdrawnOn: null },
    openFen: totalFen,
    open: totalFen > 0n,
    dueKey: `${dueOn ?? NEVER}/${billNo}`,
    noticeOn: null,
    noticeDays: issued.lateFee?.noticeDays ?? null,
    perDayBp: issued.lateFee?.perDayBp ?? null,
  }
}

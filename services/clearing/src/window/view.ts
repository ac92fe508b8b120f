/** Windows as lists see them, and who has paid. */
import type { View } from '@tongchou/runtime/view/port.ts'
import { OWN_EVENTS } from '../door/view.ts'

export type WindowRow = {
  readonly windowNo: bigint
  readonly windowId: string
  readonly label: string
  readonly closedAt: string
  /** Position of WindowClosed in clearing's store. */
  readonly cutPosition: bigint
  readonly previousCut: bigint
  readonly netted: boolean
  readonly digest: string | null
}

export const windowView: View<WindowRow> = {
  name: 'clearing_window',
  topic: OWN_EVENTS,
  events: ['WindowClosed', 'WindowNetted'],
  columns: {
    windowNo: 'bigint',
    windowId: 'uuid',
    label: 'text',
    closedAt: 'text',
    cutPosition: 'bigint',
    previousCut: 'bigint',
    netted: 'boolean',
    digest: 'text',
  },
  key: ['windowNo'],
  indexes: [],
  version: 1,
  project: event => {
    if (event.type === 'WindowClosed') {
      const { windowNo, windowId, label, previousCut } = event.data
      const row: WindowRow = {
        windowNo: BigInt(windowNo),
        windowId,
        label,
        closedAt: event.at,
        cutPosition: event.position,
        previousCut,
        netted: false,
        digest: null,
      }
      return [{ key: [row.windowNo], apply: () => row }]
    }
    if (event.type !== 'WindowNetted') return []
    const { windowNo, digest } = event.data
    return [
      {
        key: [BigInt(windowNo)],
        apply: row => (row === undefined ? row : { ...row, netted: true, digest }),
      },
    ]
  },
}

/** One row for each region of a window: its net, and when it was confirmed. */
export type PaymentRow = {
  readonly windowNo: bigint
  readonly regionCode: string
  readonly netFen: bigint
  readonly noticeNo: string
  readonly reference: string | null
  readonly paidOn: string | null
}

export const paymentView: View<PaymentRow> = {
  name: 'payment',
  topic: OWN_EVENTS,
  events: ['WindowNetted', 'PaymentConfirmed'],
  columns: {
    windowNo: 'bigint',
    regionCode: 'text',
    netFen: 'bigint',
    noticeNo: 'text',
    reference: 'text',
    paidOn: 'text',
  },
  key: ['windowNo', 'regionCode'],
  indexes: [['regionCode', 'windowNo']],
  version: 1,
  project: event => {
    if (event.type === 'WindowNetted') {
      const windowNo = BigInt(event.data.windowNo)
      return event.data.nets.map(({ regionCode, netFen, noticeNo }) => ({
        key: [windowNo, regionCode],
        apply: () => ({ windowNo, regionCode, netFen, noticeNo, reference: null, paidOn: null }),
      }))
    }
    if (event.type !== 'PaymentConfirmed') return []
    const { windowNo, regionCode, reference, paidOn } = event.data
    return [
      {
        key: [BigInt(windowNo), regionCode],
        apply: row => (row === undefined ? row : { ...row, reference, paidOn }),
      },
    ]
  },
}

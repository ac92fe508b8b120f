/**
 * Sums over bills that are added up further when they are read: what was owed and what came of it,
 * by payer and day, and by employer and period. Whatever is taken back is as if it had never been.
 */
import type { BillPaid } from '@tongchou/contracts/events.generated.ts'
import { type Fen, fen, negate, sum, ZERO } from '@tongchou/contracts/money.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { View } from '@tongchou/runtime/view/port.ts'
import { partsOf, payersOf } from '../bill/arrears.ts'

export type DailyRow = {
  /** Region, scheme, payer, day and partition: bills of a person are in one partition. */
  readonly rowNo: string
  readonly regionCode: string
  readonly scheme: BillPaid['scheme']
  readonly payer: string
  /** What is owed from this day on; what came of it by this day, counted when it was due. */
  readonly day: string
  readonly dueFen: Fen
  readonly receivedFen: Fen
}

export type EmployerRow = {
  /** Employer, period, region and partition. */
  readonly rowNo: string
  readonly regionCode: string
  readonly employerNo: string
  readonly period: string
  readonly dueFen: Fen
  readonly receivedFen: Fen
}

type Place = Pick<BillPaid, 'regionCode' | 'scheme' | 'period' | 'employerNo' | 'byPayer'>
type Sums = { readonly dueFen: Fen; readonly receivedFen: Fen }
type Told = { readonly place: Place; readonly day: string; readonly of: keyof Sums; sign: 1n | -1n }

function toldBy(event: Recorded): Told | null {
  switch (event.type) {
    case 'BillIssued': {
      const parts = partsOf(event.data, payersOf(event.data))
      const place = { ...event.data, ...parts }
      return { place, day: parts.owedFrom, of: 'dueFen', sign: 1n }
    }
    case 'BillWithdrawn':
      return { place: event.data, day: event.data.owedFrom, of: 'dueFen', sign: -1n }
    case 'BillPaid':
      return { place: event.data, day: receivedOn(event.data), of: 'receivedFen', sign: 1n }
    case 'PaymentUndone':
      return { place: event.data, day: receivedOn(event.data), of: 'receivedFen', sign: -1n }
    default:
      return null
  }
}

/** What comes early is received of what is owed once it is owed. */
function receivedOn({ paidOn, owedFrom }: Pick<BillPaid, 'paidOn' | 'owedFrom'>): string {
  return paidOn > owedFrom ? paidOn : owedFrom
}

function added<R extends Sums>(row: R, { of, sign }: Told, amount: bigint): R {
  const change = sign === 1n ? fen(amount) : negate(fen(amount))
  return { ...row, [of]: sum(row[of], change) }
}

const NOTHING: Sums = { dueFen: ZERO, receivedFen: ZERO }

export const dailyView: View<DailyRow> = {
  name: 'dues_daily',
  topic: TOPICS.bill,
  columns: {
    rowNo: 'text',
    regionCode: 'text',
    scheme: 'text',
    payer: 'text',
    day: 'text',
    dueFen: 'bigint',
    receivedFen: 'bigint',
  },
  key: ['rowNo'],
  indexes: [['regionCode', 'rowNo']],
  version: 1,
  project: event => {
    const told = toldBy(event)
    if (told === null) return []
    const { place, day } = told
    const { regionCode, scheme, byPayer } = place
    return Object.entries(byPayer).map(([payer, amount]) => {
      const rowNo = [regionCode, scheme, payer, day, event.partition].join('/')
      const empty = { rowNo, regionCode, scheme, payer, day, ...NOTHING }
      return { key: [rowNo], apply: row => added(row ?? empty, told, amount) }
    })
  },
}

export const employerView: View<EmployerRow> = {
  name: 'dues_employer',
  topic: TOPICS.bill,
  columns: {
    rowNo: 'text',
    regionCode: 'text',
    employerNo: 'text',
    period: 'text',
    dueFen: 'bigint',
    receivedFen: 'bigint',
  },
  key: ['rowNo'],
  indexes: [['regionCode', 'rowNo']],
  version: 1,
  project: event => {
    const told = toldBy(event)
    if (told === null || told.place.employerNo === null) return []
    const { regionCode, period, employerNo, byPayer } = told.place
    const amount = sum(ZERO, ...Object.values(byPayer).map(fen))
    const rowNo = `${groupOf(employerNo, period)}${regionCode}/${event.partition}`
    const empty = { rowNo, regionCode, employerNo, period, ...NOTHING }
    return [{ key: [rowNo], apply: row => added(row ?? empty, told, amount) }]
  },
}

/** Colons are in no number of an employer. */
function groupOf(employerNo: string, period: string): string {
  return `${employerNo}:${period}:`
}

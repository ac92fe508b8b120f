/** One row for each account: where the person is insured, the balance, the totals of every year. */

import type { Topic } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'
import { addToMap, type TotalsMap } from '../policy/totals.ts'
import { ACCOUNT_EVENTS, type AccountEvent, isAccountEvent } from './events.ts'

/** What happens to accounts, as the service itself reads it. */
export const OWN_EVENTS: Topic = {
  name: 'claims.events',
  service: 'claims',
  events: ACCOUNT_EVENTS,
  keyedBy: 'person',
}

export type AccountRow = {
  readonly personId: string
  /** Of the newest event that says it; money taken back does not. Empty before. */
  readonly regionCode: string
  readonly scheme: string
  readonly balanceFen: bigint
  /** `{"2025":{"paidInFen":"1200"}}`: totals by year, amounts as text so that none is rounded. */
  readonly years: string
}

export const accountView: View<AccountRow> = {
  name: 'account',
  topic: OWN_EVENTS,
  columns: {
    personId: 'uuid',
    regionCode: 'text',
    scheme: 'text',
    balanceFen: 'bigint',
    years: 'json',
  },
  key: ['personId'],
  indexes: [['regionCode', 'personId']],
  version: 2,
  project: event => (isAccountEvent(event) ? [changeOf(event)] : []),
}

function changeOf(event: Recorded & AccountEvent): Change<AccountRow> {
  const { personId } = event.data
  return { key: [personId], apply: row => after(row ?? emptyRow(personId), event) }
}

const NO_YEARS = '{}'

function emptyRow(personId: string): AccountRow {
  return { personId, regionCode: '', scheme: '', balanceFen: 0n, years: NO_YEARS }
}

function after(row: AccountRow, event: AccountEvent): AccountRow {
  switch (event.type) {
    case 'AccountCreditReceived': {
      const { regionCode, scheme, balanceFen, amountFen } = event.data
      const takesBack = amountFen < 0n && row.regionCode !== ''
      return takesBack ? { ...row, balanceFen } : { ...row, regionCode, scheme, balanceFen }
    }
    case 'ClaimAdjudicated': {
      const { insuredRegion, scheme, year, before, effect } = event.data
      const balanceFen = event.data.balanceBeforeFen - event.data.accountFen
      const years = withYear(row, year, addToMap(before, effect, 1n))
      return { ...row, regionCode: insuredRegion, scheme, balanceFen, years }
    }
    case 'AdjudicationUndone': {
      const { year, effect, balanceFen } = event.data
      const before = yearsOf(row)[year] ?? {}
      return { ...row, balanceFen, years: withYear(row, year, addToMap(before, effect, -1n)) }
    }
    case 'AccountMoved': {
      const { balanceFen, toRegion } = event.data
      return { ...row, balanceFen, regionCode: toRegion ?? row.regionCode }
    }
    case 'YearClosed':
    case 'RelativeRegistered':
      return row
  }
}

/** The totals of every year that the row holds. */
export function yearsOf({ years }: Pick<AccountRow, 'years'>): Record<string, TotalsMap> {
  const parsed: Written = JSON.parse(years)
  return Object.fromEntries(
    Object.entries(parsed).map(([year, amounts]) => [
      year,
      Object.fromEntries(Object.entries(amounts).map(([name, text]) => [name, BigInt(text)])),
    ]),
  )
}

/** Amounts are text: what stands in other years is not looked at. */
type Written = Record<string, Record<string, string>>

function withYear({ years }: AccountRow, year: number, amounts: TotalsMap): string {
  const written: Written = years === NO_YEARS ? {} : JSON.parse(years)
  const texts: Record<string, string> = {}
  for (const name in amounts) texts[name] = `${amounts[name]}`
  written[year] = texts
  return JSON.stringify(written)
}

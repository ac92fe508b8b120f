/**
 * The chart of accounts: data in chart.json, and the names by which the posting rules call its
 * accounts.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import chart from './chart.json' with { type: 'json' }

export type Side = 'debit' | 'credit'
export type Element = 'asset' | 'liability' | 'fund' | 'income' | 'expense'

export type ChartAccount = {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly element: Element
  /** The side on which the account grows. */
  readonly side: Side
  /** What its counterparties are; null for an account without. */
  readonly counterparty: 'institution' | 'region' | 'window' | 'level' | null
  readonly use: string
  readonly source: string | null
  /** What no source says. */
  readonly assumption: string | null
}

/** What the chart says of itself. */
export const CHART_NOTES = { title: chart.title, basis: chart.basis } as const

const ELEMENT_SIDES: Readonly<Record<string, readonly [Element, Side]>> = {
  asset: ['asset', 'debit'],
  liability: ['liability', 'credit'],
  fund: ['fund', 'credit'],
  income: ['income', 'credit'],
  expense: ['expense', 'debit'],
}
const COUNTERPARTIES = ['institution', 'region', 'window', 'level'] as const

/** In the order of the codes. */
export const CHART: readonly ChartAccount[] = chart.accounts.map(account => {
  const known = ELEMENT_SIDES[account.element]
  assert(known !== undefined && known[1] === account.side, `${account.code}: element and side`)
  const counterparty = COUNTERPARTIES.find(kind => kind === account.counterparty) ?? null
  assert(counterparty === account.counterparty, `${account.code}: counterparty`)
  return { ...account, element: known[0], side: known[1], counterparty }
})

const byCode = new Map(CHART.map(account => [account.code, account]))

export function chartAccount(code: string): ChartAccount | undefined {
  return byCode.get(code)
}

/** The accounts that postings are made to. */
export const ACCOUNT = {
  bank: '1003',
  dueFromRegion: '110111',
  dueFromCentre: '110112',
  owedToInstitutions: '200111',
  owedToRegion: '200112',
  owedToCentre: '200113',
  fundBalance: '3002',
  premiumIncome: '4001',
  subsidyIncome: '4002',
  interestIncome: '4003',
  transferIncome: '4004',
  benefitExpense: '5001',
  transferExpense: '5002',
} as const

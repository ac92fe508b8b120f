/** 试算平衡表: sums of each account of each entity, whose debits and credits must come to the same. */
import type { LedgerAccount } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { Entry } from '../journal/entries.ts'
import { pack } from '../journal/pack.ts'

export type TrialRow = {
  readonly account: string
  readonly debitFen: Fen
  readonly creditFen: Fen
}

export type EntityBalance = {
  readonly entity: string
  /** By account, counterparties added up. */
  readonly rows: readonly TrialRow[]
  readonly debitFen: Fen
  readonly creditFen: Fen
}

export type TrialBalance = {
  readonly entities: readonly EntityBalance[]
  readonly debitFen: Fen
  readonly creditFen: Fen
  /** In each entity, and so in all. */
  readonly balanced: boolean
}

/** Trial balance of some entries, from zero. */
export function trialBalance(entries: Iterable<Entry>): TrialBalance {
  return trialBalanceOf(pack([...entries]).accounts)
}

/** Trial balance of rows of the books. */
export function trialBalanceOf(rows: readonly LedgerAccount[]): TrialBalance {
  const byEntity = Map.groupBy(rows, ({ entity }) => entity)
  const entities = [...byEntity]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([entity, of]) => ({ entity, rows: accountRows(of), ...totals(of) }))
  const balanced = entities.every(({ debitFen, creditFen }) => debitFen === creditFen)
  return { entities, ...totals(rows), balanced }
}

function accountRows(rows: readonly LedgerAccount[]): readonly TrialRow[] {
  const byAccount = Map.groupBy(rows, ({ account }) => account)
  return [...byAccount]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, of]) => ({ account, ...totals(of) }))
}

function totals(rows: readonly LedgerAccount[]): { debitFen: Fen; creditFen: Fen } {
  let debit = 0n
  let credit = 0n
  for (const { debitFen, creditFen } of rows) {
    debit += debitFen
    credit += creditFen
  }
  return { debitFen: debit as Fen, creditFen: credit as Fen }
}

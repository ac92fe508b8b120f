/** What must hold of the books at every position; each check says what breaks it. */
import type { LedgerAccount } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { minus, ZERO } from '@tongchou/contracts/money.ts'
import { trialBalanceOf } from '../balance/trial-balance.ts'
import { ACCOUNT } from '../chart/accounts.ts'
import { regionOfEntity } from '../journal/entity.ts'
import { signedBalance } from '../journal/pack.ts'

export const CHECKS = [
  'debits-equal-credits',
  'entities-balance',
  'pairs-mirror',
  'windows-sum-to-zero',
  'journal-sound',
  'view-equals-journal',
] as const
export type CheckName = (typeof CHECKS)[number]

/** `ok` null: could not be told this time, because the view moved while it was read. */
export type CheckResult = {
  readonly check: CheckName
  readonly ok: boolean | null
  /** What breaks it, at most `MAX_FAULTS`. */
  readonly faults: readonly string[]
}

export type Evidence = {
  readonly rows: readonly LedgerAccount[]
  /** Found while the journal was followed. */
  readonly journalFaults: readonly string[]
  /** Null: unknown. */
  readonly viewFaults: readonly string[] | null
}

const MAX_FAULTS = 20

export function runChecks({ rows, journalFaults, viewFaults }: Evidence): readonly CheckResult[] {
  return [
    result('debits-equal-credits', overall(rows)),
    result('entities-balance', entityFaults(rows)),
    result('pairs-mirror', mirrorFaults(rows)),
    result('windows-sum-to-zero', windowFaults(rows)),
    result('journal-sound', journalFaults),
    result('view-equals-journal', viewFaults),
  ]
}

function result(check: CheckName, faults: readonly string[] | null): CheckResult {
  if (faults === null) return { check, ok: null, faults: [] }
  return { check, ok: faults.length === 0, faults: faults.slice(0, MAX_FAULTS) }
}

/** Debits less credits over all books; anything but 0 is an alarm. */
export function imbalanceOf(rows: readonly LedgerAccount[]): Fen {
  let total = 0n
  for (const row of rows) total += signedBalance(row)
  return total as Fen
}

function overall(rows: readonly LedgerAccount[]): readonly string[] {
  const imbalance = imbalanceOf(rows)
  return imbalance === 0n ? [] : [`all books are out by ${imbalance} fen`]
}

function entityFaults(rows: readonly LedgerAccount[]): readonly string[] {
  return trialBalanceOf(rows)
    .entities.filter(({ debitFen, creditFen }) => debitFen !== creditFen)
    .map(({ entity, debitFen, creditFen }) => `${entity} is out by ${debitFen - creditFen} fen`)
}

/**
 * What the funds of A owe B is what the working fund of B is owed by A: settled together, netted
 * together.
 */
function mirrorFaults(rows: readonly LedgerAccount[]): readonly string[] {
  const pairs = new Map<string, bigint>()
  for (const row of rows) {
    const region = regionOfEntity(row.entity)
    const other = row.counterparty ?? ''
    const pair = pairOf(row.account, region, other)
    if (pair !== null) pairs.set(pair, (pairs.get(pair) ?? 0n) + signedBalance(row))
  }
  return [...pairs]
    .filter(([, sum]) => sum !== 0n)
    .map(([pair, sum]) => `${pair}: payable and receivable differ by ${sum} fen`)
}

function pairOf(account: string, region: string, other: string): string | null {
  if (account === ACCOUNT.owedToRegion) return `${region}>${other}`
  return account === ACCOUNT.dueFromRegion ? `${other}>${region}` : null
}

const OF_WINDOW: ReadonlySet<string> = new Set([
  ACCOUNT.dueFromCentre,
  ACCOUNT.owedToCentre,
  ACCOUNT.bank,
])

/**
 * Over all regions what a window leaves open with the centre and what was paid for it come to 0:
 * its nets did when it was netted, and each payment only turns a part of one into the other.
 */
function windowFaults(rows: readonly LedgerAccount[]): readonly string[] {
  const windows = new Map<string, bigint>()
  for (const row of rows) {
    if (row.counterparty === null || !OF_WINDOW.has(row.account)) continue
    const before = windows.get(row.counterparty) ?? 0n
    windows.set(row.counterparty, before + signedBalance(row))
  }
  return [...windows]
    .filter(([, sum]) => sum !== 0n)
    .map(([window, sum]) => `${window}: nets and payments are out by ${sum} fen`)
}

/** Where two sets of balances differ; an account without movement is the same as an absent one. */
export function differences(
  expected: readonly LedgerAccount[],
  found: readonly LedgerAccount[],
): readonly string[] {
  const open = new Map(expected.map(row => [nameOf(row), row]))
  const faults: string[] = []
  for (const row of found) {
    const name = nameOf(row)
    const { debitFen = 0n, creditFen = 0n } = open.get(name) ?? {}
    open.delete(name)
    if (row.debitFen === debitFen && row.creditFen === creditFen) continue
    faults.push(`${name}: ${row.debitFen}/${row.creditFen} instead of ${debitFen}/${creditFen}`)
  }
  for (const [name, { debitFen, creditFen }] of open) {
    if (debitFen !== 0n || creditFen !== 0n) faults.push(`${name}: missing`)
  }
  return faults
}

function nameOf({ entity, account, counterparty }: LedgerAccount): string {
  return counterparty === null ? `${entity} ${account}` : `${entity} ${account} ${counterparty}`
}

/** The rows without some events: where the books stood before these. */
export function without(
  rows: readonly LedgerAccount[],
  undone: readonly { readonly accounts: readonly LedgerAccount[] }[],
): readonly LedgerAccount[] {
  const sums = new Map(rows.map(row => [nameOf(row), row]))
  for (const row of undone.flatMap(({ accounts }) => accounts)) {
    const name = nameOf(row)
    const before = sums.get(name) ?? { ...row, debitFen: ZERO, creditFen: ZERO }
    const debitFen = minus(before.debitFen, row.debitFen)
    sums.set(name, { ...row, debitFen, creditFen: minus(before.creditFen, row.creditFen) })
  }
  return [...sums.values()]
}

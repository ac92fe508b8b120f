/**
 * Entries as callers search them: which pass a filter, where a page ends, what of a line is told.
 */

import type {
  JournalPosted,
  LedgerAccount,
  PackedEntry,
} from '@tongchou/contracts/events.generated.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import type { Filter } from '../balance/books.ts'
import { regionOfEntity } from './entity.ts'

/** An entry of a journal event: the event's position and the entry's number in it. */
export type EntryPlace = { readonly position: bigint; readonly index: number }

/** `<position>.<index>` of the last entry looked at. */
export function placeText({ position, index }: EntryPlace): string {
  return `${position}.${index}`
}

/** From text that the schema let through. */
export function placeFrom(text: string): EntryPlace {
  const [position = '0', index = '0'] = text.split('.')
  return { position: BigInt(position), index: Number(index) }
}

/** Booked from the first instant on and up to the second, both included; absent ends are open. */
export type Span = { readonly from?: Instant | undefined; readonly to?: Instant | undefined }

/** True for a filter that lets everything pass. */
export function isOpen(filter: Filter): boolean {
  return Object.values(filter).every(value => value === undefined)
}

/** Numbers of the accounts in a journal event that pass; null when all do. */
export function passing(
  { accounts }: Pick<JournalPosted, 'accounts'>,
  filter: Filter,
): ReadonlySet<number> | null {
  if (isOpen(filter)) return null
  const numbers = new Set<number>()
  accounts.forEach((account, index) => {
    if (passes(account, filter)) numbers.add(index)
  })
  return numbers
}

function passes({ entity, account, counterparty }: LedgerAccount, wanted: Filter): boolean {
  return (
    (wanted.entity === undefined || wanted.entity === entity) &&
    (wanted.region === undefined || wanted.region === regionOfEntity(entity)) &&
    (wanted.account === undefined || wanted.account === account) &&
    (wanted.counterparty === undefined || wanted.counterparty === counterparty)
  )
}

export function touches({ lines }: PackedEntry, numbers: ReadonlySet<number> | null): boolean {
  return numbers === null || lines.some(({ account }) => numbers.has(account))
}

/**
 * True when the sums of what passes are the same in two balances: nothing that passes was booked
 * between them.
 */
export function isIdle(
  before: readonly LedgerAccount[],
  later: readonly LedgerAccount[],
  filter: Filter,
): boolean {
  return volumeOf(before, filter) === volumeOf(later, filter)
}

/** Debits and credits only ever grow, so equal volumes mean that nothing moved. */
function volumeOf(accounts: readonly LedgerAccount[], filter: Filter): bigint {
  let volume = 0n
  for (const account of accounts) {
    if (passes(account, filter)) volume += account.debitFen + account.creditFen
  }
  return volume
}

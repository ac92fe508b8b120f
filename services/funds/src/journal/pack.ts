/**
 * Entries as JournalPosted keeps them: each account of the batch is named once, with its sums, and
 * lines refer to it by number. A sixth of the bytes, and who wants balances alone reads the sums.
 */
import type { JournalPosted, PackedEntry } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { negate, ZERO } from '@tongchou/contracts/money.ts'
import type { Entry, EntryLine } from './entries.ts'

export type Packed = Pick<JournalPosted, 'accounts' | 'entries' | 'debitFen'>

type Sums = {
  readonly index: number
  readonly entity: string
  readonly account: string
  readonly counterparty: string | null
  debitFen: Fen
  creditFen: Fen
}

/** Accounts in the order of first use. */
export function pack(entries: readonly Entry[]): Packed {
  const entities = new Map<string, Map<string, Sums>>()
  const accounts: Sums[] = []
  const packed: PackedEntry[] = []
  let debit = 0n
  for (const { kind, sourceEventId, sourcePosition, claimId, lines } of entries) {
    const numbered = lines.map(line => {
      const sums = sumsOf(entities, accounts, line)
      const { amountFen } = line
      if (amountFen > 0n) {
        sums.debitFen = (sums.debitFen + amountFen) as Fen
        debit += amountFen
      } else {
        sums.creditFen = (sums.creditFen - amountFen) as Fen
      }
      return { account: sums.index, amountFen }
    })
    packed.push({ kind, sourceEventId, sourcePosition, claimId, lines: numbered })
  }
  return { accounts, entries: packed, debitFen: debit as Fen }
}

function sumsOf(
  entities: Map<string, Map<string, Sums>>,
  accounts: Sums[],
  { entity, account, counterparty }: EntryLine,
): Sums {
  let ofEntity = entities.get(entity)
  if (ofEntity === undefined) {
    ofEntity = new Map()
    entities.set(entity, ofEntity)
  }
  const key = counterparty === null ? account : `${account} ${counterparty}`
  const known = ofEntity.get(key)
  if (known !== undefined) return known
  const index = accounts.length
  const sums = { index, entity, account, counterparty, debitFen: ZERO, creditFen: ZERO }
  ofEntity.set(key, sums)
  accounts.push(sums)
  return sums
}

/**
 * The entries of a journal event, each line with its account. Throws RangeError on a number without
 * account.
 */
export function unpack(journal: Pick<JournalPosted, 'accounts' | 'entries'>): readonly Entry[] {
  return journal.entries.map(({ lines, ...entry }) => ({
    ...entry,
    lines: lines.map(({ account: index, amountFen }) => {
      const known = journal.accounts[index]
      if (known === undefined) throw new RangeError(`no account number ${index}`)
      const { entity, account, counterparty } = known
      return { entity, account, counterparty, amountFen }
    }),
  }))
}

/**
 * What is wrong with a journal event, in words; empty when each entry is balanced in each entity
 * and the sums are those of the lines.
 */
export function faultsOf(journal: Packed): readonly string[] {
  const { accounts, entries } = journal
  const faults: string[] = []
  const debits = accounts.map((): bigint => 0n)
  const credits = accounts.map((): bigint => 0n)
  for (const entry of entries) {
    const fault = imbalanceOf(journal, entry)
    if (fault !== null) faults.push(fault)
    for (const { account, amountFen } of entry.lines) {
      if (amountFen > 0n) debits[account] = (debits[account] ?? 0n) + amountFen
      else credits[account] = (credits[account] ?? 0n) - amountFen
    }
  }
  let total = 0n
  accounts.forEach(({ entity, account, debitFen, creditFen }, index) => {
    total += debitFen
    if (debitFen === debits[index] && creditFen === credits[index]) return
    faults.push(`${entity} ${account}: the sums are not those of the lines`)
  })
  if (total !== journal.debitFen) faults.push('the debits do not add up')
  return faults
}

/** Null when the lines of the entry add up to 0 in each entity. */
function imbalanceOf({ accounts }: Packed, entry: PackedEntry): string | null {
  const sums = new Map<string, bigint>()
  for (const { account, amountFen } of entry.lines) {
    const entity = accounts[account]?.entity
    if (entity === undefined) return `entry of ${entry.sourceEventId}: no account number ${account}`
    sums.set(entity, (sums.get(entity) ?? 0n) + amountFen)
  }
  for (const [entity, sum] of sums) {
    if (sum !== 0n) return `entry of ${entry.sourceEventId}: ${entity} is out by ${sum} fen`
  }
  return null
}

/** Debits and credits as one signed figure: + debit balance, - credit balance. */
export function signedBalance({ debitFen, creditFen }: { debitFen: Fen; creditFen: Fen }): Fen {
  return (debitFen + negate(creditFen)) as Fen
}

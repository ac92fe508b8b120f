/**
 * The books as others read them: every entry, cut by region so that none holds the books of two,
 * and every account at each cut. No running balances: they would need all that was booked before,
 * and a balance is its row at a cut and the postings after it.
 */
import type {
  BalancesStruck,
  JournalPosted,
  LedgerAccount,
} from '@tongchou/contracts/events.generated.ts'
import { negate, ZERO } from '@tongchou/contracts/money.ts'
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import {
  numbered,
  type Publisher,
  publicIdOf,
  type Said,
  say,
} from '@tongchou/runtime/public/port.ts'
import { fundOfEntity, regionOfEntity } from './journal/entity.ts'
import type { Entry, EntryLine } from './journal/entries.ts'
import { unpack } from './journal/pack.ts'

export const publish: Publisher = {
  events: new Set(['JournalPosted', 'BalancesStruck']),
  publicEvents: event => {
    if (event.type === 'JournalPosted')
      return numbered(event, entriesSaid(event.position, event.data))
    if (event.type === 'BalancesStruck') return numbered(event, balancesSaid(event.data))
    return []
  },
}

type Part = { readonly entry: Entry; readonly region: string; readonly lines: EntryLine[] }

function entriesSaid(position: bigint, journal: JournalPosted): readonly Said[] {
  const { month } = journal
  return unpack(journal)
    .flatMap(partsOf)
    .map((part, entryNo) => {
      const { entry, region, lines } = part
      const { kind, claimId } = entry
      const data = {
        ...{ position, entryNo, month, region, kind, claimId },
        windowNo: windowNoOf(entry),
        causedBy: isTold(entry) ? publicIdOf(entry.sourceEventId) : null,
        postings: lines.map(postingOf),
      }
      const place = { key: keyOf(part, data.windowNo), regions: [region] }
      return say(PUBLIC_TOPICS.journal, 'JournalEntryPosted', { ...place, data })
    })
}

/** An entry is balanced within each entity, so each region's part of it is balanced, too. */
function partsOf(entry: Entry): readonly Part[] {
  const parts = new Map<string, Part>()
  for (const line of entry.lines) {
    const region = regionOfEntity(line.entity)
    const part = parts.get(region) ?? { entry, region, lines: [] }
    part.lines.push(line)
    parts.set(region, part)
  }
  return [...parts.values()]
}

/** Claims and windows are public facts of clearing; what is paid in, and for whom, is not. */
function isTold({ kind }: Entry): boolean {
  return kind !== 'premium' && kind !== 'credit' && kind !== 'movement'
}

function keyOf({ entry, region, lines }: Part, windowNo: number | null): string {
  if (entry.claimId !== null) return entry.claimId
  if (windowNo !== null) return `window-${windowNo}`
  return `${region}/${fundOfEntity(lines[0]?.entity ?? '')}`
}

const WINDOW = /^window-(\d+)$/

/** Every netting and payment has an account that is kept for its window. */
function windowNoOf({ lines }: Entry): number | null {
  for (const { counterparty } of lines) {
    const number = WINDOW.exec(counterparty ?? '')?.[1]
    if (number !== undefined) return Number(number)
  }
  return null
}

function postingOf({ entity, account, counterparty, amountFen }: EntryLine) {
  const fund = fundOfEntity(entity)
  return amountFen > 0n
    ? { fund, account, counterparty, debitFen: amountFen, creditFen: ZERO }
    : { fund, account, counterparty, debitFen: ZERO, creditFen: negate(amountFen) }
}

function balancesSaid({ accounts, cutPosition, bookedAt }: BalancesStruck): readonly Said[] {
  return accounts.map(sums => {
    const { entity, account, counterparty, debitFen, creditFen } = sums
    const [region, fund] = [regionOfEntity(entity), fundOfEntity(entity)]
    const balance = { region, fund, account, counterparty, debitFen, creditFen }
    return say(PUBLIC_TOPICS.balanceState, 'AccountBalance', {
      ...{ key: accountKey(sums), regions: [region] },
      data: { ...balance, cutPosition, bookedAt },
    })
  })
}

function accountKey({ entity, account, counterparty }: LedgerAccount): string {
  return `${entity}/${account}/${counterparty ?? '-'}`
}

/**
 * The books as sums: debits and credits of every account of every entity, folded from the journal.
 * The sums of a fold are the same however it is cut, so any past state is a struck balance plus the
 * events after it.
 */
import type {
  BalancesStruck,
  JournalPosted,
  LedgerAccount,
} from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { ZERO } from '@tongchou/contracts/money.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { regionOfEntity } from '../journal/entity.ts'

/** A journal event with its place and time of booking. */
export type Booked = {
  readonly position: bigint
  readonly at: Instant
  readonly data: JournalPosted
}

/** Where some books stand. `bookedAt` never goes back, even when the clock of a writer did. */
export type Standing = {
  /** Last journal event that is in; 0 for empty books. */
  readonly position: bigint
  readonly bookedAt: Instant | null
  readonly events: bigint
  readonly entries: bigint
}

export type Filter = {
  readonly entity?: string | undefined
  readonly region?: string | undefined
  readonly account?: string | undefined
  readonly counterparty?: string | undefined
}

type Sums = {
  readonly entity: string
  readonly account: string
  readonly counterparty: string | null
  debitFen: Fen
  creditFen: Fen
}

/** Mutable: one fold. Copies are made by striking and starting anew. */
export class Books {
  readonly #entities = new Map<string, Map<string, Sums>>()
  #standing: Standing = { position: 0n, bookedAt: null, events: 0n, entries: 0n }
  #rows = 0

  /** Books that stand at a cut. */
  static from(struck: BalancesStruck): Books {
    const books = new Books()
    books.#add(struck.accounts)
    const { cutPosition, bookedAt, events, entries } = struck
    books.#standing = { position: cutPosition, bookedAt, events, entries }
    return books
  }

  get standing(): Standing {
    return this.#standing
  }

  /** Accounts with a movement, over all entities. */
  get size(): number {
    return this.#rows
  }

  apply({ position, at, data }: Booked): void {
    this.#add(data.accounts)
    const { bookedAt, events, entries } = this.#standing
    this.#standing = {
      position,
      bookedAt: bookedAt !== null && bookedAt > at ? bookedAt : at,
      events: events + 1n,
      entries: entries + BigInt(data.entries.length),
    }
  }

  #add(accounts: readonly LedgerAccount[]): void {
    for (const { entity, account, counterparty, debitFen, creditFen } of accounts) {
      const sums = this.#sumsOf(entity, account, counterparty)
      sums.debitFen = (sums.debitFen + debitFen) as Fen
      sums.creditFen = (sums.creditFen + creditFen) as Fen
    }
  }

  #sumsOf(entity: string, account: string, counterparty: string | null): Sums {
    let ofEntity = this.#entities.get(entity)
    if (ofEntity === undefined) {
      ofEntity = new Map()
      this.#entities.set(entity, ofEntity)
    }
    const key = counterparty === null ? account : `${account} ${counterparty}`
    const known = ofEntity.get(key)
    if (known !== undefined) return known
    const sums = { entity, account, counterparty, debitFen: ZERO, creditFen: ZERO }
    ofEntity.set(key, sums)
    this.#rows += 1
    return sums
  }

  /** Names of the entities, sorted. */
  entities(region?: string): readonly string[] {
    const names = [...this.#entities.keys()].sort()
    return region === undefined ? names : names.filter(name => regionOfEntity(name) === region)
  }

  /** Copies of the rows that pass, sorted by entity, account, counterparty. */
  rows({ entity, region, account, counterparty }: Filter = {}): readonly LedgerAccount[] {
    const names = entity === undefined ? this.entities(region) : [entity]
    return names.flatMap(name => {
      if (region !== undefined && regionOfEntity(name) !== region) return []
      const sums = this.#entities.get(name)
      if (sums === undefined) return []
      return [...sums]
        .filter(([, row]) => account === undefined || row.account === account)
        .filter(([, row]) => counterparty === undefined || row.counterparty === counterparty)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => ({ ...row }))
    })
  }

  /** All of it as the event that later folds start from. Null for books in which nothing stands. */
  strike(): BalancesStruck | null {
    const { position, bookedAt, events, entries } = this.#standing
    if (bookedAt === null) return null
    return { cutPosition: position, bookedAt, events, entries, accounts: this.rows() }
  }
}

/** A point of the past: the books after an event, or as they were at an instant. */
export type Target =
  | { readonly kind: 'position'; readonly position: bigint }
  | { readonly kind: 'instant'; readonly at: Instant }

/**
 * True for an event that the books at the target do not hold. At an instant these are the first
 * event booked later and everything after it: an answer about the past never changes, whatever
 * clocks do.
 */
export function isBeyond(
  target: Target,
  { position, at }: { position: bigint; at: Instant },
): boolean {
  return target.kind === 'position' ? position > target.position : at > target.at
}

/**
 * Applies events, in order, up to the target. True when one beyond it was met: the books are
 * complete.
 */
export function foldTo(books: Books, events: Iterable<Booked>, target: Target): boolean {
  for (const event of events) {
    if (isBeyond(target, event)) return true
    books.apply(event)
  }
  return false
}

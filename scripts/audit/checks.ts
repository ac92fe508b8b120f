/**
 * What an audit checks, how much of it there was, and what it found; found damage is listed up to a
 * limit.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'

export const CHECKS = {
  positions: 'positions are 1, 2, 3 … without a hole',
  head: 'the store ends where it says it does',
  chains: 'hashes follow from events and the ones before; versions have no gap',
  identity: 'event ids follow from commands, partitions from keys',
  encoding: 'bytes are what type, schema and store say',
  checkpoints: 'signed checkpoints are genuine and the store is what they say',
  packs: 'policy packs have the content that names them',
  facts: 'adjudications rest on the facts that the claims carry',
  accounts: 'balances and running totals follow from the events before',
  adjudications: 'adjudications are what their packs compute',
  credits: 'personal accounts received what was credited',
  settlements: 'settlements and reversals have the adjudicated shares',
  windows: 'windows are the netting of what lies between their cuts; nets sum to 0',
  journal: 'debits equal credits in each entry and entity, and overall',
  books: 'entries are what the source events say, each once',
  cuts: 'struck balances are the journal up to their cut',
  views: 'rows of views are those of a rebuild',
} as const
export type CheckId = keyof typeof CHECKS

export type Finding = {
  readonly check: CheckId
  readonly service: ServiceName
  /** Of the damaged event; null where the damage is not in one event. */
  readonly position: bigint | null
  readonly stream: string | null
  /** One sentence: what is wrong. No personal data. */
  readonly detail: string
}

type Count = { checked: number; found: number }

/** Damage of one check and service that is listed; more is counted. */
const MAX_LISTED = 50

export type TallyResult = {
  readonly counts: Readonly<Partial<Record<CheckId, Readonly<Count>>>>
  readonly findings: readonly Finding[]
}

/** The counts and findings of one service. */
export class Tally {
  readonly #service: ServiceName
  readonly #counts = new Map<CheckId, Count>()
  readonly #findings: Finding[] = []

  constructor(service: ServiceName) {
    this.#service = service
  }

  #of(check: CheckId): Count {
    const known = this.#counts.get(check)
    if (known !== undefined) return known
    const made = { checked: 0, found: 0 }
    this.#counts.set(check, made)
    return made
  }

  checked(check: CheckId, count = 1): void {
    this.#of(check).checked += count
  }

  found(
    check: CheckId,
    place: { readonly position: bigint | null; readonly stream: string | null },
    detail: string,
  ): void {
    const count = this.#of(check)
    count.found += 1
    if (count.found > MAX_LISTED) return
    const { position, stream } = place
    this.#findings.push({ check, service: this.#service, position, stream, detail })
  }

  result(): TallyResult {
    return { counts: Object.fromEntries(this.#counts), findings: this.#findings }
  }
}

/** Where damage is that lies in no single event. */
export const NOWHERE = { position: null, stream: null }

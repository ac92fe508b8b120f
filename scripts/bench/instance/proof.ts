/**
 * What the stores hold, counted by SQL: the bench believes its own figures only when these agree.
 */
import type { Pool } from 'pg'
import { headsOf } from './drain.ts'

export type Counts = {
  /** End of each service's log. */
  readonly heads: ReadonlyMap<string, bigint>
  readonly settledEvents: number
  readonly heldEvents: number
  /** Σ debits and Σ credits over all accounts of the books, fen. */
  readonly debitFen: bigint
  readonly creditFen: bigint
  readonly parked: number
}

export async function countStores(pool: Pool): Promise<Counts> {
  const events = await pool.query<{ settled: string; held: string }>(
    `select count(*) filter (where type = 'ClaimSettled') as settled,
       count(*) filter (where type = 'ClaimHeld') as held
     from clearing.event`,
  )
  const books = await pool.query<{ debit: string; credit: string }>(
    `select coalesce(sum(debit_fen), 0) as debit, coalesce(sum(credit_fen), 0) as credit
     from funds.balance`,
  )
  const schemas = [...(await headsOf(pool)).keys()]
  const parked = await pool.query<{ rows: string }>(
    schemas
      .map(schema => `select count(*) as rows from ${schema}.parked_message`)
      .join(' union all '),
  )
  return {
    heads: await headsOf(pool),
    settledEvents: Number(events.rows[0]?.settled),
    heldEvents: Number(events.rows[0]?.held),
    debitFen: BigInt(books.rows[0]?.debit ?? 0),
    creditFen: BigInt(books.rows[0]?.credit ?? 0),
    parked: parked.rows.reduce((total, { rows }) => total + Number(rows), 0),
  }
}

export type Answered = {
  readonly answers: number
  readonly settled: number
  /**
   * What the books must have gained in debits: each share is an expense, and a claim on the region.
   */
  readonly debitFen: bigint
  /** The first answer that is no settlement, as it came. */
  readonly firstOther: string | null
}

export const NOTHING_ANSWERED: Answered = {
  answers: 0,
  settled: 0,
  debitFen: 0n,
  firstOther: null,
}

type AnswerJson = {
  readonly state: string
  readonly shares: {
    readonly insuredRegion: string
    readonly treatingRegion: string
    readonly pooledFen: number
    readonly catastrophicFen: number
    readonly otherFundFen: number
    readonly accountFen: number
  } | null
}

/** Adds one answer as JSON text, of a batch (`answer` inside) or of a single request. */
export function addAnswer(to: Answered, text: string): Answered {
  const parsed = JSON.parse(text) as AnswerJson & { readonly answer?: AnswerJson }
  const { state, shares } = parsed.answer ?? parsed
  const answers = to.answers + 1
  if (state !== 'settled' || shares === null || shares === undefined) {
    return { ...to, answers, firstOther: to.firstOther ?? text.slice(0, 500) }
  }
  const { pooledFen, catastrophicFen, otherFundFen, accountFen } = shares
  const paid = BigInt(pooledFen + catastrophicFen + otherFundFen + accountFen)
  const times = shares.insuredRegion === shares.treatingRegion ? 1n : 2n
  return { ...to, answers, settled: to.settled + 1, debitFen: to.debitFen + paid * times }
}

/** What is wrong, in words; empty when every claim settled and every sum is as answered. */
export function faultsBetween(before: Counts, after: Counts, answered: Answered): string[] {
  const faults: string[] = []
  const { answers, settled, debitFen, firstOther } = answered
  if (settled !== answers)
    faults.push(`${answers - settled} of ${answers} not settled: ${firstOther}`)
  const events = after.settledEvents - before.settledEvents
  if (events !== settled) faults.push(`${events} ClaimSettled events for ${settled} answers`)
  const held = after.heldEvents - before.heldEvents
  if (held !== 0) faults.push(`${held} claims were held`)
  const debits = after.debitFen - before.debitFen
  if (debits !== debitFen) faults.push(`the books gained ${debits} fen of debits, not ${debitFen}`)
  if (after.debitFen !== after.creditFen) {
    faults.push(`debits ${after.debitFen} and credits ${after.creditFen} differ`)
  }
  if (after.parked > 0) faults.push(`${after.parked} messages are parked`)
  return faults
}

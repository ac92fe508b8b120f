/** P02, Huangshi employees (黄石, 2010). The seed has no deductibles and no large-amount rate. */
import {
  type Claim,
  type History,
  type NoRule,
  ofTheYear,
  type Paid,
  type Policy,
  paid,
} from '../words/claim.ts'
import { notBelowZero, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

/** R04, R05: what the fund pays above the deductible. */
const FUND_BP = {
  active: { L3: 9000, L2: 9200, OTHER: 9400 },
  retired: { L3: 9200, L2: 9400, OTHER: 9600 },
} as const

/** R02 with reading 2: what the pooled fund pays in a year. */
const POOLED_MAX = 12_000_000n
/** R07: the in-scope share of the person in a year. */
const PERSON_MAX = 2_000_000n

/** What the seed leaves out (readings 1 and 4). */
export type Given = {
  readonly deductible: ((claim: Claim, nth: number) => bigint) | null
  readonly largeAmountBp: number | null
}

export type Stay = {
  readonly deductible: bigint
  readonly pooled: bigint
  readonly largeAmount: bigint
  /** In scope, borne by the person. */
  readonly person: bigint
}

export function stay(given: Given, claim: Claim, history: History): Stay | NoRule {
  const nth = ofTheYear(claim, history, 'inpatient').length + 1
  const stated = claim.inScope === 0n ? 0n : given.deductible?.(claim, nth)
  if (stated === undefined) return { noRule: 'reading 1: deductibles' }
  const deductible = smaller(stated, claim.inScope)
  const due = part(claim.inScope - deductible, rateOf(claim))
  const pooled = smaller(due, room(claim, history))
  const left = notBelowZero(PERSON_MAX - borne(claim, history))
  const unpaid = claim.inScope - pooled
  // R08: both the layer and the maximum are for members of the large-amount pooling.
  if (claim.says['largeAmountPooling'] === false) {
    return { deductible, pooled, largeAmount: 0n, person: unpaid }
  }
  if (pooled < due && left > 0n) {
    // Reading 4: what lies above the pooled maximum is paid at a rate that is not given.
    if (given.largeAmountBp === null) return { noRule: 'reading 4: the large-amount rate' }
    const atRate = part(due - pooled, given.largeAmountBp)
    const person = smaller(unpaid - atRate, left)
    return { deductible, pooled, largeAmount: unpaid - person, person }
  }
  // R10: large-amount pooling pays all beyond the person's maximum.
  const person = smaller(unpaid, left)
  return { deductible, pooled, largeAmount: unpaid - person, person }
}

export function rateOf({ status, level }: Claim): number {
  if (status !== 'active' && status !== 'retired') throw new RangeError(status)
  const ofStatus = FUND_BP[status]
  if (level === 'tier3' || level === 'tier3_top') return ofStatus.L3
  return level === 'tier2' ? ofStatus.L2 : ofStatus.OTHER
}

function room(claim: Claim, history: History): bigint {
  const stays = ofTheYear(claim, history, 'inpatient')
  return notBelowZero(POOLED_MAX - total(stays.map(earlier => earlier.paid.pooled)))
}

/** Readings 3 and 6: the deductible counts, what was borne outside the area does not. */
export function borne(claim: Claim, history: History): bigint {
  const athome = ofTheYear(claim, history, 'inpatient').filter(
    earlier => earlier.claim.treating === earlier.claim.home,
  )
  return total(
    athome.map(({ claim: { inScope }, paid: { pooled, largeAmount } }) => {
      return inScope - pooled - largeAmount
    }),
  )
}

function settle(given: Given, claim: Claim, history: History): Paid | NoRule {
  if (claim.kind !== 'inpatient') return { noRule: `no rule on ${claim.kind}` }
  const branch = branchOf(claim, [])
  if (branch !== 'local') return { noRule: 'R06: the ratio outside the area' }
  const done = stay(given, claim, history)
  if ('noRule' in done) return done
  const { deductible, pooled, largeAmount } = done
  return paid(claim, history, {
    branch,
    counts: true,
    fundBp: BigInt(rateOf(claim)),
    deductible,
    funds: { pooled, largeAmount },
    accountMay: 0n,
  })
}

function edges(given: Given, claim: Claim, history: History): readonly bigint[] {
  if (claim.kind !== 'inpatient' || given.deductible === null) return []
  const nth = ofTheYear(claim, history, 'inpatient').length + 1
  const deductible = given.deductible(claim, nth)
  const rate = BigInt(rateOf(claim))
  const left = notBelowZero(PERSON_MAX - borne(claim, history) - deductible)
  return [
    deductible,
    deductible + (room(claim, history) * 10_000n) / rate,
    deductible + (left * 10_000n) / (10_000n - rate),
    left + deductible + room(claim, history),
  ].filter(edge => edge > 0n)
}

export function p02(given: Given): Policy {
  return {
    settle: (claim, history) => settle(given, claim, history),
    edges: (claim, history) => edges(given, claim, history),
  }
}

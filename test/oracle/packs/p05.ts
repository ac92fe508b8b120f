/**
 * P05, district critical-illness group supplement (湘, 2011). A claim tells the excess that the
 * basic layer hands over (reading 3).
 */
import {
  type Claim,
  type History,
  type NoRule,
  ofTheYear,
  type Paid,
  type Policy,
  paid,
} from '../words/claim.ts'
import { overlap, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

/** R12–R14 on the year's excess (reading 1), up to R15's maximum of cost (reading 2). */
const TIERS = [
  { from: 0n, to: 4_000_000n, fundBp: 8500 },
  { from: 4_000_000n, to: 8_000_000n, fundBp: 9000 },
  { from: 8_000_000n, to: 10_000_000n, fundBp: 9500 },
] as const
const COST_MAX = 10_000_000n

export type Supplement = {
  /** Cost in the tier and what the fund pays of it. */
  readonly segments: readonly (readonly [bigint, bigint])[]
  readonly supplement: bigint
  /** Cost above the yearly maximum: the original channel (R18). */
  readonly beyond: bigint
}

export function supplement(claim: Claim, history: History): Supplement {
  return shared(excessBefore(claim, history), excessOf(claim) ?? 0n)
}

function shared(start: bigint, length: bigint): Supplement {
  const segments = TIERS.map(tier => {
    const inTier = overlap({ start, length }, tier)
    return [inTier, part(inTier, tier.fundBp)] as const
  }).filter(([inTier]) => inTier > 0n)
  return {
    segments,
    supplement: total(segments.map(([, fund]) => fund)),
    beyond: overlap({ start, length }, { from: COST_MAX, to: null }),
  }
}

/** As the basic layer hands it over; null where nobody says. Never more than is in scope. */
function excessOf({ says, inScope }: Claim): bigint | null {
  const told = says['excessFen']
  return typeof told === 'number' ? smaller(BigInt(told), inScope) : null
}

function excessBefore(claim: Claim, history: History): bigint {
  const earlier = ofTheYear(claim, history, 'inpatient', 'chronic')
  return total(earlier.map(other => excessOf(other.claim) ?? 0n))
}

function settle(claim: Claim, history: History): Paid | NoRule {
  const branch = branchOf(claim, [])
  if (claim.kind === 'outpatient' || claim.kind === 'pharmacy') {
    return { noRule: `no rule on ${claim.kind}` }
  }
  const nothing = { branch, fundBp: 0n, deductible: 0n, accountMay: 0n }
  // R26: who is not enrolled bears it all.
  if (claim.says['supplementEnrolled'] === false) {
    return paid(claim, history, { ...nothing, counts: false, funds: {} })
  }
  if (excessOf(claim) === null) return { noRule: 'reading 3: nobody hands the excess over' }
  const funds = { largeAmount: supplement(claim, history).supplement }
  return paid(claim, history, { ...nothing, counts: true, funds })
}

export const P05: Policy = {
  settle,
  edges: (claim, history) =>
    TIERS.map(({ to }) => to - excessBefore(claim, history)).filter(edge => edge > 0n),
}

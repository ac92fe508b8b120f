/**
 * P05, district critical-illness group supplement (湘, 2011). Its claims are the excess that the
 * basic layer hands over (reading 3): the in-scope amount is that excess.
 */
import { type Claim, type History, ofTheYear, type Policy, paid } from '../words/claim.ts'
import { overlap, part, total } from '../words/fen.ts'
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
  const cost = { start: excessBefore(claim, history), length: claim.inScope }
  const segments = TIERS.map(tier => {
    const inTier = overlap(cost, tier)
    return [inTier, part(inTier, tier.fundBp)] as const
  }).filter(([inTier]) => inTier > 0n)
  return {
    segments,
    supplement: total(segments.map(([, fund]) => fund)),
    beyond: overlap(cost, { from: COST_MAX, to: null }),
  }
}

function excessBefore(claim: Claim, history: History): bigint {
  return total(ofTheYear(claim, history).map(earlier => earlier.claim.inScope))
}

export const P05: Policy = {
  settle: (claim, history) => {
    const start = excessBefore(claim, history)
    const tier = TIERS.find(each => overlap({ start, length: 1n }, each) > 0n)
    return paid(claim, history, {
      branch: branchOf(claim, []),
      counts: true,
      fundBp: BigInt(tier?.fundBp ?? 0),
      deductible: 0n,
      funds: { largeAmount: supplement(claim, history).supplement },
      accountMay: 0n,
    })
  },
  edges: (claim, history) =>
    TIERS.map(({ to }) => to - excessBefore(claim, history)).filter(edge => edge > 0n),
}

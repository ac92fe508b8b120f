/** P25, county under Hefei (合肥, 2013): a yearly maximum; all else is what an area supplies. */
import { type Claim, type History, ofTheYear, type Policy, paid } from '../words/claim.ts'
import { notBelowZero, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

export type Given = {
  readonly deductible: bigint
  readonly fundBp: number
  /** What the fund pays in the year of the claim. */
  readonly max: (claim: Claim) => bigint
}

function room({ max }: Given, claim: Claim, history: History): bigint {
  const stays = ofTheYear(claim, history, 'inpatient')
  return notBelowZero(max(claim) - total(stays.map(earlier => earlier.paid.pooled)))
}

export function cappedRate(given: Given): Policy {
  return {
    settle: (claim, history) => {
      if (claim.kind !== 'inpatient') return { noRule: `no rule on ${claim.kind}` }
      if (branchOf(claim, []) !== 'local') return { noRule: 'no rule on care elsewhere' }
      const deductible = smaller(given.deductible, claim.inScope)
      const due = part(claim.inScope - deductible, given.fundBp)
      return paid(claim, history, {
        branch: branchOf(claim, []),
        counts: true,
        fundBp: BigInt(given.fundBp),
        deductible,
        funds: { pooled: smaller(due, room(given, claim, history)) },
        accountMay: 0n,
      })
    },
    edges: (claim, history) => {
      const left = room(given, claim, history)
      return [given.deductible, given.deductible + (left * 10_000n) / BigInt(given.fundBp)]
    },
  }
}

/** P16, Shanxi residents (山西, 2017). The table of deductibles and ratios is not in the seed. */
import {
  type Claim,
  type History,
  type NoRule,
  ofTheYear,
  type Policy,
  paid,
} from '../words/claim.ts'
import { halfUp, notBelowZero, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

/** R05: what the fund pays for stays in a year. */
const FUND_MAX = 7_000_000n

/** What R04's missing table would give. */
export type Given = {
  readonly deductible: (claim: Claim) => bigint
  readonly fundBp: (claim: Claim) => number
}

export type Stay = { readonly deductible: bigint; readonly fund: bigint }

export function stay(given: Given, claim: Claim, history: History): Stay {
  const deductible = smaller(stated(given, claim, history), claim.inScope)
  const due = part(claim.inScope - deductible, given.fundBp(claim))
  return { deductible, fund: smaller(due, room(claim, history)) }
}

/** R06: half from the second stay of the year on. */
function stated(given: Given, claim: Claim, history: History): bigint {
  const first = given.deductible(claim)
  return ofTheYear(claim, history, 'inpatient').length === 0 ? first : halfUp(first, 2n)
}

function room(claim: Claim, history: History): bigint {
  const stays = ofTheYear(claim, history, 'inpatient')
  return notBelowZero(FUND_MAX - total(stays.map(earlier => earlier.paid.pooled)))
}

export function p16(given: Given | null): Policy {
  return {
    settle: (claim, history) => {
      const branch = branchOf(claim, [])
      if (claim.kind !== 'inpatient') return noRule(`no rule on ${claim.kind}`)
      if (given === null) return noRule('R04: the table is missing')
      if (branch !== 'local') return noRule('no rule on treatment elsewhere')
      const { deductible, fund } = stay(given, claim, history)
      const fundBp = BigInt(given.fundBp(claim))
      const funds = { pooled: fund }
      return paid(claim, history, {
        branch,
        counts: true,
        fundBp,
        deductible,
        funds,
        accountMay: 0n,
      })
    },
    edges: (claim, history) => {
      if (given === null || claim.kind !== 'inpatient') return []
      const deductible = stated(given, claim, history)
      const rate = BigInt(given.fundBp(claim))
      return [deductible, deductible + (room(claim, history) * 10_000n) / rate]
    },
  }
}

function noRule(reason: string): NoRule {
  return { noRule: reason }
}

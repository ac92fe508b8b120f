/** Which packs the oracle computes claims for, and what their persons are like. */
import type { Claim, History, NoRule, Paid, Policy } from '../words/claim.ts'
import { P01 } from './p01.ts'
import { P04 } from './p04.ts'

export type OraclePack = {
  readonly scheme: 'employee' | 'resident'
  readonly policy: Policy
  /** In force from this day on; null where the seed gives none. */
  readonly effectiveFrom: string | null
  /** What a policy asks beyond the usual, with the values that are tried. */
  readonly says: Readonly<Record<string, readonly (boolean | number | string)[]>>
}

const YES_NO = [true, false] as const

/** By the name of the pack's file. */
export const ORACLE_PACKS: Readonly<Record<string, OraclePack>> = {
  P01: { scheme: 'employee', policy: P01, effectiveFrom: null, says: { civilServant: YES_NO } },
  P04: {
    scheme: 'resident',
    policy: P04,
    effectiveFrom: '2008-01-01',
    says: { waitingOver: [true, true, false], largeAmountPremium: YES_NO, accident: YES_NO },
  },
}

/** Before it is in force a policy computes nothing. */
export function inForceFrom(effectiveFrom: string | null, policy: Policy): Policy {
  if (effectiveFrom === null) return policy
  return {
    edges: policy.edges,
    settle: (claim: Claim, history: History): Paid | NoRule =>
      claim.endOn < effectiveFrom
        ? { noRule: `in force from ${effectiveFrom}` }
        : policy.settle(claim, history),
  }
}

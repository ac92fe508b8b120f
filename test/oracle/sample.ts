/** A plain claim and a plain history to start a test from. */
import type { Claim, History, Paid, Settled } from './words/claim.ts'

const CLAIM: Claim = {
  kind: 'inpatient',
  level: 'tier3',
  status: 'active',
  age: 40,
  beginOn: '2025-03-01',
  endOn: '2025-03-10',
  emergency: false,
  home: '110100',
  treating: '110100',
  filings: [],
  fullSelf: 0n,
  overLimit: 0n,
  firstShare: 0n,
  inScope: 0n,
  useAccount: false,
  says: {},
}
const PAID: Paid = {
  branch: 'local',
  fundBp: 0n,
  counts: true,
  deductible: 0n,
  pooled: 0n,
  catastrophic: 0n,
  largeAmount: 0n,
  civilServant: 0n,
  assistance: 0n,
  account: 0n,
  cash: 0n,
}

export function claimWith(differs: Partial<Claim>): Claim {
  return { ...CLAIM, ...differs }
}

export function earlier(claim: Partial<Claim>, paid: Partial<Paid> = {}): Settled {
  return { claim: claimWith(claim), paid: { ...PAID, ...paid } }
}

export function history(claims: readonly Settled[], opening = 0n): History {
  return { earlier: claims, opening }
}

/** As many stays as came before the nth; the first of them carries what the year holds. */
export function staysBefore(nth: number, first: Settled): readonly Settled[] {
  const others = Array.from({ length: Math.max(0, nth - 2) }, () => earlier({}))
  return nth > 1 ? [first, ...others] : []
}

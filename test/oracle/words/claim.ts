/**
 * A claim as the oracle sees it, and what it comes to. The history of a person is the plain list of
 * the claims that stand; there are no running totals.
 */

import type { AccountPays } from './lines.ts'

export type Kind = 'inpatient' | 'outpatient' | 'chronic' | 'pharmacy'
export type Level = 'community' | 'tier1' | 'tier2' | 'tier3' | 'tier3_top'
export const LEVELS: readonly Level[] = ['community', 'tier1', 'tier2', 'tier3', 'tier3_top']

export type Filing = {
  readonly kind:
    | 'longTermResidence'
    | 'retireeResettled'
    | 'postedWorker'
    | 'referral'
    | 'temporary'
  readonly filedOn: string
  readonly validFrom: string
  readonly validTo: string | null
}

export type Claim = {
  readonly kind: Kind
  readonly level: Level | null
  readonly status: string
  /** Completed years on 1 January of the year of the end date. */
  readonly age: number
  /** Begin and end: days of admission and discharge, or twice the day of the visit. */
  readonly beginOn: string
  readonly endOn: string
  readonly emergency: boolean
  readonly home: string
  readonly treating: string
  /** Of the person, for the treating region. */
  readonly filings: readonly Filing[]
  readonly fullSelf: bigint
  readonly overLimit: bigint
  readonly firstShare: bigint
  readonly inScope: bigint
  readonly useAccount: boolean
  /** What else a policy asks of person or claim: civil servant, premium paid … */
  readonly says: Readonly<Record<string, boolean | number | string>>
}

export type Branch = 'local' | 'deemed' | 'longTerm' | 'transfer' | 'unfiledEmergency' | 'unfiled'

/** All in fen; the shares, account and cash add up to the claim's total. */
export type Paid = {
  readonly branch: Branch
  /** The pooled fund's rate on the first fen above the deductible, in basis points. */
  readonly fundBp: bigint
  /** False: the policy does not cover it, so that it counts in nothing. */
  readonly counts: boolean
  readonly deductible: bigint
  readonly pooled: bigint
  readonly catastrophic: bigint
  readonly largeAmount: bigint
  readonly civilServant: bigint
  readonly assistance: bigint
  readonly account: bigint
  readonly cash: bigint
}
export type NoRule = { readonly noRule: string }

export type Settled = { readonly claim: Claim; readonly paid: Paid }

/** The claims of a person that stand, in order of settlement, and the account before the first. */
export type History = { readonly earlier: readonly Settled[]; readonly opening: bigint }

export type Policy = {
  readonly settle: (claim: Claim, history: History) => Paid | NoRule
  /** In-scope amounts at which something begins or ends for this claim, for the generator. */
  readonly edges: (claim: Claim, history: History) => readonly bigint[]
  /** What of a claim the account pays; absent: all but full self-pay. @source RULES.md §4.8 */
  readonly accountPays?: (claim: Claim) => AccountPays
}

export function totalOf({ fullSelf, overLimit, firstShare, inScope }: Claim): bigint {
  return fullSelf + overLimit + firstShare + inScope
}

export function yearOf(claim: Claim): string {
  return claim.endOn.slice(0, 4)
}

/** The earlier claims of the same calendar year that count, of the kinds asked for. */
export function ofTheYear(
  claim: Claim,
  { earlier }: History,
  ...kinds: readonly Kind[]
): readonly Settled[] {
  return earlier.filter(
    other =>
      other.paid.counts &&
      yearOf(other.claim) === yearOf(claim) &&
      (kinds.length === 0 || kinds.includes(other.claim.kind)),
  )
}

/** The personal account: what was there at first less all it has paid. */
export function balance({ earlier, opening }: History): bigint {
  return earlier.reduce((left, { paid }) => left - paid.account, opening)
}

type Funds = Partial<
  Pick<Paid, 'pooled' | 'catastrophic' | 'largeAmount' | 'civilServant' | 'assistance'>
>

/** Completes what a policy has decided: the account pays up to `accountMay`, the rest is cash. */
export function paid(
  claim: Claim,
  history: History,
  decided: Pick<Paid, 'branch' | 'fundBp' | 'deductible' | 'counts'> & {
    readonly funds: Funds
    readonly accountMay: bigint
    /** What of the balance may not pay for this; nothing where it is not said. */
    readonly held?: bigint
  },
): Paid {
  const { branch, fundBp, deductible, counts, funds, accountMay, held = 0n } = decided
  const shares = {
    pooled: funds.pooled ?? 0n,
    catastrophic: funds.catastrophic ?? 0n,
    largeAmount: funds.largeAmount ?? 0n,
    civilServant: funds.civilServant ?? 0n,
    assistance: funds.assistance ?? 0n,
  }
  const whole = balance(history)
  const left = whole > held ? whole - held : 0n
  const may = claim.useAccount ? accountMay : 0n
  const account = left < may ? left : may
  const ofFunds = Object.values(shares).reduce((sum, share) => sum + share, 0n)
  const cash = totalOf(claim) - ofFunds - account
  if (cash < 0n) throw new RangeError(`cash ${cash}`)
  return { branch, fundBp, deductible, counts, ...shares, account, cash }
}

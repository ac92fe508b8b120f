/**
 * P03, Tianjin (天津, 2016), as policies for whole histories. Basic insurance is not in the seed: a
 * claim tells what it paid, or the area gives figures for it.
 */
import {
  type Claim,
  type History,
  type NoRule,
  ofTheYear,
  type Paid,
  type Policy,
  paid,
  type Settled,
  yearOf,
} from '../words/claim.ts'
import { notBelowZero, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'
import {
  employeeInpatientDeductible,
  employeeLargeAmount,
  noClaimSequence,
  OUTPATIENT,
  outpatientCarryOver,
  reducedDeductible,
  residentCriticalIllness,
  residentOutpatient,
} from './p03.ts'

const ELSEWHERE: NoRule = { noRule: 'no figure for care outside the city' }

/** In-scope outpatient cost of each year from the first insured one to the one before the claim. */
function earlierYearCosts(claim: Claim, { earlier }: History, firstYear: number): bigint[] {
  const years = Math.max(0, Number(yearOf(claim)) - firstYear)
  return Array.from({ length: years }, (_, index) => {
    const year = String(firstYear + index)
    const visits = earlier.filter(
      other => other.claim.kind === 'outpatient' && yearOf(other.claim) === year,
    )
    return total(visits.map(visit => visit.claim.inScope))
  })
}

function cost(claims: readonly Settled[]): bigint {
  return total(claims.map(earlier => earlier.claim.inScope))
}

/** What basic insurance paid, as the claim tells it; never more than is in scope. */
function handedOver({ says, inScope }: Claim): bigint | NoRule {
  if (says['basicHandedOver'] !== true) return { noRule: 'the basic figures are not in the seed' }
  const told = says['basicPaidFen']
  if (typeof told !== 'number') return { noRule: 'nobody says what basic insurance paid' }
  return smaller(BigInt(told), inScope)
}

/** R16–R21: the deductible of the year is where the reimbursed band begins. */
function visit(claim: Claim, history: History, firstYear: number): Paid | NoRule {
  const branch = branchOf(claim, [])
  if (branch !== 'local') return ELSEWHERE
  if (claim.level !== 'tier2' || claim.says['reformedHospital'] !== true) {
    return { noRule: 'R16, R30: only reformed level-2 hospitals have figures' }
  }
  const before = cost(ofTheYear(claim, history, 'outpatient'))
  const { fund } = residentOutpatient(before, claim.inScope, streak(claim, history, firstYear))
  return paid(claim, history, {
    branch,
    counts: true,
    fundBp: BigInt(OUTPATIENT.fundBp),
    // The pack knows it as the beginning of the band, not as a deductible that is borne.
    deductible: 0n,
    funds: { pooled: fund },
    accountMay: 0n,
  })
}

/** Years without a claim up to the one before, told by the deductible that they have earned. */
function streak(claim: Claim, history: History, firstYear: number): number {
  const normal = OUTPATIENT.deductible
  const inForce = noClaimSequence(normal, earlierYearCosts(claim, history, firstYear)).at(-1)
  return [0, 1, 2, 3].find(years => reducedDeductible(normal, years) === inForce) ?? 0
}

/** R03–R06: stays and special outpatient care, which R41 lets begin with the identification. */
function illness(claim: Claim, history: History): Paid | NoRule {
  const branch = branchOf(claim, [])
  if (claim.kind === 'chronic' && claim.says['registered'] === false) {
    const nothing = { fundBp: 0n, deductible: 0n, funds: {}, accountMay: 0n }
    return paid(claim, history, { branch, counts: false, ...nothing })
  }
  if (branch !== 'local') return ELSEWHERE
  const pooled = handedOver(claim)
  if (typeof pooled !== 'bigint') return pooled
  const { fund } = residentCriticalIllness(burdenBefore(claim, history), claim.inScope - pooled)
  return paid(claim, history, {
    branch,
    counts: true,
    fundBp: 10_000n,
    deductible: 0n,
    funds: { pooled, catastrophic: fund },
    accountMay: 0n,
  })
}

function burdenBefore(claim: Claim, history: History): bigint {
  return total(
    ofTheYear(claim, history, 'inpatient', 'chronic').map(
      earlier => earlier.claim.inScope - earlier.paid.pooled,
    ),
  )
}

export function p03Resident(firstYear: number): Policy {
  return {
    settle: (claim, history) => {
      if (claim.kind === 'outpatient') return visit(claim, history, firstYear)
      if (claim.kind === 'pharmacy') return { noRule: 'R26: whether the deductible holds there' }
      return illness(claim, history)
    },
    edges: (claim, history) => {
      if (claim.kind === 'outpatient') {
        const before = cost(ofTheYear(claim, history, 'outpatient'))
        const from = reducedDeductible(OUTPATIENT.deductible, streak(claim, history, firstYear))
        return [from, OUTPATIENT.costMax].map(end => end - before).filter(edge => edge > 0n)
      }
      const before = burdenBefore(claim, history)
      const ends = [2_000_000n, 10_000_000n, 20_000_000n, 30_000_000n]
      return ends.map(end => end - before).filter(edge => edge > 0n)
    },
  }
}

/** Basic insurance of employees, which the seed leaves out. */
export type Basic = {
  /** First stay and later ones. */
  readonly normal: readonly [bigint, bigint]
  readonly fundBp: { readonly active: number; readonly retired: number }
  readonly max: bigint
  readonly outpatientMax: bigint
}

/** R07, R22–R25; `basic` null: as the claim tells it. */
function employeeStay(
  claim: Claim,
  history: History,
  firstYear: number,
  basic: Basic | null,
): Paid | NoRule {
  const branch = branchOf(claim, [])
  if (branch !== 'local') return ELSEWHERE
  const base = basic === null ? told(claim) : ownFigures(claim, history, firstYear, basic)
  if ('noRule' in base) return base
  const before = cost(ofTheYear(claim, history, 'inpatient', 'chronic'))
  const isMember = claim.says['largeAmountPremium'] === true
  const { fund } = employeeLargeAmount(before, claim.inScope, isMember)
  // What basic insurance has paid already is nobody's burden any more.
  const largeAmount = smaller(fund, claim.inScope - base.pooled)
  return paid(claim, history, {
    branch,
    counts: true,
    fundBp: base.fundBp,
    deductible: base.deductible,
    funds: { pooled: base.pooled, largeAmount },
    accountMay: 0n,
  })
}

type OfBasic = { readonly pooled: bigint; readonly deductible: bigint; readonly fundBp: bigint }

function told(claim: Claim): OfBasic | NoRule {
  const pooled = handedOver(claim)
  return typeof pooled === 'bigint' ? { pooled, deductible: 0n, fundBp: 10_000n } : pooled
}

function ownFigures(claim: Claim, history: History, firstYear: number, basic: Basic): OfBasic {
  const stays = ofTheYear(claim, history, 'inpatient')
  const costs = earlierYearCosts(claim, history, firstYear)
  const lastYear = costs.at(-1)
  // Who has no year before has earned nothing.
  const ladder =
    lastYear === undefined
      ? basic.normal
      : employeeInpatientDeductible(claim.status, lastYear, basic.normal)
  // R31 with reading 8: what was borne before a transfer counts towards this one.
  const borne = BigInt(Number(claim.says['episodeDeductibleFen'] ?? 0))
  const stated = notBelowZero((ladder[Math.min(stays.length, 1)] ?? 0n) - borne)
  const deductible = smaller(stated, claim.inScope)
  const fundBp = basic.fundBp[claim.status === 'retired' ? 'retired' : 'active']
  const max = basic.max + outpatientCarryOver(basic.outpatientMax, costs)
  const used = total(stays.map(earlier => earlier.paid.pooled))
  const due = part(claim.inScope - deductible, fundBp)
  return { pooled: smaller(due, notBelowZero(max - used)), deductible, fundBp: BigInt(fundBp) }
}

export function p03Employee(firstYear: number, basic: Basic | null): Policy {
  return {
    settle: (claim, history) => {
      if (claim.kind === 'inpatient') return employeeStay(claim, history, firstYear, basic)
      if (claim.kind !== 'outpatient' || basic === null) {
        return { noRule: `no figure for ${claim.kind}` }
      }
      // Visits are only counted, for the years after.
      const branch = branchOf(claim, [])
      const nothing = { fundBp: 0n, deductible: 0n, funds: {}, accountMay: 0n }
      return paid(claim, history, { branch, counts: true, ...nothing })
    },
    edges: (claim, history) => {
      if (claim.kind === 'outpatient') {
        const spent = cost(ofTheYear(claim, history, 'outpatient'))
        return [150_000n, 250_000n, 300_000n].map(end => end - spent).filter(edge => edge > 0n)
      }
      if (claim.kind !== 'inpatient') return []
      const before = cost(ofTheYear(claim, history, 'inpatient', 'chronic'))
      const ends = [15_000_000n, 35_000_000n].map(end => end - before)
      const stated = basic === null ? [] : [...basic.normal, 50_000n]
      return [...ends, ...stated].filter(edge => edge > 0n)
    },
  }
}

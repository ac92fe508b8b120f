/** P01, prefecture-level pooling for employees (州级统筹). Rule and reading numbers are its own. */
import {
  type Claim,
  type History,
  type NoRule,
  ofTheYear,
  type Paid,
  type Policy,
  paid,
  totalOf,
} from '../words/claim.ts'
import { overlap, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

type Status = 'active' | 'retired'

/** R26–R28: first, second, third and later stay of the year. */
const DEDUCTIBLES = {
  L3: [70_000n, 45_000n, 35_000n],
  L2: [60_000n, 34_000n, 30_000n],
  L1: [50_000n, 28_000n, 22_000n],
} as const

/** R30–R32: what the person bears; measured on the year's cost above the deductible (reading 3). */
const TIERS = [
  { from: 0n, to: 6_000_000n, active: 900, retired: 700 },
  { from: 6_000_000n, to: 9_000_000n, active: 800, retired: 600 },
  { from: 9_000_000n, to: 10_000_000n, active: 700, retired: 500 },
] as const

/** R34: the person bears 20 % between 100,000 and 200,000 yuan; above that, all (reading 7). */
const LARGE_AMOUNT = { from: 10_000_000n, to: 20_000_000n, personBp: 2000 } as const

/** R40 with reading 4: of the person's share in the pooled tiers. */
const CIVIL_SERVANT_BP = { active: 5000, retired: 5500 } as const

export type Stay = {
  readonly deductible: bigint
  /** Cost in the tier, the person's part, the fund's part; tiers that are not reached left out. */
  readonly tiers: readonly (readonly [bigint, bigint, bigint])[]
  readonly pooled: bigint
  readonly largeAmount: bigint
  readonly civilServant: bigint
  /** What the account may pay: R21 with reading 10. */
  readonly accountMay: bigint
}

export function stay(claim: Claim, history: History): Stay {
  const status = statusOf(claim)
  const deductible = smaller(stated(claim, history), claim.inScope)
  const cost = { start: accumulated(claim, history), length: claim.inScope - deductible }
  const tiers = TIERS.map(tier => {
    const inTier = overlap(cost, tier)
    const person = part(inTier, tier[status])
    return [inTier, person, inTier - person] as const
  }).filter(([inTier]) => inTier > 0n)
  const coinsurance = total(tiers.map(([, person]) => person))
  const inLarge = overlap(cost, LARGE_AMOUNT)
  const ofPerson = part(inLarge, LARGE_AMOUNT.personBp)
  const isCivilServant = claim.says['civilServant'] === true
  const civilServant = isCivilServant ? part(coinsurance, CIVIL_SERVANT_BP[status]) : 0n
  return {
    deductible,
    tiers,
    pooled: total(tiers.map(([, , fund]) => fund)),
    largeAmount: inLarge - ofPerson,
    civilServant,
    accountMay: deductible + coinsurance - civilServant + ofPerson,
  }
}

function statusOf({ status }: Claim): Status {
  if (status !== 'active' && status !== 'retired') throw new RangeError(status)
  return status
}

function stated(claim: Claim, history: History): bigint {
  const nth = ofTheYear(claim, history, 'inpatient').length
  const [first, second, later] = DEDUCTIBLES[classOf(claim)]
  return nth === 0 ? first : nth === 1 ? second : later
}

function classOf({ level }: Claim): keyof typeof DEDUCTIBLES {
  if (level === 'tier3' || level === 'tier3_top') return 'L3'
  return level === 'tier2' ? 'L2' : 'L1'
}

/** R33: the year's cost above the deductible so far. */
function accumulated(claim: Claim, history: History): bigint {
  const stays = ofTheYear(claim, history, 'inpatient')
  return total(stays.map(earlier => earlier.claim.inScope - earlier.paid.deductible))
}

function settle(claim: Claim, history: History): Paid | NoRule {
  const branch = branchOf(claim, [])
  switch (claim.kind) {
    case 'pharmacy':
      return { noRule: 'pharmacies are not spoken of' }
    case 'chronic':
      return { noRule: 'reading 5: the base ratio is in 政劳人〔〕94号' }
    case 'outpatient':
      // R20: the account pays, the rest is one's own.
      return paid(claim, history, {
        branch,
        counts: true,
        fundBp: 0n,
        deductible: 0n,
        funds: {},
        accountMay: totalOf(claim) - claim.fullSelf,
      })
    case 'inpatient': {
      // R44: outside the area the papers of a referral are asked for.
      if (branch === 'unfiled' || branch === 'unfiledEmergency') {
        return { noRule: 'no rule without referral papers' }
      }
      const { deductible, pooled, largeAmount, civilServant, accountMay } = stay(claim, history)
      const funds = { pooled, largeAmount, civilServant }
      const fundBp = firstRate(claim, history)
      // R21 with reading 10: only what was carried over, where the account tells its credits.
      const held = BigInt(Number(claim.says['creditsOfYearFen'] ?? 0))
      const decided = { branch, counts: true, fundBp, deductible, funds, accountMay, held }
      return paid(claim, history, decided)
    }
  }
}

/** The fund's rate on the first fen above the deductible: none when the tiers are used up. */
function firstRate(claim: Claim, history: History): bigint {
  const start = accumulated(claim, history)
  const tier = TIERS.find(({ from, to }) => overlap({ start, length: 1n }, { from, to }) > 0n)
  return tier === undefined ? 0n : 10_000n - BigInt(tier[statusOf(claim)])
}

function edges(claim: Claim, history: History): readonly bigint[] {
  if (claim.kind !== 'inpatient') return []
  const deductible = stated(claim, history)
  const before = accumulated(claim, history)
  const ends = [...TIERS, LARGE_AMOUNT].map(({ to }) => deductible + to - before)
  return [deductible, ...ends.filter(end => end > deductible)]
}

/** R20, R21: in hospital its own shares, before a doctor whatever is not outside the catalogue. */
function accountPays({ kind }: Claim) {
  return kind === 'inpatient' ? ('inScopeShare' as const) : ('allButFullSelf' as const)
}

export const P01: Policy = { settle, edges, accountPays }

/**
 * What the oracle knows of each pack: the policy, what its persons are like, and figures that an
 * area may supply for those that the seed leaves out.
 */

import type { Dice } from '../random/dice.ts'
import type { Claim, History, Kind, NoRule, Paid, Policy } from '../words/claim.ts'
import { plusDays, plusMonths } from '../words/days.ts'
import { P01 } from './p01.ts'
import { p02 } from './p02.ts'
import { CHRONIC_SET, DISEASES, P02_CHRONIC } from './p02-chronic.ts'
import { p03Employee, p03Resident } from './p03-policies.ts'
import { P04 } from './p04.ts'
import { P05 } from './p05.ts'
import { p16 } from './p16.ts'
import { cappedRate } from './p25.ts'

type Value = boolean | number | string

export type OraclePack = {
  /** Name of the pack's file. */
  readonly file: string
  /** What an area sets in the pack, by path; absent: the pack as it is. */
  readonly set?: Readonly<Record<string, unknown>>
  readonly scheme: 'employee' | 'resident'
  readonly policy: Policy
  /** In force from this day on; null where the seed gives none. */
  readonly effectiveFrom: string | null
  /** What a policy asks beyond the usual, with the values that are tried. */
  readonly says?: Readonly<Record<string, readonly Value[]>>
  /** What a claim tells that hangs on its amount. */
  readonly tells?: (dice: Dice, claim: Claim) => Readonly<Record<string, Value>>
  readonly kinds?: readonly Kind[]
  readonly firstYear?: number
  readonly years?: number
  /** Earlier years say something: the engine is asked to draw it from its totals. */
  readonly remembers?: true
  /** What is not compared and why: shown with the result. */
  readonly open?: { readonly figures: readonly string[]; readonly because: string }
}

const YES_NO = [true, false] as const
const MOSTLY = [true, true, true, true, false] as const

/** Something up to the whole, at times nothing at all. */
function upTo(dice: Dice, name: string, whole: bigint): Readonly<Record<string, Value>> {
  if (dice.chance(0.05)) return {}
  if (dice.chance(0.4)) return { [name]: Number(whole) }
  return { [name]: Number(dice.amount(0n, whole)) }
}

/** Told where basic insurance was settled elsewhere; at times where it was not. */
function basicPaid(dice: Dice, { says, inScope }: Claim): Readonly<Record<string, Value>> {
  if (says['basicHandedOver'] === true) return upTo(dice, 'basicPaidFen', inScope)
  const told = dice.chance(0.2) ? upTo(dice, 'basicPaidFen', inScope) : {}
  return told['basicPaidFen'] === 0 ? {} : told
}

/** What the account holds of this year's credits; at times nobody tells. */
function creditsOfYear(dice: Dice): Readonly<Record<string, Value>> {
  if (dice.chance(0.3)) return {}
  return { creditsOfYearFen: Number(dice.oneOf([0n, 1n, dice.amount(0n, 5_000_000n)])) }
}

/** The day of payment, or at once whether the waiting is over. */
function waiting(dice: Dice, { beginOn }: Claim): Readonly<Record<string, Value>> {
  if (dice.chance(0.05)) return {}
  if (dice.chance(0.4)) return { waitingOver: dice.chance(0.7) }
  const months = dice.oneOf([-3, -3, -3, -4, -2, -12])
  return { premiumPaidOn: plusDays(plusMonths(beginOn, months), dice.between(-2, 2)) }
}

const FIRST_YEAR = 2019
const P03 = {
  effectiveFrom: null,
  firstYear: FIRST_YEAR,
  years: 6,
  remembers: true,
  tells: basicPaid,
} as const

/** Packs of which policies.md says that no claim can be computed: every claim is refused. */
export const WITHOUT_BENEFITS: Policy = {
  settle: () => ({ noRule: 'the seed has no benefits that can be computed' }),
  edges: () => [],
}

/** Figures made up for tests: nobody's. */
const LADDER = { tier3: [80_001, 50_000, 30_000], other: [60_000, 40_001] } as const
const cited = { clause: 'E1' } as const

function ladderAt({ level }: Claim, nth: number): bigint {
  const ladder = level === 'tier3' || level === 'tier3_top' ? LADDER.tier3 : LADDER.other
  return BigInt(ladder[Math.min(nth, ladder.length) - 1] ?? 0)
}

const ladderRule = {
  by: 'level',
  of: {
    'tier3|tier3_top': { ladderFen: LADDER.tier3, ...cited },
    'tier2|tier1|community': { ladderFen: LADDER.other, ...cited },
  },
}

const P02 = {
  file: 'P02',
  scheme: 'employee',
  effectiveFrom: '2010-09-01',
  says: { largeAmountPooling: MOSTLY },
} as const

const BASIC = {
  normal: [170_000n, 50_000n],
  fundBp: { active: 8500, retired: 9000 },
  max: 18_000_000n,
  outpatientMax: 300_000n,
} as const
const BASIC_SET = {
  'benefits.inpatient.deductible.amount': { ladderFen: BASIC.normal.map(Number), ...cited },
  'benefits.inpatient.layers.0': {
    id: 'basic',
    payer: 'pooled',
    of: 'aboveDeductible',
    bands: [
      {
        rate: {
          by: 'status',
          of: {
            active: { fundBp: BASIC.fundBp.active, ...cited },
            retired: { fundBp: BASIC.fundBp.retired, ...cited },
          },
        },
      },
    ],
    cap: {
      kind: 'fundPayment',
      amount: { fen: Number(BASIC.max), ...cited },
      counts: ['paidInFen'],
      plus: ['carriedFen'],
    },
  },
  'benefits.outpatient': { covered: [], deductible: null, layers: [], account: null },
  'history.carriedFen.atMost': { fen: Number(BASIC.outpatientMax), ...cited },
} as const

const P16_FIRST = 50_001n
/** P25-R02: 192,000, from 2013 on 300,000 yuan a year. */
const P25_MAX = (claim: Claim) => (claim.endOn < '2013-01-01' ? 19_200_000n : 30_000_000n)
const P25_FIRST = 60_000n

export const ORACLE_PACKS: Readonly<Record<string, OraclePack>> = {
  P01: {
    file: 'P01',
    scheme: 'employee',
    policy: P01,
    effectiveFrom: null,
    says: { civilServant: YES_NO },
    tells: creditsOfYear,
  },
  P02: { ...P02, policy: p02({ deductible: null, largeAmountBp: null }) },
  'P02 with deductibles': {
    ...P02,
    policy: p02({ deductible: ladderAt, largeAmountBp: null }),
    set: { 'benefits.inpatient.deductible.amount': ladderRule },
    kinds: ['inpatient'],
  },
  'P02 with all figures': {
    ...P02,
    policy: p02({ deductible: ladderAt, largeAmountBp: 8500 }),
    set: {
      'benefits.inpatient.deductible.amount': ladderRule,
      'benefits.inpatient.layers.1.bands.0.rate': { fundBp: 8500, ...cited },
    },
    kinds: ['inpatient'],
  },
  'P02 with standards of chronic diseases': {
    ...P02,
    policy: P02_CHRONIC,
    set: CHRONIC_SET,
    kinds: ['chronic'],
    firstYear: 2025,
    says: { registered: MOSTLY, diseases: DISEASES },
  },
  'P03-employee': {
    ...P03,
    file: 'P03-employee',
    scheme: 'employee',
    policy: p03Employee(FIRST_YEAR, null),
    says: { basicHandedOver: MOSTLY, largeAmountPremium: YES_NO },
  },
  'P03-employee with basic figures': {
    ...P03,
    file: 'P03-employee',
    set: BASIC_SET,
    scheme: 'employee',
    policy: p03Employee(FIRST_YEAR, BASIC),
    says: { largeAmountPremium: YES_NO, episodeDeductibleFen: [0, 0, 0, 20_000, 50_001, 200_000] },
    kinds: ['inpatient', 'inpatient', 'outpatient'],
  },
  'P03-resident': {
    ...P03,
    file: 'P03-resident',
    scheme: 'resident',
    policy: p03Resident(FIRST_YEAR),
    says: { basicHandedOver: MOSTLY, reformedHospital: MOSTLY, registered: MOSTLY },
  },
  P04: {
    file: 'P04',
    scheme: 'resident',
    policy: P04,
    effectiveFrom: '2008-01-01',
    says: { largeAmountPremium: YES_NO, accident: YES_NO },
    tells: waiting,
  },
  P05: {
    file: 'P05',
    scheme: 'employee',
    policy: P05,
    effectiveFrom: '2011-01-01',
    says: { supplementEnrolled: MOSTLY },
    tells: (dice, claim) => upTo(dice, 'excessFen', claim.inScope),
  },
  P16: { file: 'P16', scheme: 'resident', policy: p16(null), effectiveFrom: '2017-07-01' },
  'P16 with all figures': {
    file: 'P16',
    scheme: 'resident',
    effectiveFrom: '2017-07-01',
    policy: p16({ deductible: () => P16_FIRST, fundBp: () => 7550 }),
    set: {
      'benefits.inpatient.deductible.amount': { ladderFen: [Number(P16_FIRST)], ...cited },
      'benefits.inpatient.layers.0.bands.0.rate': { fundBp: 7550, ...cited },
    },
    kinds: ['inpatient'],
  },
  P25: { file: 'P25', scheme: 'employee', policy: WITHOUT_BENEFITS, effectiveFrom: null },
  'P25 with all figures': {
    file: 'P25',
    scheme: 'employee',
    effectiveFrom: null,
    firstYear: 2012,
    policy: cappedRate({ deductible: P25_FIRST, fundBp: 8800, max: P25_MAX }),
    set: {
      'benefits.inpatient.deductible.amount': { ladderFen: [Number(P25_FIRST)], ...cited },
      'benefits.inpatient.layers.0.bands.0.rate': { fundBp: 8800, ...cited },
    },
    kinds: ['inpatient'],
  },
}

/** Before it is in force a policy computes nothing. */
export function inForceFrom(effectiveFrom: string | null, policy: Policy): Policy {
  if (effectiveFrom === null) return policy
  return {
    ...policy,
    settle: (claim: Claim, history: History): Paid | NoRule =>
      claim.endOn < effectiveFrom
        ? { noRule: `in force from ${effectiveFrom}` }
        : policy.settle(claim, history),
  }
}

/** A city's file of figures (yuan and fractions) as a policy table, by the fields of its README. */
import { LEVELS } from '../words/claim.ts'
import { type Words, wordsOf } from './city-texts.ts'
import type { ByLevel, Table } from './table.ts'

type Tier = {
  readonly deductible: number
  readonly reimbursementRatio: number
  readonly retireeRatioBonus?: number
}
type Block = { readonly sourceDocId?: string }
type Package = {
  readonly outpatient: Block & {
    readonly tierBenefits: Readonly<Record<string, Tier>>
    readonly annualDeductibleRetiree?: number
    readonly deductibleType?: string
    readonly annualCap: number
    readonly annualCapRetiree?: number
  }
  readonly inpatient: Block & {
    readonly tierBenefits: Readonly<Record<string, Tier>>
    readonly annualCap: number
  }
  readonly catastrophic: Block & {
    readonly deductible: number
    readonly tiers: readonly {
      readonly minAmount: number
      readonly maxAmount?: number
      readonly ratio: number
    }[]
    readonly annualCap?: number
  }
  readonly remoteMedical: Block & {
    readonly longTermFiledRatio: number
    readonly transferFiledRatio: number
    readonly unfiledEmergencyRatio: number
    readonly unfiledNormalRatio: number
  }
}
export type CityFile = {
  readonly cityCode: string
  readonly sourceDocs: readonly { readonly docId: string; readonly effectiveDate: string }[]
  readonly employee: Package
  readonly resident: Package
}
export type Scheme = 'employee' | 'resident'

const STATUSES = { employee: ['active', 'retired'], resident: ['adult', 'child'] } as const
/** "Means no limit." */
const NO_LIMIT = 9_999_999

/** A decimal of JSON moved by so many places, exactly: its text, not its binary value. */
function moved(value: number, places: number): number {
  const [whole = '', fraction = ''] = String(value).split('.')
  if (fraction.length > places) throw new RangeError(`${value} has more than ${places} places`)
  return Number(whole + fraction.padEnd(places, '0'))
}

export const fenOf = (yuan: number) => moved(yuan, 2)
export const bpOf = (ratio: number) => moved(ratio, 4)

const limit = (yuan: number | undefined) =>
  yuan === undefined || yuan === NO_LIMIT ? null : fenOf(yuan)

type Found = { readonly tier: Tier | undefined; readonly status: string; readonly level: string }

function byLevel<T>(
  scheme: Scheme,
  tiers: Readonly<Record<string, Tier>>,
  figure: (found: Found) => T,
): ByLevel<T> {
  const ofStatus = (status: string) =>
    Object.fromEntries(LEVELS.map(level => [level, figure({ tier: tiers[level], status, level })]))
  return Object.fromEntries(STATUSES[scheme].map(status => [status, ofStatus(status)]))
}

/** Bonus points on top for retired persons; a level that is not there is not covered. */
function rateOf({ tier, status }: Found): number {
  if (tier === undefined) return 0
  const bonus = status === 'retired' ? bpOf(tier.retireeRatioBonus ?? 0) : 0
  return Math.min(10_000, bpOf(tier.reimbursementRatio) + bonus)
}

export function cityTable(city: CityFile, scheme: Scheme): Table {
  const { inpatient, outpatient, catastrophic, remoteMedical } = city[scheme]
  const words = wordsOf(city.cityCode, scheme)
  return {
    inpatient: {
      deductibleFen: byLevel(scheme, inpatient.tierBenefits, ({ tier, status, level }) =>
        words.ladder(BigInt(fenOf(tier?.deductible ?? 0)), { level, status }).map(Number),
      ),
      stayCount: words.stayCount ?? 'all',
      deductibleMaxFenPerYear: limit(words.deductibleMaxYuan),
      fundBp: byLevel(scheme, inpatient.tierBenefits, rateOf),
      capFen: limit(inpatient.annualCap),
    },
    outpatient: outpatientOf(outpatient, scheme, words),
    catastrophic: layerOf(catastrophic, scheme === 'employee' ? inpatient.annualCap : null),
    remote: {
      longTermFiledBp: bpOf(remoteMedical.longTermFiledRatio),
      transferFiledBp: bpOf(remoteMedical.transferFiledRatio),
      unfiledEmergencyBp: bpOf(remoteMedical.unfiledEmergencyRatio),
      unfiledBp: bpOf(remoteMedical.unfiledNormalRatio),
      deemedFiledFor: words.deemedFiledFor ?? [],
    },
  }
}

function outpatientOf(
  outpatient: Package['outpatient'],
  scheme: Scheme,
  words: Words,
): Table['outpatient'] {
  const { tierBenefits, deductibleType, annualCap, annualCapRetiree } = outpatient
  const ofRetired = outpatient.annualDeductibleRetiree ?? words.outpatientDeductibleRetired
  const shares = words.sharesInpatientCap ?? false
  const cap = (status: string) =>
    shares ? null : limit(status === 'retired' ? (annualCapRetiree ?? annualCap) : annualCap)
  return {
    deductibleFen: byLevel(scheme, tierBenefits, ({ tier, status }) =>
      status === 'retired' && ofRetired !== undefined
        ? fenOf(ofRetired)
        : fenOf(tier?.deductible ?? 0),
    ),
    deductiblePer: deductibleType === 'per_visit' ? 'visit' : (words.deductiblePer ?? 'year'),
    fundBp: byLevel(scheme, tierBenefits, rateOf),
    capFen: Object.fromEntries(STATUSES[scheme].map(status => [status, cap(status)])),
    sharesInpatientCap: shares,
  }
}

/**
 * A layer of employees that begins at nothing or at the basic fund's cap takes what that cap cuts;
 * any other one lies on the burden.
 */
function layerOf(
  { tiers, annualCap }: Package['catastrophic'],
  basicCap: number | null,
): Table['catastrophic'] {
  const [first] = tiers
  if (first === undefined) return null
  const capFen = limit(annualCap)
  if (basicCap !== null && (first.minAmount === 0 || first.minAmount === basicCap)) {
    return { measure: 'cutByCap', fundBp: bpOf(first.ratio), capFen }
  }
  const bands = tiers.map(({ maxAmount, ratio }) => ({
    toFen: limit(maxAmount),
    fundBp: bpOf(ratio),
  }))
  return { measure: 'burden', fromFen: fenOf(first.minAmount), bands, capFen }
}

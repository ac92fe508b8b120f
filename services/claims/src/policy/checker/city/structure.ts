/** What the fields of a file lack, or say against one another. */
import type {
  CityDocument,
  CityPackage,
  CityTiers,
  Decimal,
} from '@tongchou/contracts/city/city-document.ts'
import { greatest } from '@tongchou/contracts/money.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import { isAboveCap } from '../../cities/benefits/catastrophic.ts'
import { bpOf, fenOf, isUnlimited, yuanText } from '../../cities/decimal.ts'
import { regionsWithoutFiling } from '../../cities/regions.ts'
import { LEVELS, type Scheme } from '../../facts.ts'
import { type ConflictRule, conflict } from './wording.ts'

export function structure(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  const pack = city[scheme]
  const found = [
    ...outpatient(pack),
    ...levels('outpatient', pack.outpatient.tierBenefits, scheme),
    ...levels('inpatient', pack.inpatient.tierBenefits, scheme),
    ...layer(pack, scheme),
    ...unlimited(pack),
    ...elsewhere(city, pack),
  ].map(({ rule, path, text }) => conflict(rule, `${scheme}.${path}`, text))
  const retiree = scheme === 'employee' ? retireeFields(pack) : []
  const checked =
    city.lastUpdated === undefined ? [conflict('last-checked-missing', 'lastUpdated', '')] : []
  return [...found, ...retiree, ...checked]
}

type Found = { readonly rule: ConflictRule; readonly path: string; readonly text: string }

function outpatient({ outpatient: block }: CityPackage): readonly Found[] {
  const { annualDeductible, tierBenefits } = block
  const path = 'outpatient.annualDeductible'
  if (annualDeductible === undefined) {
    return [{ rule: 'annual-deductible-missing', path, text: amountsOf(tierBenefits) }]
  }
  const highest = Object.values(tierBenefits)
    .map(({ deductible }) => fenOf(deductible))
    .reduce(greatest)
  const text = `${annualDeductible.decimal}元 ≠ ${amountsOf(tierBenefits)}`
  return highest === fenOf(annualDeductible)
    ? []
    : [{ rule: 'annual-deductible-against-levels', path, text }]
}

function amountsOf(tiers: CityTiers): string {
  return Object.values(tiers)
    .map(({ deductible }) => deductible.decimal)
    .join('/')
}

function levels(block: 'outpatient' | 'inpatient', tiers: CityTiers, scheme: Scheme): Found[] {
  const found: Found[] = []
  let before: { readonly rateBp: number; readonly fen: bigint } | null = null
  for (const level of LEVELS) {
    const tier = tiers[level]
    const path = `${block}.tierBenefits.${level}`
    if (tier === undefined) {
      found.push({ rule: 'level-missing', path, text: level })
      continue
    }
    const rateBp = bpOf(tier.reimbursementRatio)
    const fen = fenOf(tier.deductible)
    const covered = rateBp > 0
    if (!covered) found.push({ rule: 'zero-rate', path, text: tier.tierName })
    if (covered && before !== null && rateBp > before.rateBp) {
      found.push({ rule: 'rate-rises-with-level', path, text: tier.reimbursementRatio.decimal })
    }
    if (covered && before !== null && fen < before.fen) {
      found.push({ rule: 'deductible-falls-with-level', path, text: tier.deductible.decimal })
    }
    if (scheme === 'employee' && tier.retireeRatioBonus === undefined) {
      found.push({ rule: 'retiree-bonus-missing', path, text: tier.tierName })
    }
    if (covered) before = { rateBp, fen }
  }
  return found
}

function layer(pack: CityPackage, scheme: Scheme): readonly Found[] {
  const { deductible, tiers, annualCap } = pack.catastrophic
  const { annualCap: basic, comprehensiveCap } = pack.inpatient
  const start = tiers[0]?.minAmount
  const found: Found[] = []
  const path = 'catastrophic.deductible'
  if (start !== undefined && fenOf(start) !== fenOf(deductible)) {
    const text = `${deductible.decimal} ≠ ${start.decimal}`
    found.push({ rule: 'deductible-against-first-tier', path, text })
  } else if (fenOf(deductible) === 0n) {
    found.push({ rule: 'layer-from-zero', path, text: pack.catastrophic.name })
  }
  for (const [index, { minAmount }] of tiers.entries()) {
    const before = tiers[index - 1]?.maxAmount
    if (before !== undefined && fenOf(before) !== fenOf(minAmount)) {
      const text = `${before.decimal} ≠ ${minAmount.decimal}`
      found.push({ rule: 'tiers-with-gap', path: `catastrophic.tiers.${index}`, text })
    }
  }
  const above = isAboveCap({ scheme }, pack)
  if (above && annualCap !== undefined && fenOf(annualCap) === fenOf(basic)) {
    found.push({ rule: 'cap-equals-supplement', path: 'inpatient.annualCap', text: basic.decimal })
  }
  if (comprehensiveCap !== undefined) {
    const sumFen = fenOf(basic) + (annualCap === undefined ? 0n : fenOf(annualCap))
    if (sumFen !== fenOf(comprehensiveCap)) {
      const text = `${yuanText(sumFen)} ≠ ${comprehensiveCap.decimal}`
      found.push({ rule: 'caps-do-not-add-up', path: 'inpatient.comprehensiveCap', text })
    }
  }
  return found
}

function unlimited({ outpatient: out, inpatient, catastrophic }: CityPackage): readonly Found[] {
  const fields: readonly (readonly [string, Decimal | undefined])[] = [
    ['outpatient.annualCap', out.annualCap],
    ['outpatient.annualCapRetiree', out.annualCapRetiree],
    ['inpatient.annualCap', inpatient.annualCap],
    ['catastrophic.annualCap', catastrophic.annualCap],
    ...catastrophic.tiers.map(
      ({ maxAmount }, index) => [`catastrophic.tiers.${index}.maxAmount`, maxAmount] as const,
    ),
  ]
  return fields.flatMap(([path, value]) =>
    value !== undefined && isUnlimited(value)
      ? [{ rule: 'no-limit' as const, path, text: value.decimal }]
      : [],
  )
}

function retireeFields({ outpatient: out }: CityPackage): readonly ConflictDocument[] {
  const path = 'employee.outpatient.annualCapRetiree'
  return out.annualCapRetiree === undefined
    ? [conflict('retiree-cap-missing', path, out.annualCap.decimal)]
    : []
}

function elsewhere(city: CityDocument, { remoteMedical }: CityPackage): readonly Found[] {
  const { transferFiledRatio, unfiledEmergencyRatio, unfiledNormalRatio } = remoteMedical
  const ratios = [transferFiledRatio, unfiledEmergencyRatio, unfiledNormalRatio]
  const lowered = ratios.filter(ratio => bpOf(ratio) < 10_000).map(({ decimal }) => decimal)
  const found: Found[] = []
  if (lowered.length > 0) {
    found.push({ rule: 'factor-or-points', path: 'remoteMedical', text: lowered.join('/') })
  }
  for (const [index, note] of (remoteMedical.specialNotes ?? []).entries()) {
    const district = /示范区.*免备案/.test(note) && regionsWithoutFiling(city, [note]).length === 0
    const path = `remoteMedical.specialNotes.${index}`
    if (district) found.push({ rule: 'filing-free-district', path, text: note })
  }
  return found
}

/** Who stands behind the words for payers that policies use. */

/** `fund`: money that one fund hands to another, which nobody pays in. */
export type PayerKind = 'employer' | 'person' | 'finance' | 'fund'

const KIND_OF: Readonly<Record<string, PayerKind>> = {
  employer: 'employer',
  person: 'person',
  family: 'person',
  finance: 'finance',
  central: 'finance',
  province: 'finance',
  local: 'finance',
  county: 'finance',
  district: 'finance',
  township: 'finance',
}

/** Undefined for a word that names several payers, or nobody known. */
export function payerKind(payer: string): PayerKind | undefined {
  if (payer.endsWith('Fund')) return 'fund'
  return Object.hasOwn(KIND_OF, payer) ? KIND_OF[payer] : undefined
}

/** The fund behind a word for a payer or a destination: `basicFund` and `basic` are one. */
export function fundNamed(word: string): string {
  return word.replace(/Fund$/, '')
}

/** Levels of government (各级财政) that pay premiums. */
export const LEVELS = ['central', 'province', 'local', 'county', 'district', 'township'] as const
export type Level = (typeof LEVELS)[number]

/** Null for a payer that is not public finance, and for `finance`, which names no level. */
export function levelOf(payer: string): Level | null {
  return LEVELS.find(level => level === payer) ?? null
}

/**
 * The fund of a scheme in whose books a destination is: that of the layer which pays benefits from
 * it. The basic fund (基本医疗保险基金) less the accounts is what layers call `pooled` (统筹基金).
 */
export function bookFundOf(word: string): string {
  const fund = fundNamed(word)
  return fund === 'basic' ? 'pooled' : fund
}

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

/**
 * Special outpatient care under P02 in an area that gives the payment standards which R11 leaves to
 * it: figures made up for tests. R12 with reading 5 makes one limit of a person's diseases.
 */
import { documentsOf, PACKS } from '../engine/documents.ts'
import { type Claim, ofTheYear, type Policy, paid } from '../words/claim.ts'
import { halfUp, notBelowZero, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

const FUND_BP = 8000
const NEW_STANDARD = '2025-07-01'
const LUPUS = { before: 300_001, after: 360_000 } as const
const MYASTHENIA = 200_000

const cited = { clause: 'E1' } as const
const flag = (is: boolean) => ({ is, ...cited })
const says = (name: string) => ({ from: name, means: { en: name, zh: name } })

function ofPack(name: string): object {
  const pack = documentsOf(PACKS).get('P02')
  return Object(Object(pack)[name])
}

export const CHRONIC_SET: Readonly<Record<string, unknown>> = {
  attributes: {
    ...ofPack('attributes'),
    registered: { default: false, ...says('registered') },
    diseases: { default: '', ...says('diseases') },
  },
  chronicLimit: {
    ...ofPack('chronicLimit'),
    limits: {
      lupus: {
        by: 'date',
        of: {
          '..2025-06-30': { fen: LUPUS.before, ...cited },
          [`${NEW_STANDARD}..`]: { fen: LUPUS.after, ...cited },
        },
      },
      myasthenia: { fen: MYASTHENIA, ...cited },
    },
  },
  counters: {
    ...ofPack('counters'),
    chronicPaid: { of: { paidBy: 'chronic' }, kinds: ['chronic'] },
  },
  'benefits.chronic': {
    covered: [{ by: 'attribute.registered', of: { true: flag(true), false: flag(false) } }],
    deductible: null,
    layers: [
      {
        ...{ id: 'chronic', payer: 'pooled', of: 'aboveDeductible' },
        bands: [{ rate: { fundBp: FUND_BP, ...cited } }],
        cap: {
          ...{ kind: 'fundPayment', amount: { fen: 0, ...cited }, counts: ['own.chronicPaid'] },
          diseases: 'diseases',
        },
      },
    ],
    account: null,
  },
}

/** What is tried: none, each, both, one twice, and one without a standard. */
export const DISEASES = [
  ...['', 'lupus', 'myasthenia', 'lupus;myasthenia', 'myasthenia;lupus', 'lupus;lupus'],
  'lupus;haemophilia',
]

/** P02-R12 with reading 5: the main disease at its limit, half the sum of the others' limits. */
export function limitOfAll(limits: readonly bigint[]): bigint {
  const [main = 0n, ...others] = limits.toSorted((one, other) => (one > other ? -1 : 1))
  return main + halfUp(total(others), 2n)
}

/** Null: the area gives no standard for one of them. */
function limitOf({ says: told, endOn }: Claim): bigint | null {
  const codes = [...new Set(String(told['diseases']).split(';'))].filter(code => code !== '')
  const standards: Readonly<Record<string, number>> = {
    lupus: endOn < NEW_STANDARD ? LUPUS.before : LUPUS.after,
    myasthenia: MYASTHENIA,
  }
  const amounts = codes.map(code => standards[code])
  if (amounts.some(amount => amount === undefined)) return null
  return limitOfAll(amounts.map(amount => BigInt(amount ?? 0)))
}

export const P02_CHRONIC: Policy = {
  settle: (claim, history) => {
    if (claim.kind !== 'chronic') return { noRule: `no figure for ${claim.kind}` }
    const branch = branchOf(claim, [])
    const nothing = { branch, fundBp: 0n, deductible: 0n, accountMay: 0n, funds: {} }
    if (claim.says['registered'] !== true) {
      return paid(claim, history, { ...nothing, counts: false })
    }
    const limit = limitOf(claim)
    if (limit === null && claim.inScope > 0n) return { noRule: 'a disease without a standard' }
    const used = total(ofTheYear(claim, history, 'chronic').map(other => other.paid.pooled))
    const room = notBelowZero((limit ?? 0n) - used)
    const pooled = smaller(part(claim.inScope, FUND_BP), room)
    const fundBp = BigInt(FUND_BP)
    return paid(claim, history, { ...nothing, counts: true, fundBp, funds: { pooled } })
  },
  edges: (claim, history) => {
    const limit = limitOf(claim) ?? 0n
    const used = total(ofTheYear(claim, history, 'chronic').map(other => other.paid.pooled))
    return [(notBelowZero(limit - used) * 10_000n) / BigInt(FUND_BP)].filter(edge => edge > 0n)
  },
}

/** A small valid table, a small valid pack and plain facts, for the tests of the engine to vary. */
import assert from 'node:assert/strict'
import { type Fen, fen } from '@tongchou/contracts/money.ts'
import type { PackDocument, TableDocument } from '@tongchou/contracts/policy-document.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { BenefitFacts } from '../facts.ts'
import { loadPolicy } from '../load.ts'
import type { BenefitOutcome, NoPolicy } from '../outcome.ts'
import type { Plan } from '../plan/plan.ts'
import { type BenefitTotals, EMPTY_YEAR, totalsOf } from '../totals.ts'

const SOURCE = {
  document: '某市医疗保障办法',
  number: '某政发〔2025〕1号',
  effective: '2025-01-01',
}

function everyStatus<T>(value: T): Record<string, T> {
  return { active: value, retired: value }
}

export const TABLE: TableDocument = {
  region: '110100',
  name: '某市',
  scheme: 'employee',
  effectiveFrom: '2025-01-01',
  effectiveTo: null,
  inpatient: {
    deductibleFen: everyStatus({ tier1: [50_000, 20_000], tier3: [100_000, 60_000, 30_000] }),
    stayCount: 'all',
    deductibleMaxFenPerYear: null,
    fundBp: everyStatus({ tier1: 9000, tier3: 8000 }),
    capFen: 10_000_000,
  },
  outpatient: {
    deductibleFen: everyStatus({ tier1: 40_000, tier3: 40_000 }),
    deductiblePer: 'year',
    fundBp: everyStatus({ tier1: 7000, tier3: 0 }),
    capFen: everyStatus(500_000),
    sharesInpatientCap: false,
  },
  catastrophic: {
    name: '大病保险',
    measure: 'burden',
    fromFen: 1_000_000,
    bands: [
      { toFen: 3_000_000, fundBp: 6000 },
      { toFen: null, fundBp: 7000 },
    ],
    capFen: 5_000_000,
  },
  remote: {
    longTermFiledBp: 10_000,
    transferFiledBp: 9000,
    unfiledEmergencyBp: 8500,
    unfiledBp: 7000,
    deemedFiledFor: ['120100'],
  },
  sources: { inpatient: SOURCE, outpatient: SOURCE, catastrophic: SOURCE, remote: SOURCE },
  assumptions: [],
}

const TEXT = { en: 'not stated', zh: '未规定' }
const NOTHING = { covered: [], deductible: null, layers: [], account: null }

export const PACK: PackDocument = {
  form: 'language',
  packId: 'SAMPLE',
  name: { en: 'Sample', zh: '示例' },
  scheme: 'employee',
  region: null,
  effectiveFrom: '2025-01-01',
  effectiveTo: null,
  statuses: ['active', 'retired'],
  documents: { D: { title: '示例文件', number: null, effective: null } },
  clauses: { C1: { document: 'D', quote: '原文' } },
  readings: { R1: { en: 'a reading', zh: '解读' } },
  attributes: { special: { default: false, means: TEXT } },
  remote: { deemedFiledFor: [], factor: null },
  benefits: {
    inpatient: {
      covered: [],
      deductible: { per: 'stay', amount: { ladderFen: [10_000], clause: 'C1' } },
      layers: [
        {
          id: 'pooled',
          payer: 'pooled',
          of: 'aboveDeductible',
          bands: [{ rate: { fundBp: 8000, clause: 'C1' } }],
        },
      ],
      account: null,
    },
    outpatient: NOTHING,
    chronic: { missing: TEXT },
    pharmacy: NOTHING,
  },
  contribution: null,
  riskReserve: null,
  otherNumbers: [],
}

export const SPLIT_NOTHING = {
  fullSelfFen: fen(0),
  overLimitFen: fen(0),
  firstShareFen: fen(0),
} as const

/** An inpatient claim of an active employee at home, in a tier-3 hospital, all of it in scope. */
export function stay(inScopeFen: number, changes: Partial<BenefitFacts> = {}): BenefitFacts {
  return {
    kind: 'inpatient',
    level: 'tier3',
    insuredRegion: '110100',
    treatingRegion: '110100',
    scheme: 'employee',
    status: 'active',
    ageOnYearStart: 40,
    beginOn: businessDate('2025-03-01'),
    endOn: businessDate('2025-03-08'),
    emergency: false,
    filings: [],
    ...SPLIT_NOTHING,
    inScopeFen: fen(inScopeFen),
    totalFen: fen(inScopeFen),
    useAccount: false,
    attributes: {},
    ...changes,
  }
}

export function visit(inScopeFen: number, changes: Partial<BenefitFacts> = {}): BenefitFacts {
  return stay(inScopeFen, { kind: 'outpatient', level: 'tier1', ...changes })
}

/** The totals of a year in which only the given ones are not 0. */
export function year(changes: Partial<BenefitTotals> = {}): BenefitTotals {
  return { ...totalsOf(EMPTY_YEAR, fen(0)), ...changes }
}

export function stays(total: number): BenefitTotals['stays'] {
  return { ...EMPTY_YEAR.stays, total }
}

export function planOf(document: unknown): Plan {
  const loaded = loadPolicy(document)
  assert.ok(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.problems))
  return loaded.plan
}

export function computed(outcome: BenefitOutcome | NoPolicy): BenefitOutcome {
  assert.ok(outcome.kind === 'adjudicated', outcome.kind === 'no-policy' ? outcome.path : '')
  return outcome
}

export function amount(value: number | bigint): Fen {
  return fen(value)
}

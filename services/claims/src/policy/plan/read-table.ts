/** Reads the table form (contracts/policies/table.schema.json) into a plan. */
import { basisPoints, type Fen, fen } from '@tongchou/contracts/money.ts'
import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { checkKeys, choiceOf, known, type Origin } from '@tongchou/contracts/policy/rule/read.ts'
import type {
  TableDocument,
  TableSection,
  TableSource,
} from '@tongchou/contracts/policy-document.ts'
import { businessDate, isBusinessDate } from '@tongchou/contracts/time.ts'
import { STATUSES } from '../facts.ts'
import type { FenTotal } from '../totals.ts'
import { NO_FUND_RULES } from './money-plan.ts'
import type { Band, Benefit, Cap, Choice, Layer, Leaf, Plan, Rate, Rule, Source } from './plan.ts'

type Reading = { readonly table: TableDocument; readonly problems: Problem[] }

/** Figures of a section of the table, each with its path and the section's document. */
type Section = {
  readonly path: string
  readonly origin: (path: string) => Origin
  readonly reading: Reading
}

export function readTable(table: TableDocument, hash: string, problems: Problem[]): Plan {
  const reading = { table, problems }
  const catastrophic = catastrophicLayer(reading)
  const inpatientLayers = [pooledInpatient(reading), ...catastrophic]
  return {
    packId: `${table.region}-${table.scheme}`,
    hash,
    form: 'table',
    name: { en: table.name, zh: table.name },
    scheme: table.scheme,
    region: table.region,
    effectiveFrom: isBusinessDate(table.effectiveFrom) ? table.effectiveFrom : null,
    effectiveTo: dateOrNull(table.effectiveTo),
    statuses: STATUSES[table.scheme],
    deemedFiledFor: new Set(table.remote.deemedFiledFor),
    remoteFactor: remoteFactor(reading),
    benefits: {
      inpatient: { ...benefit(inpatientLayers), deductible: stayDeductible(reading) },
      chronic: benefit(inpatientLayers),
      outpatient: outpatientBenefit(reading),
      pharmacy: benefit([]),
    },
    ...NOTHING_MORE,
    assumptions: table.assumptions.map(text => ({ en: text, zh: text })),
  }
}

/** What no table says. */
const NOTHING_MORE = {
  counters: [],
  history: [],
  chronicOthers: null,
  personalAccount: null,
  contribution: null,
  riskReserve: null,
  fund: NO_FUND_RULES,
  guards: [],
  supersedes: null,
  basedOn: null,
} as const satisfies Partial<Plan>

function dateOrNull(value: string | null): Plan['effectiveTo'] {
  return value !== null && isBusinessDate(value) ? businessDate(value) : null
}

function benefit(layers: readonly Layer[]): Benefit {
  return {
    kind: 'benefit',
    covered: [],
    waiting: null,
    deductible: null,
    layers,
    account: { pays: 'allButFullSelf', less: null, sources: [], readings: [], path: 'account' },
    zeroRateIsNotCovered: false,
  }
}

const AS_STATED = { later: null, lowered: null, less: null } as const

function stayDeductible(reading: Reading): Benefit['deductible'] {
  const { deductibleFen, deductibleMaxFenPerYear, stayCount } = reading.table.inpatient
  const section = sectionOf(reading, 'inpatient')
  return {
    per: 'stay',
    count: stayCount,
    ladder: byStatusAndLevel<readonly number[], readonly Fen[]>(
      deductibleFen,
      at(section, 'deductibleFen'),
      (ladder, leaf) => leaf(ladder.map(entry => fen(entry))),
    ),
    maxPerYear: amountOrNull(deductibleMaxFenPerYear, at(section, 'deductibleMaxFenPerYear')),
    ...AS_STATED,
    path: 'inpatient.deductibleFen',
  }
}

function pooledInpatient(reading: Reading): Layer {
  const { fundBp, capFen } = reading.table.inpatient
  const section = sectionOf(reading, 'inpatient')
  const counts: readonly FenTotal[] = reading.table.outpatient.sharesInpatientCap
    ? ['paidInFen', 'paidOutFen']
    : ['paidInFen']
  return {
    ...pooled(reading, 'inpatient', [openBand(ratesOf(fundBp, at(section, 'fundBp')))]),
    cap: capOf(amountOrNull(capFen, at(section, 'capFen')), counts),
  }
}

function outpatientBenefit(reading: Reading): Benefit {
  const { outpatient } = reading.table
  const section = sectionOf(reading, 'outpatient')
  const rates = ratesOf(outpatient.fundBp, at(section, 'fundBp'))
  const layer = { ...pooled(reading, 'outpatient', [openBand(rates)]), cap: outpatientCap(reading) }
  const ladder = byStatusAndLevel<number, readonly Fen[]>(
    outpatient.deductibleFen,
    at(section, 'deductibleFen'),
    (amount, leaf) => leaf([fen(amount)]),
  )
  const per = outpatient.deductiblePer
  const path = 'outpatient.deductibleFen'
  return {
    ...benefit([layer]),
    deductible: { per, count: 'all', ladder, maxPerYear: null, ...AS_STATED, path },
    zeroRateIsNotCovered: true,
  }
}

function outpatientCap(reading: Reading): Cap | null {
  const { capFen, sharesInpatientCap } = reading.table.outpatient
  if (sharesInpatientCap) {
    const section = at(sectionOf(reading, 'inpatient'), 'capFen')
    return capOf(amountOrNull(reading.table.inpatient.capFen, section), ['paidInFen', 'paidOutFen'])
  }
  const section = at(sectionOf(reading, 'outpatient'), 'capFen')
  const amount = byStatus(capFen, section, (cap, path) =>
    known<Fen | 'unlimited'>(cap === null ? 'unlimited' : fen(cap), path, section.origin(path)),
  )
  return capOf(amount, ['paidOutFen'])
}

function catastrophicLayer(reading: Reading): readonly Layer[] {
  const { catastrophic } = reading.table
  if (catastrophic === null) return []
  const section = sectionOf(reading, 'catastrophic')
  const burden = catastrophic.measure === 'burden'
  const bands = burden
    ? (catastrophic.bands ?? []).map((band, index) =>
        burdenBand(band, at(section, `bands.${index}`)),
      )
    : [openBand(fundRate(catastrophic.fundBp ?? 0, at(section, 'fundBp')))]
  return [
    {
      id: 'catastrophic',
      payer: 'catastrophic',
      payerFund: `${reading.table.scheme}.catastrophic`,
      when: null,
      of: burden ? { kind: 'unpaid' } : { kind: 'cutByCap', layer: 0 },
      measure: burden ? 'burdenFen' : null,
      from: burden ? amountOrNull(catastrophic.fromFen ?? 0, at(section, 'fromFen')) : null,
      bands,
      remoteFactor: false,
      cap: capOf(amountOrNull(catastrophic.capFen, at(section, 'capFen')), ['paidCatFen']),
      path: 'catastrophic',
    },
  ]
}

function burdenBand(
  band: { readonly toFen: number | null; readonly fundBp: number },
  section: Section,
): Band {
  const to = amountOrNull(band.toFen, at(section, 'toFen'))
  return { to, rate: fundRate(band.fundBp, at(section, 'fundBp')), ...NO_CHANGE }
}

function remoteFactor(reading: Reading): Rule<Rate> {
  const { longTermFiledBp, transferFiledBp, unfiledEmergencyBp, unfiledBp } = reading.table.remote
  const section = sectionOf(reading, 'remote')
  return choiceOf(
    'filing',
    [
      ['local', fundRate(10_000, section)],
      ['deemed|longTerm', fundRate(longTermFiledBp, at(section, 'longTermFiledBp'))],
      ['transfer', fundRate(transferFiledBp, at(section, 'transferFiledBp'))],
      ['unfiledEmergency', fundRate(unfiledEmergencyBp, at(section, 'unfiledEmergencyBp'))],
      ['unfiled', fundRate(unfiledBp, at(section, 'unfiledBp'))],
    ],
    'remote',
  )
}

function pooled(reading: Reading, path: string, bands: readonly Band[]): Layer {
  return {
    id: 'pooled',
    payer: 'pooled',
    payerFund: `${reading.table.scheme}.pooled`,
    when: null,
    of: { kind: 'aboveDeductible' },
    measure: null,
    from: null,
    bands,
    remoteFactor: true,
    cap: null,
    path,
  }
}

/** A table states rates as they are. */
const NO_CHANGE = { plus: [], minus: [], times: [], floor: null } as const satisfies Partial<Band>

function openBand(rate: Rule<Rate>): Band {
  return { to: null, rate, ...NO_CHANGE }
}

function capOf(amount: Rule<Fen | 'unlimited'> | null, counts: readonly FenTotal[]): Cap | null {
  return amount === null ? null : { kind: 'fundPayment', amount, counts, plus: [], diseases: null }
}

function amountOrNull(value: number | null, { path, origin }: Section): Leaf<Fen> | null {
  return value === null ? null : known(fen(value), path, origin(path))
}

function fundRate(bp: number, { path, origin }: Section): Leaf<Rate> {
  return known({ whose: 'fund' as const, bp: basisPoints(bp) }, path, origin(path))
}

function ratesOf(
  table: Readonly<Record<string, Readonly<Record<string, number>>>>,
  section: Section,
): Choice<Rate> {
  return byStatusAndLevel(table, section, (bp, leaf) =>
    leaf({ whose: 'fund' as const, bp: basisPoints(bp) }),
  )
}

function byStatus<From, T>(
  table: Readonly<Record<string, From>>,
  section: Section,
  read: (value: From, path: string) => Rule<T>,
): Choice<T> {
  const { path, reading } = section
  const { scheme } = reading.table
  const keys = Object.keys(table)
  checkKeys('status', keys, { path, scheme, problems: reading.problems })
  for (const status of STATUSES[scheme]) {
    if (!keys.includes(status)) reading.problems.push(problem(path, 'status-missing', status))
  }
  const entries = Object.entries(table).map(
    ([status, value]) => [status, read(value, `${path}.${status}`)] as const,
  )
  return choiceOf('status', entries, path)
}

function byStatusAndLevel<From, T>(
  table: Readonly<Record<string, Readonly<Record<string, From>>>>,
  section: Section,
  read: (value: From, leaf: (value: T) => Leaf<T>) => Leaf<T>,
): Choice<T> {
  const { scheme } = section.reading.table
  const { problems } = section.reading
  return byStatus(table, section, (levels, path) => {
    checkKeys('level', Object.keys(levels), { path, scheme, problems })
    const entries = Object.entries(levels).map(([level, value]) => {
      const leafPath = `${path}.${level}`
      const leaf = (figure: T): Leaf<T> => known(figure, leafPath, section.origin(leafPath))
      return [level, read(value, leaf)] as const
    })
    return choiceOf('level', entries, path)
  })
}

function sectionOf(reading: Reading, name: TableSection): Section {
  const source = reading.table.sources[name]
  const readings: Origin['readings'] = source === null ? [NO_DOCUMENT] : []
  const origin = (path: string): Origin => ({ sources: sourcesOf(source, path), readings })
  return { path: name, origin, reading }
}

const NO_DOCUMENT = { en: 'the table names no document', zh: '表中未注明文件' }

function sourcesOf(source: TableSource | null, path: string): readonly Source[] {
  if (source === null) return []
  const number = source.number === null ? '' : `（${source.number}）`
  return [{ document: `${source.document}${number}`, clause: path, quote: null }]
}

function at(section: Section, name: string): Section {
  return { ...section, path: `${section.path}.${name}` }
}

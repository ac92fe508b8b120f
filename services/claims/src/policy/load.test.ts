/** Every refusal of the gate, with one row where only that rule is broken. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { ProblemRule } from '@tongchou/contracts/policy/rule/problems.ts'
import type { PackDocument } from '@tongchou/contracts/policy-document.ts'
import { type LoadContext, loadPolicy } from './load.ts'
import { contentHash } from './plan/content-hash.ts'
import { amount, PACK, planOf, TABLE } from './testing/samples.ts'

type Edit = (document: Record<string, unknown>) => void

/** A copy of the document with one place changed; the path names it, `undefined` removes it. */
function set(path: string, value: unknown): Edit {
  return document => {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let at: Record<string, unknown> = document
    for (const key of keys) at = isRecord(at[key]) ? at[key] : assert.fail(`no ${path}`)
    if (value === undefined) delete at[last]
    else at[last] = value
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function edited(document: unknown, edit: Edit): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document))
  assert.ok(isRecord(copy))
  edit(copy)
  return copy
}

type Row = readonly [rule: ProblemRule, path: string, edit: Edit]

const LAYER = 'benefits.inpatient.layers.0'
const layer = (changes: Record<string, unknown>): Record<string, unknown> => ({
  id: 'more',
  payer: 'largeAmount',
  of: 'aboveDeductible',
  bands: [{ rate: { fundBp: 5000, clause: 'C1' } }],
  ...changes,
})

const DUE = { id: 'person', payer: 'person', to: 'pooled', amount: { fen: 1, clause: 'C1' } }

const TABLE_ROWS: readonly Row[] = [
  ['shape', 'inpatient.capFen', set('inpatient.capFen', undefined)],
  ['shape', 'inpatient.ratio', set('inpatient.ratio', 1)],
  ['shape', 'scheme', set('scheme', 'farmer')],
  ['shape', 'region', set('region', 'Beijing')],
  ['shape', 'inpatient.capFen', set('inpatient.capFen', 1.5)],
  ['shape', 'inpatient.capFen', set('inpatient.capFen', 2 ** 53)],
  ['shape', 'inpatient.capFen', set('inpatient.capFen', -1)],
  ['shape', 'catastrophic.bands', set('catastrophic.bands', undefined)],
  [
    'rate-out-of-range',
    'inpatient.fundBp.active.tier3',
    set('inpatient.fundBp.active.tier3', 10_001),
  ],
  ['rate-out-of-range', 'remote.unfiledBp', set('remote.unfiledBp', -1)],
  ['not-a-date', 'effectiveFrom', set('effectiveFrom', '2025-02-30')],
  ['not-a-date', 'effectiveTo', set('effectiveTo', '2025-13-01')],
  ['ends-before-it-begins', 'effectiveTo', set('effectiveTo', '2024-12-31')],
  [
    'ladder-empty',
    'inpatient.deductibleFen.active.tier3',
    set('inpatient.deductibleFen.active.tier3', []),
  ],
  ['no-bands', 'catastrophic.bands', set('catastrophic.bands', [])],
  ['bands-not-ascending', 'catastrophic.bands.0', set('catastrophic.bands.0.toFen', 1_000_000)],
  ['open-band-not-last', 'catastrophic.bands.0', set('catastrophic.bands.0.toFen', null)],
  ['unknown-status', 'outpatient.capFen', set('outpatient.capFen.child', 1)],
  ['status-missing', 'inpatient.fundBp', set('inpatient.fundBp.retired', undefined)],
  ['unknown-level', 'outpatient.fundBp.active', set('outpatient.fundBp.active.tier4', 1)],
]

const PACK_ROWS: readonly Row[] = [
  ['shape', 'benefits.chronic', set('benefits.chronic', undefined)],
  ['shape', `${LAYER}.payer`, set(`${LAYER}.payer`, 'nobody')],
  ['shape', `${LAYER}.bands.0.rate.of`, set(`${LAYER}.bands.0.rate`, { by: 'status' })],
  [
    'rate-out-of-range',
    `${LAYER}.bands.0.rate.fundBp`,
    set(`${LAYER}.bands.0.rate.fundBp`, 10_001),
  ],
  ['not-a-date', 'effectiveTo', set('effectiveTo', '2025-02-29')],
  ['ends-before-it-begins', 'effectiveTo', set('effectiveTo', '2024-12-31')],
  [
    'ladder-empty',
    'benefits.inpatient.deductible.amount',
    set('benefits.inpatient.deductible.amount.ladderFen', []),
  ],
  ['no-bands', `${LAYER}.bands`, set(`${LAYER}.bands`, [])],
  ['bands-not-ascending', `${LAYER}.bands.0`, set(`${LAYER}.bands.0.to`, { fen: 0, clause: 'C1' })],
  [
    'open-band-not-last',
    `${LAYER}.bands.0`,
    set(`${LAYER}.bands.1`, { rate: { fundBp: 1, clause: 'C1' } }),
  ],
  ['unknown-status', 'statuses', set('statuses', ['active', 'retired', 'child'])],
  ['status-missing', 'statuses', set('statuses', ['active'])],
  [
    'unknown-status',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'status', of: { child: { is: true, clause: 'C1' } } }),
  ],
  [
    'unknown-level',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'level', of: { L3: { is: true, clause: 'C1' } } }),
  ],
  [
    'unknown-filing',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'filing', of: { away: { is: true, clause: 'C1' } } }),
  ],
  [
    'key-twice',
    `${LAYER}.when`,
    set(`${LAYER}.when`, {
      by: 'level',
      of: { 'tier1|tier2': { is: true, clause: 'C1' }, tier2: { is: false, clause: 'C1' } },
    }),
  ],
  [
    'not-an-age-range',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'age', of: { old: { is: true, clause: 'C1' } } }),
  ],
  [
    'not-an-age-range',
    `${LAYER}.when`,
    set(`${LAYER}.when`, {
      by: 'age',
      of: { '..35': { is: true, clause: 'C1' }, '35..': { is: false, clause: 'C1' } },
    }),
  ],
  [
    'unknown-clause',
    'benefits.inpatient.account',
    set('benefits.inpatient.account', { pays: 'inScopeShare', clause: 'C9' }),
  ],
  ['unknown-document', 'clauses.C1', set('clauses.C1.document', 'E')],
  [
    'unknown-reading',
    'benefits.inpatient.account',
    set('benefits.inpatient.account', { pays: 'inScopeShare', reading: 'R9' }),
  ],
  [
    'number-without-source',
    `${LAYER}.bands.0.rate`,
    set(`${LAYER}.bands.0.rate`, { fundBp: 8000 }),
  ],
  [
    'unknown-without-reason',
    `${LAYER}.bands.0.rate`,
    set(`${LAYER}.bands.0.rate`, { fundBp: null, clause: 'C1' }),
  ],
  ['not-one-figure', `${LAYER}.bands.0.rate`, set(`${LAYER}.bands.0.rate.personBp`, 2000)],
  [
    'unknown-attribute',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'attribute.rich', of: { true: { is: true, clause: 'C1' } } }),
  ],
  [
    'unknown-layer',
    'benefits.inpatient.layers.1.of',
    set('benefits.inpatient.layers.1', layer({ of: { cutByCapOf: 'more' } })),
  ],
  [
    'layer-twice',
    'benefits.inpatient.layers.1.id',
    set('benefits.inpatient.layers.1', layer({ id: 'pooled' })),
  ],
  [
    'cap-without-measure',
    `${LAYER}.cap`,
    set(`${LAYER}.cap`, { kind: 'eligibleAboveDeductible', amount: { fen: 1, clause: 'C1' } }),
  ],
  [
    'cap-without-measure',
    `${LAYER}.cap`,
    set(`${LAYER}.cap`, { kind: 'fundPayment', amount: { fen: 1, clause: 'C1' } }),
  ],
  [
    'diseases-without-limits',
    `${LAYER}.cap.diseases`,
    set(`${LAYER}.cap`, {
      ...{ kind: 'fundPayment', amount: { fen: 1, clause: 'C1' }, counts: ['paidInFen'] },
      diseases: 'special',
    }),
  ],
  [
    'factor-on-person-share',
    'benefits.inpatient.layers.1.bands.0.rate',
    document => {
      set('remote.factor', { fundBp: 9000, clause: 'C1' })(document)
      const rate = { personBp: 2000, clause: 'C1' }
      set('benefits.inpatient.layers.1', layer({ remoteFactor: true, bands: [{ rate }] }))(document)
    },
  ],
  [
    'not-a-range',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'date', of: { '2017': { is: true, clause: 'C1' } } }),
  ],
  [
    'not-a-range',
    `${LAYER}.when`,
    set(`${LAYER}.when`, {
      by: 'attribute.special',
      of: { '..1': { is: true, clause: 'C1' }, '1..': { is: false, clause: 'C1' } },
    }),
  ],
  [
    'unknown-total',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'total.burden', of: { '1..': { is: true, clause: 'C1' } } }),
  ],
  ['unknown-total', `${LAYER}.measure`, set(`${LAYER}.measure`, 'own.excess')],
  [
    'unknown-kind',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'kind', of: { maternity: { is: true, clause: 'C1' } } }),
  ],
  [
    'not-a-flag',
    `${LAYER}.when`,
    set(`${LAYER}.when`, { by: 'emergency', of: { yes: { is: true, clause: 'C1' } } }),
  ],
  [
    'base-not-one',
    'contribution.base',
    set('contribution', {
      base: { given: 'premium', amount: { fen: 1, clause: 'C1' } },
      dues: [],
    }),
  ],
  [
    'unknown-due',
    'contribution.dues.0.less',
    set('contribution', { base: null, dues: [{ ...DUE, less: ['person'] }] }),
  ],
  [
    'not-one-figure',
    'history.special',
    set('history', {
      special: { kind: 'lastYear', total: 'costInFen', atMost: { fen: 1, clause: 'C1' } },
    }),
  ],
  [
    'not-one-figure',
    'history.special',
    set('history', { special: { kind: 'streak', total: 'costInFen' } }),
  ],
  [
    'not-one-figure',
    'history.special',
    set('history', { special: { kind: 'insuredYears', total: 'costInFen' } }),
  ],
  [
    'not-a-date',
    'contribution.dueOn',
    set('contribution', { base: null, dues: [], dueOn: { monthDay: '02-29', clause: 'C1' } }),
  ],
  ['unknown-layer', 'counters.paid.of', set('counters', { paid: { of: { paidBy: 'nobody' } } })],
  ['supersedes-itself', 'supersedes.packId', set('supersedes', { packId: 'SAMPLE', clause: 'C1' })],
  [
    'benefit-without-scheme',
    'benefits.inpatient',
    document => {
      set('scheme', null)(document)
      set('benefits.outpatient', { missing: { en: 'x', zh: 'x' } })(document)
      set('benefits.pharmacy', { missing: { en: 'x', zh: 'x' } })(document)
    },
  ],
]

function refusals(document: unknown, rows: readonly Row[]): void {
  for (const [rule, path, edit] of rows) {
    test(`${rule} at ${path} alone is refused with what to do`, () => {
      const loaded = loadPolicy(edited(document, edit))
      assert.ok(!loaded.ok)
      assert.deepEqual(
        [...new Set(loaded.problems.map(problem => `${problem.rule} ${problem.path}`))],
        [`${rule} ${path}`],
      )
      for (const { says, todo } of loaded.problems) {
        assert.ok(says.en !== '' && says.zh !== '' && todo.en !== '' && todo.zh !== '')
      }
    })
  }
}

describe('a table', () => {
  test('that is right is loaded', () => assert.ok(loadPolicy(TABLE).ok))
  refusals(TABLE, TABLE_ROWS)
  test('with several faults is refused with all of them', () => {
    const twice = edited(TABLE, document => {
      set('effectiveTo', '2024-12-31')(document)
      set('catastrophic.bands', [])(document)
    })
    const loaded = loadPolicy(twice)
    assert.ok(!loaded.ok)
    assert.equal(loaded.problems.length, 2)
  })
})

describe('a pack', () => {
  test('that is right is loaded', () => assert.ok(loadPolicy(PACK).ok))
  refusals(PACK, PACK_ROWS)
  test('that is no object at all is refused', () => {
    for (const value of [null, [], 'P01', 1, undefined]) assert.ok(!loadPolicy(value).ok)
  })
})

/** A city's pack that builds on the sample, and what holds it. */
const CHILD = {
  form: 'override',
  packId: 'CITY',
  name: { en: 'City', zh: '某市' },
  parent: { packId: 'SAMPLE', hash: contentHash(PACK) },
  region: '110100',
  effectiveFrom: '2025-01-01',
  effectiveTo: null,
  documents: { E: { title: '某市文件', number: null, effective: null } },
  clauses: { E1: { document: 'E', quote: '原文' } },
  readings: {},
  set: { 'benefits.inpatient.layers.0.bands.0.rate.fundBp': 8500 },
}
const GUARDING = {
  ...PACK,
  packId: 'PROVINCE',
  guards: [
    { id: 'rate', kind: 'fundRateAtLeast', severity: 'refusal', bp: 7500, clause: 'C1' },
    { id: 'change', kind: 'rateChangeOnlyInDeficit', severity: 'refusal', clause: 'C1' },
  ],
} as const satisfies PackDocument
const GUARDED = planOf(GUARDING)
const NEXT = { ...PACK, effectiveFrom: '2026-01-01' }
const PAID = (baseBp: number) => ({
  ...NEXT,
  contribution: {
    base: { given: 'wage' },
    dues: [{ ...DUE, amount: { baseBp, clause: 'C1' } }],
  },
})
const CONTEXT: LoadContext = { parents: [PACK], guards: [GUARDED] }
const SURPLUS = {
  plan: planOf({ ...PAID(600), effectiveFrom: '2025-01-01' }),
  currentResultFen: amount(0),
}
const OLD: LoadContext = { replaces: { plan: planOf(PACK), currentResultFen: null } }

type ContextRow = readonly [
  rule: ProblemRule,
  path: string,
  document: unknown,
  context: LoadContext,
]
const CONTEXT_ROWS: readonly ContextRow[] = [
  ['other-place', 'region', { ...NEXT, region: '110100' }, OLD],
  [
    'supersedes-other',
    'supersedes.packId',
    { ...NEXT, supersedes: { packId: 'OTHER', clause: 'C1' } },
    OLD,
  ],
  ['not-later', 'effectiveFrom', PACK, OLD],
  ['unknown-parent', 'parent.packId', CHILD, { guards: [GUARDED] }],
  [
    'other-parent',
    'parent.hash',
    { ...CHILD, parent: { packId: 'SAMPLE', hash: '0'.repeat(64) } },
    CONTEXT,
  ],
  ['override-nowhere', 'benefits.dental', { ...CHILD, set: { 'benefits.dental': 1 } }, CONTEXT],
  [
    'origin-differs',
    'clauses.C1',
    { ...CHILD, clauses: { C1: { document: 'D', quote: '另文' } } },
    CONTEXT,
  ],
  [
    'guard-broken',
    `${LAYER}.bands.0.rate`,
    { ...CHILD, set: { [`${LAYER}.bands.0.rate.fundBp`]: 7499 } },
    CONTEXT,
  ],
  [
    'guard-broken',
    `${LAYER}.bands.0.rate`,
    {
      ...CHILD,
      parent: { packId: 'PROVINCE', hash: contentHash(GUARDING) },
      set: { [`${LAYER}.bands.0.rate.fundBp`]: 7499 },
    },
    { parents: [GUARDING] },
  ],
  [
    'rate-change-in-surplus',
    'contribution.dues.0.amount',
    PAID(700),
    { ...CONTEXT, replaces: SURPLUS },
  ],
]

describe('a pack that others hold', () => {
  test('and an override of a known parent are loaded where nothing is broken', () => {
    const child = loadPolicy(CHILD, CONTEXT)
    assert.ok(child.ok)
    assert.deepEqual(child.warnings, [])
    assert.equal(child.plan.basedOn?.packId, 'SAMPLE')
    const again = loadPolicy(child.document)
    assert.ok(again.ok)
    assert.equal(again.hash, child.hash)
    const deficit = { ...SURPLUS, currentResultFen: amount(-1) }
    assert.ok(loadPolicy(PAID(700), { ...CONTEXT, replaces: deficit }).ok)
    assert.ok(loadPolicy(PAID(600), { ...CONTEXT, replaces: SURPLUS }).ok)
    const heir = { ...NEXT, packId: 'HEIR', supersedes: { packId: 'SAMPLE', clause: 'C1' } }
    assert.ok(loadPolicy(heir, OLD).ok)
  })

  for (const [rule, path, document, context] of CONTEXT_ROWS) {
    test(`is refused for ${rule} at ${path} alone`, () => {
      const loaded = loadPolicy(document, context)
      assert.ok(!loaded.ok)
      assert.deepEqual(
        loaded.problems.map(problem => `${problem.rule} ${problem.path}`),
        [`${rule} ${path}`],
      )
    })
  }
})

describe('the rules of the gate', () => {
  test('have each a row in one of the two tables', () => {
    const rows = new Set([...TABLE_ROWS, ...PACK_ROWS, ...CONTEXT_ROWS].map(([rule]) => rule))
    const source = readFileSync(
      new URL('../../../../contracts/src/policy/rule/problems.ts', import.meta.url),
      'utf8',
    )
    const rules = [...source.matchAll(/^ {2}'?([a-z-]+)'?: \{$/gm)].map(([, rule]) => rule)
    assert.deepEqual([...rows].sort(), [...rules].sort())
  })
})

describe('the packs of the repository', () => {
  const folder = new URL('../../../../contracts/policies/packs/', import.meta.url)
  for (const file of readdirSync(folder)) {
    test(`${file} is loaded and named by its content`, () => {
      const document: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
      const loaded = loadPolicy(document)
      assert.ok(loaded.ok)
      assert.equal(loaded.hash, contentHash(document))
      assert.equal(`${loaded.plan.packId}.json`, file)
    })
  }
})

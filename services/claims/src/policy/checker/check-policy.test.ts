import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import P10 from '../../../../../contracts/policies/packs/P10.json' with { type: 'json' }
import { PACK_TEXTS, SOURCE_TEXTS, SOURCES } from '../cities/testing/sources.ts'
import { loadPolicy } from '../load.ts'
import { contentHash } from '../plan/content-hash.ts'
import { PACK, TABLE } from '../testing/samples.ts'
import { type Checked, checkPolicy, type Level } from './check-policy.ts'

const check = (value: unknown): Checked => checkPolicy(JSON.stringify(value))

function levels({ findings }: Checked): readonly Level[] {
  return findings.map(({ level }) => level)
}

describe('a wrong policy', () => {
  test('that is no JSON is refused', () => {
    const { form, findings } = checkPolicy('{"form": ')
    assert.equal(form, 'unknown')
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['not-json'],
    )
  })

  test('is refused with path, rule, and what to do in both languages', () => {
    const capped = { ...TABLE, inpatient: { ...TABLE.inpatient, capFen: -1 } }
    const { form, findings } = check(capped)
    assert.equal(form, 'table')
    const [found] = findings
    assert.equal(found?.path, 'inpatient.capFen')
    assert.equal(found?.rule, 'shape')
    assert.equal(found?.level, 'error')
    assert.ok(found?.todo.en !== '' && found?.todo.zh !== '')
  })

  test('whose figures are wrong is refused at the figure', () => {
    const pack = structuredClone(PACK)
    const found = check({ ...pack, readings: {}, clauses: {} })
    assert.ok(found.findings.length > 0)
    assert.ok(levels(found).every(level => level === 'error'))
    assert.ok(found.findings.some(({ rule }) => rule === 'unknown-clause'))
  })

  test('of a city is refused at the field', () => {
    const [text = ''] = SOURCE_TEXTS.values()
    const { form, findings } = checkPolicy(text.replaceAll('"annualCap"', '"cap"'), {
      cities: SOURCES,
    })
    assert.equal(form, 'city')
    assert.ok(findings.every(({ level, rule }) => level === 'error' && rule === 'shape'))
    assert.ok(findings.some(({ path }) => path === 'employee.inpatient.annualCap'))
  })

  test('of a city with a ratio of more than all is refused', () => {
    const [text = ''] = SOURCE_TEXTS.values()
    const { findings } = checkPolicy(
      text.replace(/"reimbursementRatio": 0.\d+/, '"reimbursementRatio": 90'),
      { cities: SOURCES },
    )
    assert.deepEqual(
      findings.map(({ path }) => path),
      ['employee.outpatient.tierBenefits.community.reimbursementRatio'],
    )
  })
})

function levels3(first: number, second: number, third: number) {
  return { tier1: first, tier2: second, tier3: third }
}

function tableWith(inpatient: Partial<typeof TABLE.inpatient>) {
  return { ...TABLE, inpatient: { ...TABLE.inpatient, ...inpatient } }
}

/** `rule found` of the warnings. */
function warnings(value: unknown): readonly string[] {
  return check(value)
    .findings.filter(({ level }) => level === 'warning')
    .map(({ rule, found }) => `${rule} ${found}`)
}

describe('what looks like a slip', () => {
  test('nothing, in a table that is in order', () => assert.deepEqual(warnings(TABLE), []))

  test('a rate that rises with the level', () => {
    const rates = levels3(8000, 8500, 7000)
    const fundBp = { active: rates, retired: rates }
    assert.deepEqual(warnings(tableWith({ fundBp, deductibleFen: same(LADDERS) })), [
      'rate-rises-with-level active tier1 → tier2: 8000, 8500',
      'rate-rises-with-level retired tier1 → tier2: 8000, 8500',
    ])
  })

  test('a deductible that falls with the level', () => {
    const deductibleFen = same({ ...LADDERS, tier3: [10_000] })
    const fundBp = same(levels3(8000, 7500, 7000))
    assert.deepEqual(warnings(tableWith({ fundBp, deductibleFen })), [
      'deductible-falls-with-level active tier2 → tier3: 50000, 10000',
      'deductible-falls-with-level retired tier2 → tier3: 50000, 10000',
    ])
  })

  test('retired persons who get less than active ones', () => {
    const fundBp = { active: levels3(8000, 7500, 7000), retired: levels3(8000, 7400, 7000) }
    assert.deepEqual(warnings(tableWith({ fundBp, deductibleFen: same(LADDERS) })), [
      'retired-worse-than-active tier2: 7500, 7400, 50000, 50000',
    ])
  })

  test('a better rate without filing', () => {
    const remote = { ...TABLE.remote, unfiledEmergencyBp: 6000 }
    assert.ok(
      warnings({ ...TABLE, remote }).includes(
        'better-without-filing unfiledEmergency → unfiled: 4800, 5600',
      ),
    )
  })
})

const LADDERS = { tier1: [20_000], tier2: [50_000], tier3: [80_000] }

function same<T>(value: T): { active: T; retired: T } {
  return { active: value, retired: value }
}

describe('what other packs demand', () => {
  test('a guard of another pack refuses or warns with its name', () => {
    const loaded = loadPolicy(P10)
    assert.ok(loaded.ok)
    const low = tableWith({ capFen: 100 })
    const { findings } = checkPolicy(JSON.stringify(low), { guards: [loaded.plan] })
    const broken = findings.filter(({ rule }) => rule === 'guard-broken')
    assert.ok(broken.length > 0)
    assert.ok(broken.every(({ found }) => found.startsWith('P10.')))
  })

  test('a pack on another is refused where nobody knows that one', () => {
    const child = {
      ...{ form: 'override', packId: 'CHILD', name: PACK.name, region: '110100' },
      ...{ effectiveFrom: '2026-01-01', effectiveTo: null, documents: {}, clauses: {} },
      ...{ readings: {}, parent: { packId: 'SAMPLE', hash: contentHash(PACK) } },
      set: { 'benefits.inpatient.deductible.amount': { ladderFen: [20_000], clause: 'C1' } },
    }
    const alone = check(child)
    assert.equal(alone.form, 'override')
    assert.deepEqual(
      alone.findings.map(({ rule }) => rule),
      ['unknown-parent'],
    )
    const { findings, name } = checkPolicy(JSON.stringify(child), { parents: [PACK] })
    assert.ok(findings.every(({ level }) => level === 'note'))
    assert.equal(name, PACK.name.zh)
  })
})

describe('a policy that loads', () => {
  test('says what it cannot compute, and how it is read', () => {
    const { findings } = check(PACK)
    assert.ok(
      findings.some(({ rule, path }) => rule === 'cannot-compute' && path === 'benefits.chronic'),
    )
    assert.ok(findings.some(({ rule, path }) => rule === 'reading' && path === 'readings.R1'))
    assert.ok(findings.every(({ level }) => level === 'note'))
  })

  test('shows the conflicts that it lists, known rule or not', () => {
    const says = { en: 'x', zh: '某' }
    const conflicts = [
      { rule: 'no-limit', path: 'a', found: '9999999', says },
      { rule: 'own-rule', path: 'b', found: '', says },
    ]
    const { findings } = check({ ...PACK, conflicts })
    assert.deepEqual(
      findings.filter(({ path }) => path.length === 1).map(({ rule, level }) => [rule, level]),
      [
        ['no-limit', 'note'],
        ['own-rule', 'warning'],
      ],
    )
  })

  test('of a city shows in both packs together what its file shows', () => {
    for (const [name, text] of SOURCE_TEXTS) {
      const key = (found: Checked['findings'][number]): string =>
        `${found.rule} ${found.path} ${found.found}`
      const conflicting = ({ findings }: Checked): readonly string[] =>
        findings.filter(({ rule }) => rule !== 'reading' && rule !== 'cannot-compute').map(key)
      const ofFile = new Set(conflicting(checkPolicy(text, { cities: SOURCES })))
      const ofPacks = ['employee', 'resident'].flatMap(scheme =>
        conflicting(checkPolicy(PACK_TEXTS.get(name.replace('.json', `-${scheme}.json`)) ?? '')),
      )
      assert.deepEqual(new Set(ofPacks), ofFile, name)
      assert.ok(ofFile.size >= 3, name)
    }
  })
})

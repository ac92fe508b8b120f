import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PACK_TEXTS, SOURCE_TEXTS, SOURCES } from '../cities/testing/sources.ts'
import { PACK, TABLE } from '../testing/samples.ts'
import { type Checked, checkPolicy, type Level } from './check-policy.ts'

const check = (value: unknown): Checked => checkPolicy(JSON.stringify(value), [])

function levels({ findings }: Checked): readonly Level[] {
  return findings.map(({ level }) => level)
}

describe('a wrong policy', () => {
  test('that is no JSON is refused', () => {
    const { form, findings } = checkPolicy('{"form": ', [])
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
    const { form, findings } = checkPolicy(text.replaceAll('"annualCap"', '"cap"'), SOURCES)
    assert.equal(form, 'city')
    assert.ok(findings.every(({ level, rule }) => level === 'error' && rule === 'shape'))
    assert.ok(findings.some(({ path }) => path === 'employee.inpatient.annualCap'))
  })

  test('of a city with a ratio of more than all is refused', () => {
    const [text = ''] = SOURCE_TEXTS.values()
    const { findings } = checkPolicy(
      text.replace(/"reimbursementRatio": 0.\d+/, '"reimbursementRatio": 90'),
      SOURCES,
    )
    assert.deepEqual(
      findings.map(({ path }) => path),
      ['employee.outpatient.tierBenefits.community.reimbursementRatio'],
    )
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
      const ofFile = new Set(conflicting(checkPolicy(text, SOURCES)))
      const ofPacks = ['employee', 'resident'].flatMap(scheme =>
        conflicting(
          checkPolicy(PACK_TEXTS.get(name.replace('.json', `-${scheme}.json`)) ?? '', []),
        ),
      )
      assert.deepEqual(new Set(ofPacks), ofFile, name)
      assert.ok(ofFile.size >= 3, name)
    }
  })
})

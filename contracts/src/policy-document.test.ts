/** The shape of a policy document: which form it is held to, and where a fault is said to be. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import P01 from '../policies/packs/P01.json' with { type: 'json' }
import { checkShape, isLanguageForm, type ShapeProblem } from './policy-document.ts'

function problemsOf(value: unknown): readonly ShapeProblem[] {
  const checked = checkShape(value)
  return checked.ok ? [] : checked.problems
}

describe('the shape of a policy document', () => {
  test('of a pack is that of the language form', () => {
    const checked = checkShape(P01)
    assert.ok(checked.ok && isLanguageForm(checked.document))
  })

  test('without a form is held to the table, whose missing fields are named', () => {
    const paths = problemsOf({}).map(({ path }) => path)
    assert.ok(paths.includes('inpatient') && paths.includes('remote'))
  })

  test('names a field that does not belong there', () => {
    assert.deepEqual(
      problemsOf({ ...P01, extra: 1 }).map(({ path, keyword }) => [path, keyword]),
      [['extra', 'additionalProperties']],
    )
  })

  test('says which values are allowed', () => {
    const [problem] = problemsOf({ ...P01, scheme: 'farmer' })
    assert.equal(problem?.path, 'scheme')
    assert.match(problem?.message ?? '', /employee, resident/)
  })
})

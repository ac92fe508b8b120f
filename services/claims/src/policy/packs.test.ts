/** What the packs of the seeds do not say is refused with its reason, never guessed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { adjudicate } from './adjudicate.ts'
import { gapsOf } from './computes.ts'
import { KINDS } from './facts.ts'
import { loadPolicy } from './load.ts'
import type { Plan } from './plan/plan.ts'
import { stay, year } from './testing/samples.ts'
import { filesIn, packNamed, planNamed } from './testing/vectors/packs.ts'

const PACKS = filesIn('packs')

function isEmpty(plan: Plan): boolean {
  return KINDS.every(kind => plan.benefits[kind].kind === 'gap')
}

describe('a pack of the seeds', () => {
  for (const name of PACKS) {
    test(`${name} refuses each kind of claim that it does not compute, with reason and clause`, () => {
      const plan = planNamed(name)
      const { scheme } = plan
      for (const kind of KINDS) {
        const benefit = plan.benefits[kind]
        if (benefit.kind !== 'gap') continue
        const { en, zh } = benefit.missing
        assert.ok(en !== '' && /\p{Script=Han}/u.test(zh), kind)
        assert.ok(benefit.sources.length > 0, `${kind} names the clause that leaves it open`)
        if (scheme === null) continue
        const [status = ''] = plan.statuses
        const refused = adjudicate(plan, stay(1, { kind, scheme, status }), year())
        assert.ok(refused.kind === 'no-policy')
        assert.deepEqual([refused.path, refused.missing], [`benefits.${kind}`, benefit.missing])
      }
    })
  }

  test('of no one scheme computes no claim of any', () => {
    const many = PACKS.map(planNamed).filter(({ scheme }) => scheme === null)
    assert.ok(many.length > 5)
    for (const plan of many) {
      assert.ok(isEmpty(plan))
      const outcomes = (['employee', 'resident'] as const).map(scheme =>
        adjudicate(plan, stay(1, { scheme }), year()),
      )
      for (const outcome of outcomes) {
        assert.ok(outcome.kind === 'no-policy' && outcome.because === 'other-scheme')
      }
    }
  })

  test('that computes some claim is one of eight', () => {
    const named = PACKS.filter(name => !isEmpty(planNamed(name)))
    const computing = ['P01', 'P02', 'P03-employee', 'P03-resident', 'P04', 'P05', 'P16', 'P25']
    assert.deepEqual(named, computing)
  })

  test('says of every level and status what it cannot compute at home', () => {
    const gaps = gapsOf(planNamed('P02')).filter(({ kind }) => kind === 'inpatient')
    assert.equal(gaps.length, 10)
    assert.ok(gaps.every(({ reason }) => reason.startsWith('the deductible of the base policy')))
    assert.deepEqual(
      gapsOf(planNamed('P01')).map(({ kind }) => kind),
      ['chronic', 'pharmacy'],
    )
  })

  test('names every reading in two languages, and every attribute that it asks for', () => {
    for (const name of PACKS) {
      const { readings, attributes } = packNamed(name)
      const texts = [...Object.values(readings), ...Object.values(attributes).map(a => a.means)]
      for (const { en, zh } of texts) assert.ok(en !== '' && zh !== '' && en !== zh, name)
    }
  })
})

/** Every place of a document but the words of its source. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) =>
    path.length === 0 && key === 'clauses'
      ? []
      : [[...path, key], ...placesOf(child, [...path, key])],
  )
}

function changed(document: unknown, path: readonly string[], value: unknown): unknown {
  const copy: unknown = structuredClone(document)
  let at: unknown = copy
  for (const key of path.slice(0, -1)) at = Object(at)[key]
  const last = path.at(-1) ?? ''
  if (value === undefined) delete Object(at)[last]
  else Object(at)[last] = value
  return copy
}

const STRANGE = [
  ...[undefined, null, true, 0, -1, 1.5, 10_001, 2 ** 53, '', 'x', 'own.x', '..5', '02-30'],
  ...['2025-02-30', [], {}, { by: 'age', of: {} }, { fen: 1 }, { fundBp: 1, clause: 'X' }],
]

describe('a pack with one place changed at random', () => {
  const anyPlace = fc.tuple(fc.constantFrom(...PACKS), fc.nat(), fc.constantFrom(...STRANGE))

  test('is loaded, or refused with path, rule and what to do; it never breaks the loader', () => {
    fc.assert(
      fc.property(anyPlace, ([name, index, value]) => {
        const document = packNamed(name)
        const places = placesOf(document)
        const loaded = loadPolicy(changed(document, places[index % places.length] ?? [], value))
        if (loaded.ok) return
        assert.ok(loaded.problems.length > 0)
        for (const { rule, says, todo } of loaded.problems) {
          assert.ok([rule, says.en, says.zh, todo.en, todo.zh].every(text => text !== ''))
        }
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})

/** A step that does not follow from what it shows is named. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { claimWith } from '../sample.ts'
import { documentsOf, TABLES } from './documents.ts'
import { openAccount, planOf } from './engine.ts'
import { fromLeaves, type ToldStep, treeFault } from './leaves.ts'

const plan = planOf(documentsOf(TABLES).get('110100-employee'))
const claim = claimWith({ inScope: 9_000_001n, fullSelf: 5n, useAccount: true })

function told() {
  assert.ok(typeof plan !== 'string')
  const account = openAccount({ plan, scheme: 'employee', remembersFrom: null }, 1000n)
  return account.settle(claim).explained()
}

describe('an explanation read from its leaves', () => {
  test('comes to what the claim came to', () => {
    const { steps, places, outcome } = told()
    assert.equal(treeFault(places), null)
    const again = fromLeaves(steps, claim)
    assert.ok(typeof again !== 'string' && outcome.kind === 'adjudicated')
    assert.equal(again.cash, outcome.cashFen)
    assert.deepEqual(
      again.payments.map(({ amount }) => amount),
      outcome.layers.map(({ amountFen }) => amountFen),
    )
  })

  for (const name of ['deductible', 'band', 'due', 'paid', 'account', 'cash']) {
    test(`says so where the result of ${name} is one fen more`, () => {
      const { steps } = told()
      const at = steps.findIndex(step => step.name === name)
      const wrong = steps.map(
        (step, index): ToldStep =>
          index === at ? { ...step, result: BigInt(String(step.result)) + 1n } : step,
      )
      assert.match(String(fromLeaves(wrong, claim)), new RegExp(`^step ${name} of`))
    })
  }

  test('says so where a figure is another one, or a step is left out', () => {
    const { steps } = told()
    const band = steps.findIndex(({ name }) => name === 'band')
    const other = steps.map(
      (step, index): ToldStep =>
        index === band
          ? { ...step, figures: step.figures.map(figure => ({ ...figure, value: 7777 })) }
          : step,
    )
    assert.match(String(fromLeaves(other, claim)), /^step band of pooled/)
    const fewer = steps.filter((_, index) => index !== band)
    assert.match(String(fromLeaves(fewer, claim)), /^step due of pooled/)
  })

  test('says so where a step is a part of none', () => {
    const { places } = told()
    assert.equal(treeFault(places.slice(0, -1)), 'the tree has no one root')
    const lost = places.map(place => (place.number === 2 ? { ...place, of: 1 } : place))
    assert.equal(treeFault(lost), 'step 2 is a part of none that comes later')
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import fc from 'fast-check'
import { claimMessage } from '../consume/claim-facts.ts'
import { submittedWith } from '../testing/claims.ts'
import { accountsOver } from '../testing/consumed.ts'
import { demoShelf, messageOf } from '../testing/demo.ts'
import { restoreTally, saveTally } from './saved.ts'
import { ageGroup, CLAIMS_KEPT, Tally } from './tally.ts'

const [event] = accountsOver(demoShelf()).take(claimMessage(messageOf(submittedWith(), 1)))
assert(event?.type === 'ClaimAdjudicated')
const BASE: ClaimAdjudicated = event.data

type Change = { readonly name: number; readonly move: number; readonly age: number }

const change = fc.record({
  name: fc.integer({ min: 1, max: 500 }),
  move: fc.integer({ min: -1000, max: 1000 }),
  age: fc.integer({ min: 0, max: 100 }),
})
const changes = fc.uniqueArray(change, { selector: ({ name }) => name, maxLength: 80 })

function tallyOf(all: readonly Change[]): Tally {
  const tally = new Tally()
  for (const { name, move, age } of all) {
    const facts = { ...BASE.facts, ageOnYearStart: age }
    const claim = { ...BASE, claimId: idFor<typeof BASE.claimId>(`${name}`), facts }
    const paid = (pooled: number) => ({
      funds: new Map([['employee.pooled', fen(pooled)]]),
      accountFen: fen(0),
      cashFen: fen(BASE.totalFen - BigInt(pooled)),
    })
    tally.add(claim, paid(5000), paid(5000 + move))
    if (move === 0) tally.leaveOut(claim, 'somewhere')
  }
  return tally
}

/** In one order, whatever the order of adding. */
function plain(tally: Tally) {
  const { groups, notComputed } = saveTally(tally)
  const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  return { groups: groups.toSorted(byText), notComputed: notComputed.toSorted(byText) }
}

describe('a tally', () => {
  test('of two parts together is that of the whole, in every order', () => {
    fc.assert(
      fc.property(changes, fc.nat(80), (all, cut) => {
        const whole = plain(tallyOf(all))
        assert.deepEqual(plain(tallyOf(all.toReversed())), whole)
        const first = restoreTally(JSON.parse(JSON.stringify(saveTally(tallyOf(all.slice(cut))))))
        first.merge(tallyOf(all.slice(0, cut)))
        assert.deepEqual(plain(first), whole)
      }),
      { seed: 20252, numRuns: 100 },
    )
  })

  test('keeps the claims that move most, the smaller id first where they are equal', () => {
    const all = Array.from({ length: 60 }, (_, at) => ({ name: at, move: (at % 30) - 10, age: 40 }))
    const moved = tallyOf(all).groups.get('all all')?.moved ?? []
    assert.equal(moved.length, CLAIMS_KEPT)
    const moves = moved.map(claim => claim.fundsAfterFen - claim.fundsBeforeFen)
    assert.deepEqual(moves.slice(0, 4), [19n, 19n, 18n, 18n])
    const [a, b] = moved
    assert.ok(a !== undefined && b !== undefined && a.claimId < b.claimId)
  })

  test('sorts ages into groups whose names sort by age', () => {
    const ages = [0, 17, 18, 34, 35, 59, 60, 79, 80, 130]
    assert.deepEqual(ages.map(ageGroup), [
      ...['00-17', '00-17', '18-34', '18-34', '35-44', '45-59', '60-69', '70-79', '80+', '80+'],
    ])
  })
})

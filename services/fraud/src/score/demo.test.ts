import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimScored } from '@tongchou/contracts/events.generated.ts'
import { run, scoreClaim } from '../testing/claims.ts'
import { readDemo } from '../testing/demo.ts'
import type { SubmittedFacts } from '../testing/submitted.ts'
import { initialState, type WatchState } from './state.ts'

const demo = readDemo()

function scores() {
  const states = new Map<string, WatchState>()
  return (facts: SubmittedFacts): ClaimScored => {
    const { personId } = facts
    const { state, events } = run([scoreClaim(facts)], states.get(personId) ?? initialState)
    states.set(personId, state)
    const [event] = events
    assert(event?.type === 'ClaimScored')
    return event.data
  }
}

describe('the demo set', () => {
  const score = scores()

  test('none of the 13,442 regular claims is held', () => {
    const held = demo.claims
      .map(demo.factsOf)
      .map(score)
      .filter(({ outcome }) => outcome === 'hold')
    assert.equal(demo.claims.length, 13_442)
    assert.deepEqual(held, [])
  })

  test('every claim planted to be held is held, for the planted reason first', () => {
    const planted = demo.planted.filter(({ outcome }) => outcome === 'held')
    assert.equal(planted.length, 75)
    for (const { reason, claim } of planted) {
      const { outcome, reasons } = score(demo.factsOf(claim))
      assert.deepEqual([outcome, reasons[0]?.rule], ['hold', reason], claim.claimNo)
    }
  })
})

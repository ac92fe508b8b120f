import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import {
  stateAfter,
  thenEvents,
  thenRefused,
  thenTypes,
} from '@tongchou/contracts/testing/decide.ts'
import { submittedWith } from '@tongchou/contracts/testing/submitted.ts'
import fc from 'fast-check'
import { adjudication, CLAIM_ID, commandOf, PERSON_ID, score } from '../testing/claims.ts'
import { decide, obligationOf } from './decide.ts'
import type { ClaimEvent } from './events.ts'
import type { ClaimState } from './state.ts'
import { evolve, initialState } from './state.ts'

const decider = { initialState, evolve, decide }

const submitted: ClaimEvent = { type: 'ClaimSubmitted', data: submittedWith() }
const noted: ClaimEvent = { type: 'AdjudicationReceived', data: adjudication() }
const scored: ClaimEvent = { type: 'ScoreReceived', data: score() }
const settled: ClaimEvent = {
  type: 'ClaimSettled',
  data: {
    ...adjudication(),
    claimNo: '202501010001',
    obligation: obligationOf(adjudication()),
    released: false,
  },
}
const held: ClaimEvent = {
  type: 'ClaimHeld',
  data: { ...adjudication(), claimNo: '202501010001', reasons: score('hold').reasons },
}
const submit = commandOf('SubmitClaim', submittedWith())
const note = commandOf('NoteAdjudication', adjudication())
const noteScore = commandOf('NoteScore', score())
const release = commandOf('ReleaseClaim', { note: 'checked' })
const reject = commandOf('RejectClaim', { reviewers: ['r1'], note: 'same bill' })
const reverse = commandOf('ReverseClaim', { reason: 'wrong-items' })

test('a claim is submitted with its facts', () => {
  thenEvents(decider, { given: [], when: submit }, [submitted])
})

test('the same content again is nothing new, in every state', () => {
  for (const given of [
    [submitted],
    [submitted, noted],
    [submitted, noted, settled],
    [submitted, held],
  ]) {
    thenEvents(decider, { given, when: submit }, [])
  }
})

test('the number with another content is refused', () => {
  const other = commandOf('SubmitClaim', submittedWith({ contentDigest: 'd'.repeat(64) }))
  thenRefused(decider, { given: [submitted], when: other }, 'claim-number-reused')
})

test('shares and score settle a claim in either order, with the same settlement', () => {
  thenEvents(decider, { given: [submitted], when: note }, [noted])
  thenEvents(decider, { given: [submitted], when: noteScore }, [scored])
  thenEvents(decider, { given: [submitted, noted], when: noteScore }, [settled])
  thenEvents(decider, { given: [submitted, scored], when: note }, [settled])
})

test('a score that says hold holds the claim, whichever comes first', () => {
  const hold = commandOf('NoteScore', score('hold'))
  thenEvents(decider, { given: [submitted, noted], when: hold }, [held])
  const scoredHold: ClaimEvent = { type: 'ScoreReceived', data: score('hold') }
  thenEvents(decider, { given: [submitted, scoredHold], when: note }, [held])
})

test('shares and scores that come again, or late, change nothing', () => {
  const reversed: ClaimEvent = {
    type: 'ClaimWithdrawn',
    data: { claimId: CLAIM_ID, personId: PERSON_ID, reason: 'r' },
  }
  for (const given of [
    [submitted, noted, settled],
    [submitted, held],
    [submitted, reversed],
  ]) {
    thenEvents(decider, { given, when: note }, [])
    thenEvents(decider, { given, when: noteScore }, [])
  }
  thenEvents(decider, { given: [submitted, noted], when: note }, [])
  thenEvents(decider, { given: [submitted, scored], when: noteScore }, [])
})

test('the insured region owes what funds and account paid; at home nobody owes anybody', () => {
  const owed = obligationOf(adjudication())
  assert.equal(owed?.debtor, '610100')
  assert.equal(owed?.creditor, '110100')
  assert.equal(owed?.owedFen, fen(6000n))
  assert.equal(obligationOf(adjudication({ insuredRegion: '110100' })), null)
})

test('a held claim is released into its settlement, or rejected', () => {
  const [event] = thenTypes(decider, { given: [submitted, held], when: release }, ['ClaimSettled'])
  assert.ok(event?.type === 'ClaimSettled' && event.data.released)
  thenTypes(decider, { given: [submitted, held], when: reject }, ['ClaimRejected'])
})

test('a claim that is not held can be neither released nor rejected', () => {
  thenRefused(decider, { given: [submitted], when: release }, 'not-held')
  thenRefused(decider, { given: [submitted], when: reject }, 'not-held')
  thenEvents(decider, { given: [submitted, noted, settled], when: release }, [])
})

test('reversal is legal in every state: withdrawn before settlement, reversed after', () => {
  const rejected: ClaimEvent = {
    type: 'ClaimRejected',
    data: { claimId: CLAIM_ID, personId: PERSON_ID, reviewers: ['r1'], note: '' },
  }
  for (const given of [
    [submitted],
    [submitted, noted],
    [submitted, scored],
    [submitted, held],
    [submitted, held, rejected],
  ]) {
    thenTypes(decider, { given, when: reverse }, ['ClaimWithdrawn'])
  }
  const [event] = thenTypes(decider, { given: [submitted, noted, settled], when: reverse }, [
    'ClaimReversed',
  ])
  assert.ok(event?.type === 'ClaimReversed' && settled.type === 'ClaimSettled')
  assert.deepEqual(event.data.obligation, settled.data.obligation)
  assert.deepEqual(event.data.layers, settled.data.layers)
})

test('a reversal again for the same reason is a resend, for another it is refused', () => {
  const state = stateAfter(decider, [submitted, noted, settled])
  const first = decide(reverse, state)
  assert.ok(first.accepted)
  const given = [submitted, noted, settled, ...first.events]
  thenEvents(decider, { given, when: reverse }, [])
  thenRefused(
    decider,
    { given, when: commandOf('ReverseClaim', { reason: 'another' }) },
    'already-reversed',
  )
})

test('nothing but a submission can be said of a claim that does not exist', () => {
  for (const when of [note, noteScore, release, reject, reverse]) {
    thenRefused(decider, { given: [], when }, 'unknown-claim')
  }
})

test('commands in any order, any number of times, settle or end a claim once', () => {
  const any = fc.array(fc.constantFrom(submit, note, noteScore, release, reject, reverse), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(any, commands => {
      let state: ClaimState = initialState
      const types: string[] = []
      for (const command of commands) {
        const decision = decide(command, state)
        if (!decision.accepted) continue
        for (const event of decision.events) {
          state = evolve(state, event)
          types.push(event.type)
        }
        const again = decide(command, state)
        assert.ok(
          !again.accepted || again.events.length === 0,
          `${command.type} twice did something twice`,
        )
      }
      for (const type of ['ClaimSubmitted', 'ClaimSettled', 'ClaimReversed', 'ClaimWithdrawn']) {
        assert.ok(types.filter(each => each === type).length <= 1, type)
      }
      assert.ok(!types.includes('ClaimReversed') || types.includes('ClaimSettled'))
    }),
  )
})

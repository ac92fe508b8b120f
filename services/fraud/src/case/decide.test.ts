import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AssertionFault } from '@tongchou/contracts/decision.ts'
import { FRAUD_PROBLEMS } from '../problems.ts'
import {
  approvedEvent,
  closeCase,
  closedEvent,
  decidedEvent,
  openCase,
  openedEvent,
  rejectCase,
  releaseCase,
  stateAfter,
} from '../testing/cases.ts'
import type { CaseCommand } from './commands.ts'
import { decide, heldCase } from './decide.ts'
import type { CaseEvent } from './events.ts'

function then(given: readonly CaseEvent[], when: CaseCommand) {
  const decision = decide(when, stateAfter(...given))
  return decision.accepted ? decision.events : decision.refusal
}

const TWO = { approvalsNeeded: 2 }

describe('what a case does', () => {
  const rows: readonly (readonly [string, CaseEvent[], CaseCommand, CaseEvent[]])[] = [
    ['a held claim opens it', [], openCase(), [openedEvent()]],
    [
      'one reviewer releases a small claim',
      [openedEvent()],
      releaseCase(),
      [decidedEvent('CaseReleased', 'r-1')],
    ],
    [
      'the first of two reviewers agrees',
      [openedEvent(TWO)],
      releaseCase(),
      [approvedEvent('r-1')],
    ],
    [
      'the second of two releases, and both are named',
      [openedEvent(TWO), approvedEvent('r-1')],
      releaseCase({ reviewer: 'r-2' }),
      [decidedEvent('CaseReleased', 'r-1', 'r-2')],
    ],
    [
      'one reviewer rejects, whatever the amount',
      [openedEvent(TWO)],
      rejectCase(),
      [decidedEvent('CaseRejected', 'r-1')],
    ],
    [
      'a second reviewer may reject what the first would release',
      [openedEvent(TWO), approvedEvent('r-1')],
      rejectCase({ reviewer: 'r-2' }),
      [decidedEvent('CaseRejected', 'r-2')],
    ],
    [
      'a reviewer who agreed may still reject',
      [openedEvent(TWO), approvedEvent('r-1')],
      rejectCase(),
      [decidedEvent('CaseRejected', 'r-1')],
    ],
    [
      'a reviewer of all regions decides anywhere',
      [openedEvent()],
      releaseCase({ reviewerRegion: null }),
      [decidedEvent('CaseReleased', 'r-1')],
    ],
    ['a withdrawn claim closes it', [openedEvent()], closeCase(), [closedEvent()]],
    [
      'a withdrawn claim closes it between two approvals',
      [openedEvent(TWO), approvedEvent('r-1')],
      closeCase(),
      [closedEvent()],
    ],
  ]
  for (const [name, given, when, events] of rows) {
    test(name, () => assert.deepEqual(then(given, when), events))
  }
})

describe('what a case refuses', () => {
  const rows = [
    ['unknown-case', [], releaseCase()],
    ['unknown-case', [], rejectCase()],
    ['other-region', [openedEvent()], releaseCase({ reviewerRegion: '610100' })],
    ['other-region', [openedEvent()], rejectCase({ reviewerRegion: '310100' })],
    ['case-not-open', [openedEvent(), closedEvent()], releaseCase()],
    ['case-not-open', [openedEvent(), closedEvent()], rejectCase()],
    ['already-decided', [openedEvent(), decidedEvent('CaseReleased', 'r-2')], releaseCase()],
    ['already-decided', [openedEvent(), decidedEvent('CaseReleased', 'r-1')], rejectCase()],
    ['already-decided', [openedEvent(), decidedEvent('CaseRejected', 'r-1')], releaseCase()],
    ['same-reviewer', [openedEvent(TWO), approvedEvent('r-1')], releaseCase()],
  ] as const
  for (const [kind, given, when] of rows) {
    test(`${when.type} after ${given.map(({ type }) => type).join(', ') || 'nothing'}: ${kind}`, () => {
      const refusal = then(given, when)
      assert('kind' in refusal)
      assert.equal(refusal.kind, kind)
    })
  }

  test('every kind has a row here', () => {
    const shown = new Set<string>(rows.map(([kind]) => kind))
    const kinds = Object.keys(FRAUD_PROBLEMS).filter(kind => kind !== 'unknown-score')
    assert.deepEqual([...shown].sort(), kinds.sort())
  })
})

describe('what changes nothing', () => {
  const released = [
    openedEvent(TWO),
    approvedEvent('r-1'),
    decidedEvent('CaseReleased', 'r-1', 'r-2'),
  ]
  const rows: readonly (readonly [string, CaseEvent[], CaseCommand])[] = [
    ['a claim held again', [openedEvent()], openCase()],
    ['a claim held again after the decision', released, openCase()],
    ['a release sent again by the last reviewer', released, releaseCase({ reviewer: 'r-2' })],
    ['a release sent again by the first reviewer', released, releaseCase({ reviewer: 'r-1' })],
    ['a rejection sent again', [openedEvent(), decidedEvent('CaseRejected', 'r-1')], rejectCase()],
    ['a withdrawn claim that was never held', [], closeCase()],
    ['a withdrawn claim whose case was decided', released, closeCase()],
    ['a second withdrawal', [openedEvent(), closedEvent()], closeCase()],
  ]
  for (const [name, given, when] of rows) {
    test(name, () => assert.deepEqual(then(given, when), []))
  }
})

test('only the end of a case closes its stream', () => {
  const closing = [openedEvent(), approvedEvent('r-1'), decidedEvent('CaseReleased'), closedEvent()]
  assert.deepEqual(closing.map(heldCase.closes), [false, false, true, true])
  assert.equal(heldCase.closes(decidedEvent('CaseRejected')), true)
})

test('a history in which a decided case goes on is a bug', () => {
  const released = [openedEvent(), decidedEvent('CaseReleased', 'r-1')]
  assert.throws(() => stateAfter(...released, closedEvent()), AssertionFault)
  assert.throws(() => stateAfter(openedEvent(), openedEvent()), AssertionFault)
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { uuid } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import { metaFromMessage } from '@tongchou/runtime/service/consume.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { pointsOf } from '../score/rule-set.ts'
import { META, NOW, PERSON, run, stay } from '../testing/claims.ts'
import type { ClearingEvent } from '../testing/clearing.ts'
import { held, rejected, reversed, settled, submitted, withdrawn } from '../testing/clearing.ts'
import { scoreMessage } from './claim-facts.ts'
import {
  CASE_GROUP,
  CASE_TOPIC,
  caseCommands,
  SCORE_GROUP,
  SCORE_TOPIC,
  scoreCommands,
  toScoreCommands,
} from './clearing-claim.ts'

const CLAIM = stay('1', '2025-03-01', '2025-03-09', { totalFen: fen(5_000_000) })
const DEAR = stay('1', '2025-03-01', '2025-03-09', { totalFen: fen(5_000_001) })
const INCARNATION = uuid('6f1c3c9e-3f5c-4c39-9a2e-0f3d0c6a1b13')

function message(event: ClearingEvent) {
  const stored = toStore(event, META, 0, PERSON, false)
  const place = { position: 1n, stream: `claim-${event.data.claimId}`, version: 1 }
  const found = { ...stored, ...place, hash: EMPTY_HEAD.hash }
  return scoreMessage({ ...found, topic: SCORE_TOPIC.name, incarnation: INCARNATION })
}

describe('the score', () => {
  test('of a submitted claim is made of what is read of it, in the stream of the person', () => {
    const meta = metaFromMessage(message(submitted(CLAIM)), SCORE_GROUP, NOW)
    const [request] = toScoreCommands(message(submitted(CLAIM)), meta)
    assert.equal(request?.stream, `watch-${PERSON}`)
    assert.equal(request.command.type, 'ScoreClaim')
    const [line] = CLAIM.lines
    assert(line !== undefined)
    const { itemCode, on, onlySex, minAge, maxAge } = line
    const lines = [{ itemCode, on, onlySex, minAge, maxAge }]
    assert.deepEqual(plain(request.command.data), plain({ ...CLAIM, lines }))
  })

  /** @source capabilities CL-29 */
  test('of a claim from the configured amount on holds it, whose amount is frozen', () => {
    const outcomeOf = (largeFromFen: bigint) => {
      const [request] = scoreCommands(largeFromFen)(message(submitted(CLAIM)), META)
      assert(request?.command.type === 'ScoreClaim')
      const [event] = run([request.command]).events
      assert(event?.type === 'ClaimScored')
      const { outcome, reasons, features, score } = event.data
      assert.equal(score, pointsOf(features))
      const frozen = features.slice(8).map(({ name, value }) => `${name} ${value}`)
      return [outcome, reasons.map(({ rule }) => rule), frozen]
    }
    const large = ['largeFromFen 5000000', 'largeClaims 1']
    assert.deepEqual(outcomeOf(5_000_000n), ['hold', ['large-claim'], large])
    const small = ['largeFromFen 5000001', 'largeClaims 0']
    assert.deepEqual(outcomeOf(5_000_001n), ['pass', [], small])
    assert.deepEqual(outcomeOf(0n), ['pass', [], []])
  })

  for (const [name, event] of [
    ['withdrawn', withdrawn(CLAIM)],
    ['reversed', reversed(CLAIM)],
    ['rejected', rejected(CLAIM)],
  ] as const) {
    test(`of a claim that was ${name} is withdrawn`, () => {
      const { claimId, personId } = CLAIM
      assert(SCORE_TOPIC.events.some(type => type === event.type))
      assert.deepEqual(toScoreCommands(message(event), META), [
        {
          stream: `watch-${PERSON}`,
          command: { type: 'WithdrawScore', data: { claimId, personId }, meta: META },
        },
      ])
    })
  }

  test('is not touched by claims that are held or settled', () => {
    assert.deepEqual(toScoreCommands(message(held(CLAIM)), META), [])
    assert.deepEqual(toScoreCommands(message(settled(CLAIM)), META), [])
  })
})

describe('the case', () => {
  const commands = caseCommands(5_000_000n)

  for (const [facts, approvals] of [
    [CLAIM, 1],
    [DEAR, 2],
  ] as const) {
    test(`of a held claim of ${facts.totalFen} fen needs ${approvals}`, () => {
      const [request] = commands(message(held(facts)), META)
      assert.equal(request?.stream, `case-${facts.claimId}`)
      assert(request.command.type === 'OpenCase')
      assert.equal(request.command.data.approvalsNeeded, approvals)
      assert.deepEqual(
        request.command.data.reasons.map(({ rule }) => rule),
        ['overlapping-stays'],
      )
    })
  }

  test('of a withdrawn claim is closed', () => {
    const [request] = commands(message(withdrawn(CLAIM)), META)
    assert.deepEqual(
      [request?.stream, request?.command.type],
      [`case-${CLAIM.claimId}`, 'CloseCase'],
    )
  })

  test('is not touched by any other event', () => {
    const others = [submitted(CLAIM), settled(CLAIM), rejected(CLAIM), reversed(CLAIM)]
    assert.deepEqual(
      others.flatMap(event => commands(message(event), META)),
      [],
    )
    assert.deepEqual(CASE_TOPIC.events, ['ClaimHeld', 'ClaimWithdrawn'])
  })
})

test('a message makes the same command id each time, and another one in the other group', () => {
  const of = (group: string) => metaFromMessage(message(submitted(CLAIM)), group, NOW).commandId
  assert.equal(of(SCORE_GROUP), of(SCORE_GROUP))
  assert.notEqual(of(SCORE_GROUP), of(CASE_GROUP))
})

/** Without the prototypes that the codec gives its records, keys in order. */
function plain(value: object): unknown {
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, inner]) => [key, Array.isArray(inner) ? inner.map(plain) : inner])
}

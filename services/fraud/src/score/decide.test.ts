import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import {
  claim,
  idOf,
  reasonsOfLast,
  run,
  scoreClaim,
  stay,
  withdrawScore,
} from '../testing/claims.ts'
import { RULE_SET } from './rule-set.ts'

const MARCH = stay('1', '2025-03-01', '2025-03-09')
const OVER_MARCH = stay('2', '2025-03-04', '2025-03-12')

describe('a score', () => {
  test('of a claim that breaks no rule is 0 and passes, with every feature frozen', () => {
    const [event] = run([scoreClaim(MARCH)]).events
    const { claimId, personId, insuredRegion, treatingRegion, institutionCode } = MARCH
    const { kind, beginOn, endOn, totalFen, fingerprint } = MARCH
    assert.deepEqual(event, {
      type: 'ClaimScored',
      data: {
        ...{ claimId, personId, insuredRegion, treatingRegion, institutionCode },
        ...{ kind, beginOn, endOn, totalFen, fingerprint },
        score: 0,
        outcome: 'pass',
        reasons: [],
        features: [
          { name: 'watchRevision', value: '0' },
          { name: 'seenClaims', value: '0' },
          { name: 'seenStays', value: '0' },
          { name: 'lines', value: '1' },
          { name: 'overlappingStays', value: '0' },
          { name: 'sameBills', value: '0' },
          { name: 'sexImpossibleLines', value: '0' },
          { name: 'ageImpossibleLines', value: '0' },
        ],
        ruleSet: RULE_SET,
      },
    })
  })

  test('of a claim that breaks a rule holds it and names the claim it collides with', () => {
    const event = run([MARCH, OVER_MARCH].map(scoreClaim)).events.at(-1)
    assert(event?.type === 'ClaimScored')
    assert.equal(event.data.outcome, 'hold')
    assert.equal(event.data.score, 80)
    assert.deepEqual(event.data.reasons, [
      {
        rule: 'overlapping-stays',
        detail: 'the days 2025-03-04 to 2025-03-09 belong to another stay of the person',
        otherClaimId: idOf('1'),
      },
    ])
  })

  test('lists all broken rules in the order of the design, whatever their weight', () => {
    const lines = [lineWith({ onlySex: 'F', minAge: 60 })]
    const again = stay('2', '2025-03-01', '2025-03-09', {
      lines,
      fingerprint: MARCH.fingerprint,
    })
    const event = run([MARCH, again].map(scoreClaim)).events.at(-1)
    assert(event?.type === 'ClaimScored')
    assert.deepEqual(
      event.data.reasons.map(({ rule }) => rule),
      ['overlapping-stays', 'same-bill-twice', 'sex-impossible', 'age-impossible'],
    )
    assert.equal(event.data.score, 100)
  })

  test('says nothing of the person that the submitting hospital may not read', () => {
    const lines = [lineWith({ itemCode: 'X1', onlySex: 'F', minAge: 60 })]
    const event = run([scoreClaim(claim('1', { lines }))]).events[0]
    assert(event?.type === 'ClaimScored')
    assert.deepEqual(
      event.data.reasons.map(({ detail }) => detail),
      ['lines[0]: item X1 is for sex F only', 'lines[0]: item X1 is for ages 60 and above only'],
    )
  })
})

describe('what was seen', () => {
  test('a held claim counts for later ones', () => {
    const third = stay('3', '2025-03-10', '2025-03-15')
    assert.deepEqual(reasonsOfLast(MARCH, OVER_MARCH, third), ['overlapping-stays'])
  })

  test('a withdrawn claim no longer counts', () => {
    const { events } = run([scoreClaim(MARCH), withdrawScore(MARCH), scoreClaim(OVER_MARCH)])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['ClaimScored', 'ScoreWithdrawn', 'ClaimScored'],
    )
    const last = events.at(-1)
    assert(last?.type === 'ClaimScored')
    assert.deepEqual(last.data.reasons, [])
    assert.deepEqual(last.data.features[0], { name: 'watchRevision', value: '2' })
  })

  test('a bill may be sent anew under another number once the first is withdrawn', () => {
    const fingerprint = 'f'.repeat(64)
    const first = claim('1', { fingerprint })
    const commands = [
      scoreClaim(first),
      withdrawScore(first),
      scoreClaim(claim('2', { fingerprint })),
    ]
    const last = run(commands).events.at(-1)
    assert(last?.type === 'ClaimScored')
    assert.equal(last.data.outcome, 'pass')
  })
})

describe('a command whose effect is there', () => {
  const rows = [
    ['a claim scored already', [scoreClaim(MARCH)], scoreClaim(MARCH)],
    [
      'a withdrawn claim scored again',
      [scoreClaim(MARCH), withdrawScore(MARCH)],
      scoreClaim(MARCH),
    ],
    ['a second withdrawal', [scoreClaim(MARCH), withdrawScore(MARCH)], withdrawScore(MARCH)],
    ['a withdrawal of a claim never seen', [], withdrawScore(MARCH)],
  ] as const
  for (const [name, before, command] of rows) {
    test(`${name} yields nothing`, () => {
      assert.deepEqual(run([command], run(before).state).events, [])
    })
  }
})

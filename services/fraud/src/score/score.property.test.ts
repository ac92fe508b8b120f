import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import { addDays, businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { claim, run, scoreClaim, withdrawScore } from '../testing/claims.ts'
import type { ScoreCommand } from './commands.ts'
import { watch } from './decide.ts'
import type { ScoreEvent } from './events.ts'
import { pointsOf } from './rule-set.ts'
import { sharesDays } from './rules/overlapping-stays.ts'
import type { WatchState } from './state.ts'

const FIRST_DAY = businessDate('2025-03-01')
const PERSONS = ['0', '1', '2'].map(digit =>
  uuid<PersonId>(`00077b2c-2963-8dc1-a61c-17d0c6dc334${digit}`),
)

/**
 * Few days, bills and numbers, so that claims do collide; some are withdrawn, some come again
 * afterwards.
 */
const commands = fc
  .array(
    fc.record({
      person: fc.nat(PERSONS.length - 1),
      number: fc.nat(11),
      begin: fc.nat(12),
      length: fc.nat(4),
      bill: fc.nat(5),
      stay: fc.boolean(),
      onlySex: fc.constantFrom('M', 'F', null),
      minAge: fc.constantFrom(null, 40, 50),
    }),
    { maxLength: 30 },
  )
  .chain(drafts => fc.tuple(fc.constant(drafts), fc.array(fc.nat(29), { maxLength: 10 })))
  .map(([drafts, withdrawn]) => {
    const facts = drafts.map(draft => {
      const personId = PERSONS[draft.person] ?? claim('').personId
      const beginOn = addDays(FIRST_DAY, draft.begin)
      return claim(`${draft.person}-${draft.number}`, {
        personId,
        kind: draft.stay ? 'inpatient' : 'outpatient',
        days: [beginOn, addDays(beginOn, draft.length)],
        fingerprint: String(draft.bill).padStart(64, '0'),
        lines: [lineWith({ onlySex: draft.onlySex, minAge: draft.minAge })],
      })
    })
    const scored: ScoreCommand[] = facts.map(scoreClaim)
    const undone = withdrawn.flatMap(index => {
      const fact = facts[index]
      return fact === undefined ? [] : [withdrawScore(fact)]
    })
    return [...scored, ...undone, ...scored.slice(0, 3)]
  })

type Histories = Map<string, { state: WatchState; events: ScoreEvent[] }>

function consume(messages: readonly ScoreCommand[], histories: Histories = new Map()): Histories {
  for (const command of messages) {
    const { personId } = command.data
    const history = histories.get(personId) ?? { state: watch.initialState, events: [] }
    const { state, events } = run([command], history.state)
    histories.set(personId, { state, events: [...history.events, ...events] })
  }
  return histories
}

function sorted(histories: Histories) {
  return [...histories].sort(([a], [b]) => (a < b ? -1 : 1))
}

describe('scores', () => {
  test('are the same when the past is delivered again from any point', () => {
    fc.assert(
      fc.property(commands, fc.nat(43), (messages, cut) => {
        const once = consume(messages)
        const again = consume(messages, consume(messages.slice(0, cut)))
        assert.deepEqual(sorted(again), sorted(once))
        assert.deepEqual(sorted(consume(messages.slice(cut), again)), sorted(once))
      }),
    )
  })

  test('are the same when each message is delivered twice', () => {
    fc.assert(
      fc.property(commands, messages => {
        const doubled = messages.flatMap(message => [message, message])
        assert.deepEqual(sorted(consume(doubled)), sorted(consume(messages)))
      }),
    )
  })

  test('are the same when messages of different persons overtake each other', () => {
    fc.assert(
      fc.property(commands, messages => {
        const byPerson = messages.toSorted((a, b) =>
          a.data.personId < b.data.personId ? -1 : a.data.personId > b.data.personId ? 1 : 0,
        )
        assert.deepEqual(sorted(consume(byPerson)), sorted(consume(messages)))
      }),
    )
  })

  test('come out of the stored bytes as they went in, and replay to the same state', () => {
    fc.assert(
      fc.property(commands, messages => {
        for (const { state, events } of consume(messages).values()) {
          const read = events.map(event => decodeEvent(bytesOf(event)) as ScoreEvent)
          assert.deepEqual(read.map(plain), events.map(plain))
          assert.deepEqual(read.reduce(watch.evolve, watch.initialState), state)
        }
      }),
    )
  })

  test('are computed again from the frozen features alone, and hold exactly when a rule is broken', () => {
    fc.assert(
      fc.property(commands, messages => {
        for (const event of [...consume(messages).values()].flatMap(({ events }) => events)) {
          if (event.type !== 'ClaimScored') continue
          const { score, outcome, reasons, features } = event.data
          assert.equal(pointsOf(features), score)
          assert.equal(outcome === 'hold', reasons.length > 0)
          assert.equal(score > 0, reasons.length > 0)
          assert(Number.isInteger(score) && score >= 0 && score <= 100)
        }
      }),
    )
  })
})

test('two stays collide exactly when the rule, applied day by day, says so, in either order', () => {
  const day = fc.nat(12)
  fc.assert(
    fc.property(day, fc.nat(5), day, fc.nat(5), (beginA, nightsA, beginB, nightsB) => {
      const a = daysOf(beginA, nightsA)
      const b = daysOf(beginB, nightsB)
      assert.equal(sharesDays(a, b), sharesDays(b, a))
      assert.equal(sharesDays(a, b), sharesMoreThanATransfer(beginA, nightsA, beginB, nightsB))
    }),
  )
})

function daysOf(begin: number, nights: number) {
  const beginOn = addDays(FIRST_DAY, begin)
  return { beginOn, endOn: addDays(beginOn, nights) }
}

/**
 * The rule said day by day: some shared day is not one stay's discharge and the other's admission.
 */
function sharesMoreThanATransfer(beginA: number, nightsA: number, beginB: number, nightsB: number) {
  const [endA, endB] = [beginA + nightsA, beginB + nightsB]
  for (let day = 0; day <= 20; day++) {
    const shared = day >= beginA && day <= endA && day >= beginB && day <= endB
    const transfer = (day === endA && day === beginB) || (day === endB && day === beginA)
    if (shared && !transfer) return true
  }
  return false
}

function bytesOf(event: ScoreEvent): Buffer {
  return event.type === 'ClaimScored'
    ? encodeEvent(event.type, event.data)
    : encodeEvent(event.type, event.data)
}

/** Without the prototypes that the codec gives its records. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))
}

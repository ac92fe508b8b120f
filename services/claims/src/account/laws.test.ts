import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { fen, minus, sum } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { addDays, businessDate, instant } from '@tongchou/contracts/time.ts'
import { EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import { type Recorded, recorded, toStore } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { anyView } from '@tongchou/runtime/view/port.ts'
import fc from 'fast-check'
import { followAccount } from '../explanation/recompute.ts'
import { LEVELS } from '../policy/facts.ts'
import { EMPTY_YEAR, totalsToMap } from '../policy/totals.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijing } from '../testing/demo.ts'
import type { AccountCommand } from './commands.ts'
import { decide } from './decide.ts'
import { type AccountEvent, isAccountEvent } from './events.ts'
import { factsOfClaim } from './facts.ts'
import { type AccountState, evolve, initialState } from './state.ts'
import { type AccountRow, accountView, yearsOf } from './view.ts'

const plan = beijing()
const meta = fixedMeta()
const CLAIMS = 6

/** One of a few claims, so that each comes often; its content is a function of its number. */
function adjudicate(number: number): AccountCommand {
  const amount = BigInt(number + 1) * 7_654_321n
  const parts = [amount, amount / 7n, amount / 5n, amount / 3n].map(fen)
  const [inScopeFen = fen(0), fullSelfFen = fen(0), overLimitFen = fen(0), firstShareFen = fen(0)] =
    parts
  const endOn = addDays(businessDate('2025-12-29'), number)
  const claim = submittedWith({
    claimId: claimIdFor(String(number)),
    kind: (['inpatient', 'outpatient', 'chronic', 'pharmacy'] as const)[number % 4] ?? 'inpatient',
    level: LEVELS[number % LEVELS.length] ?? null,
    treatingRegion: number % 2 === 0 ? '110100' : '310100',
    beginOn: endOn,
    endOn,
    useAccount: number % 3 > 0,
    ...{ inScopeFen, fullSelfFen, overLimitFen, firstShareFen },
    totalFen: sum(...parts),
  })
  const { claimId, personId, institutionCode } = claim
  const data = { claimId, personId, institutionCode, facts: factsOfClaim(claim), plan }
  return { type: 'Adjudicate', data, meta }
}
function undo(number: number): AccountCommand {
  const data = { claimId: claimIdFor(String(number)), personId: PERSON }
  return { type: 'UndoAdjudication', data, meta }
}
function credit(number: number): AccountCommand {
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  const amountFen = fen((number + 1) * 50_000)
  const year = number % 3 === 0 ? {} : { year: 2024 + (number % 3) }
  const data = { ...place, creditNo: `C${number}`, amountFen, ...year }
  return { type: 'ReceiveCredit', data, meta }
}
function close(year: number): AccountCommand {
  const later = { ...meta, now: instant('2027-06-01T00:00:00.000Z') }
  return { type: 'CloseYear', data: { personId: PERSON, year }, meta: later }
}

const number = fc.nat({ max: CLAIMS - 1 })
const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: number.map(adjudicate) },
    { weight: 2, arbitrary: number.map(undo) },
    { weight: 2, arbitrary: number.map(credit) },
    { weight: 1, arbitrary: fc.integer({ min: 2024, max: 2026 }).map(close) },
  ),
  { maxLength: 40 },
)

type Run = { readonly state: AccountState; readonly events: readonly AccountEvent[] }

function run(asked: readonly AccountCommand[], from: AccountState = initialState): Run {
  let state = from
  const events: AccountEvent[] = []
  for (const command of asked) {
    const decision = decide(command, state)
    assert(decision.accepted, `refused: ${command.type}`)
    state = decision.events.reduce(evolve, state)
    events.push(...decision.events)
  }
  return { state, events }
}

/** An event as a view gets it. */
function recordedAs(event: AccountEvent, index: number): Recorded {
  const stored = toStore(event, fixedMeta(`event ${index}`), 0, PERSON, false)
  const stream = `account-${PERSON}`
  const version = index + 1
  return recorded({ ...stored, stream, version, position: BigInt(version), hash: EMPTY_HEAD.hash })
}

/** What the next claim would stand on. */
function standing({ balanceFen, credited, years }: AccountState) {
  const totals = years
    .filter(year => Object.keys(totalsToMap(year.totals)).length > 0)
    .map(({ year, totals }) => ({ year, totals }))
    .toSorted((a, b) => a.year - b.year)
  return { balanceFen, credited, totals }
}

describe('whatever comes to an account, in whatever order', () => {
  test('the bytes that are kept fold to the state of the first run', () => {
    fc.assert(
      fc.property(commands, asked => {
        const { state, events } = run(asked)
        const replayed = events
          .map(({ type, data }) => decodeEvent(encodeEvent(type, data)))
          .filter(isAccountEvent)
          .reduce(evolve, initialState)
        assert.deepEqual(replayed, state)
      }),
    )
  })

  test('every credit and every claim again, at any time later, changes nothing', () => {
    fc.assert(
      fc.property(commands, asked => {
        const { state } = run(asked)
        const again = asked.filter(({ type }) => type === 'ReceiveCredit' || type === 'Adjudicate')
        assert.deepEqual(run(again, state).events, [])
      }),
    )
  })

  test('undoing everything, in any order, leaves the credits; again it changes nothing', () => {
    fc.assert(
      fc.property(
        commands,
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: CLAIMS }),
        (asked, order) => {
          const { state } = run([...asked, ...order.map(undo)])
          assert.deepEqual(run(order.map(undo), state).events, [])
          const credits = run(asked.filter(({ type }) => type === 'ReceiveCredit'))
          assert.deepEqual(standing(state), standing(credits.state))
        },
      ),
    )
  })

  test('a claim that was undone last is as if it had never come', () => {
    fc.assert(
      fc.property(commands, number, (asked, one) => {
        const others = asked.filter(
          ({ data }) => !('claimId' in data) || data.claimId !== claimIdFor(String(one)),
        )
        const { state } = run([...others, adjudicate(one), undo(one)])
        assert.deepEqual(standing(state), standing(run(others).state))
      }),
    )
  })

  test('the balance is what was credited less what counting claims took', () => {
    fc.assert(
      fc.property(commands, asked => {
        const { state } = run(asked)
        const credited = sum(...state.credits.map(({ amountFen }) => amountFen))
        const entries = state.years.flatMap(year => year.entries)
        const taken = sum(...entries.map(({ accountFen }) => accountFen))
        assert.equal(state.balanceFen, minus(credited, taken))
        assert(state.balanceFen >= 0n)
      }),
    )
  })

  test('every event follows from the ones before, computed again', () => {
    fc.assert(
      fc.property(commands, asked => {
        const { state, events } = run(asked)
        const packOf = (hash: string) => (hash === plan.hash ? plan : undefined)
        let folded = initialState
        for (const event of events) {
          const followed = followAccount(folded, event, packOf)
          assert.equal(followed.difference, null)
          folded = followed.state
        }
        assert.deepEqual(folded, state)
      }),
    )
  })

  test('shares and layers add up to the total of the claim', () => {
    fc.assert(
      fc.property(commands, asked => {
        for (const event of run(asked).events) {
          if (event.type !== 'ClaimAdjudicated') continue
          const { data } = event
          const funds = sum(data.pooledFen, data.catastrophicFen, data.otherFundFen)
          assert.equal(sum(funds, data.accountFen, data.cashFen), data.totalFen)
          const layers = sum(...data.layers.map(({ amountFen }) => amountFen))
          assert.equal(layers, sum(funds, data.accountFen))
        }
      }),
    )
  })

  test('the row of the view says what the account says', () => {
    fc.assert(
      fc.property(commands, asked => {
        const { state, events } = run(asked)
        const view = new MemoryViewStore()
        for (const [index, event] of events.entries()) {
          view.apply([anyView(accountView)], recordedAs(event, index))
        }
        const row = [...view.table(accountView).values()][0] as AccountRow | undefined
        if (row === undefined) return assert.deepEqual(events, [])
        const years = Object.entries(yearsOf(row)).filter(
          ([, amounts]) => Object.keys(amounts).length > 0,
        )
        assert.deepEqual(
          { balanceFen: row.balanceFen, years },
          {
            balanceFen: state.balanceFen,
            years: standing(state).totals.map(({ year, totals }) => [
              String(year),
              totalsToMap(totals),
            ]),
          },
        )
      }),
    )
  })

  test('a year without claims is empty', () => {
    assert.deepEqual(standing(initialState), { balanceFen: 0n, credited: [], totals: [] })
    assert.deepEqual(totalsToMap(EMPTY_YEAR), {})
  })
})

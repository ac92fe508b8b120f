/** Money of this year and money carried over, under P01, whose stays only the latter may pay. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { AccountCredited, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import fc from 'fast-check'
import { fromCredit } from '../../consume/account-credit.ts'
import { followAccount } from '../../explanation/recompute.ts'
import { planNamed } from '../../policy/testing/vectors/packs.ts'
import { claimIdFor, PERSON, submittedWith } from '../../testing/claims.ts'
import { beijing, eventMessage } from '../../testing/demo.ts'
import type { AccountCommand } from '../commands.ts'
import { decide } from '../decide.ts'
import { type AccountEvent, isAccountEvent } from '../events.ts'
import { factsOfClaim } from '../facts.ts'
import { type AccountState, evolve, initialState } from '../state.ts'
import { creditsOf } from './credits.ts'

const meta = fixedMeta()
const P01 = planNamed('P01')
const BEIJING = beijing()

type Change = Partial<Pick<ClaimSubmitted, 'kind'>> & { readonly on?: string }

/** Asks for the account; a stay has more open than any account of these tests holds. */
function claim(name: string, { on = '2025-05-01', kind = 'inpatient' }: Change = {}, plan = P01) {
  const day = businessDate(on)
  const part = kind === 'inpatient' ? {} : { inScopeFen: fen(20_000), totalFen: fen(20_000) }
  const none = { fullSelfFen: fen(0), overLimitFen: fen(0), firstShareFen: fen(0) }
  const data = submittedWith({
    ...{ claimId: claimIdFor(name), kind, beginOn: day, endOn: day, useAccount: true },
    ...(kind === 'inpatient' ? {} : { ...none, ...part }),
  })
  const { claimId, personId, institutionCode } = data
  const asked = { claimId, personId, institutionCode, facts: factsOfClaim(data), plan }
  return { type: 'Adjudicate', data: asked, meta } as const
}

const outpatient = (name: string, on = '2025-03-01') => claim(name, { on, kind: 'outpatient' })

function credit(creditNo: string, amountFen: number, year?: number): AccountCommand {
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  const of = year === undefined ? {} : { year }
  const data = { ...place, creditNo, amountFen: fen(amountFen), ...of }
  return { type: 'ReceiveCredit', data, meta }
}

function undoing(name: string): AccountCommand {
  return {
    type: 'UndoAdjudication',
    data: { claimId: claimIdFor(name), personId: PERSON },
    meta,
  }
}

type After = { readonly state: AccountState; readonly events: readonly AccountEvent[] }

function after(...commands: readonly AccountCommand[]): After {
  let state = initialState
  const events: AccountEvent[] = []
  for (const command of commands) {
    const decision = decide(command, state)
    assert(decision.accepted, `refused: ${command.type}`)
    state = decision.events.reduce(evolve, state)
    events.push(...decision.events)
  }
  return { state, events }
}

/** What the account paid of the last claim, and what the claim was told of this year's credits. */
function paid(...commands: readonly AccountCommand[]) {
  const last = after(...commands).events.at(-1)
  assert(last?.type === 'ClaimAdjudicated')
  return [Number(last.data.accountFen), last.data.facts.history['creditsOfYearFen']]
}

const OPENING = credit('OPEN', 50_000)
const MONTHLY = credit('M1', 30_000, 2025)

/** @source P01-R20, P01-R21, CL-53 */
describe('the account pays of a stay', () => {
  test('what was carried over, and nothing of this year', () => {
    assert.deepEqual(paid(OPENING, MONTHLY, claim('1')), [50_000, '30000'])
    assert.deepEqual(paid(MONTHLY, claim('1')), [0, '30000'])
    assert.deepEqual(paid(MONTHLY, claim('1', { on: '2026-01-01' })), [30_000, '0'])
  })

  test('all of it under a policy that does not hold this year’s credits back', () => {
    assert.deepEqual(paid(OPENING, MONTHLY, claim('1', {}, BEIJING)), [80_000, undefined])
  })

  test('of care outside hospital all; that takes this year’s credits first', () => {
    assert.deepEqual(paid(MONTHLY, outpatient('1')), [20_000, '30000'])
    assert.deepEqual(paid(OPENING, MONTHLY, outpatient('1'), claim('2')), [50_000, '10000'])
    const both = [OPENING, MONTHLY, outpatient('1'), outpatient('2'), claim('3')]
    assert.deepEqual(paid(...both), [40_000, '0'])
  })

  test('as if a claim that was undone had never been', () => {
    const undone = [OPENING, MONTHLY, outpatient('1'), outpatient('2'), undoing('1'), claim('3')]
    assert.deepEqual(paid(...undone), paid(OPENING, MONTHLY, outpatient('2'), claim('3')))
  })

  test('nothing of a year after it, where the claim comes late', () => {
    const late = claim('1', { on: '2024-12-31' })
    assert.deepEqual(paid(OPENING, credit('D', 7_000, 2024), MONTHLY, late), [50_000, '37000'])
  })

  test('of a balance that moved with the person what was carried over', () => {
    const moved = [OPENING, credit('OUT', -50_000, 2025), credit('IN', 50_000, 2025)]
    assert.deepEqual(paid(...moved, claim('1')), [50_000, '0'])
  })
})

describe('a credit of contributions', () => {
  const heard = (kind: AccountCredited['kind']) => {
    const of = { creditNo: 'C', personId: PERSON, regionCode: '110100', kind } as const
    const more = { amountFen: fen(1), creditedOn: businessDate('2025-02-03') }
    const message = recorded(
      eventMessage({ type: 'AccountCredited', data: { ...of, scheme: 'employee', ...more } }, 1),
    )
    const [request] = fromCredit(message, meta)
    return request?.command.type === 'ReceiveCredit' ? request.command.data.year : null
  }

  test('is of the year of its day; an opening balance was there before', () => {
    assert.deepEqual([heard('monthly'), heard('correction')], [2025, 2025])
    assert.equal(heard('openingBalance'), undefined)
  })
})

describe('whatever comes to an account', () => {
  const name = fc.nat({ max: 3 }).map(String)
  const on = fc.constantFrom('2024-06-01', '2025-06-01', '2026-06-01')
  const commands = fc.array(
    fc.oneof(
      fc.tuple(name, on).map(([at, day]) => claim(`stay ${at}`, { on: day })),
      fc.tuple(name, on).map(([at, day]) => outpatient(`visit ${at}`, day)),
      name.map(at => undoing(`stay ${at}`)),
      name.map(at => undoing(`visit ${at}`)),
      fc
        .tuple(name, fc.integer({ min: -9_000, max: 40_000 }), fc.constantFrom(2024, 2025, 2026))
        .map(([at, amount, year]) => credit(`C${at} ${amount} ${year}`, amount, year)),
      name.map(at => credit(`O${at}`, 10_000)),
    ),
    { maxLength: 25 },
  )

  test('a stay leaves this year’s credits, and every event follows from those before', () => {
    fc.assert(
      fc.property(commands, asked => {
        let folded = initialState
        for (const event of after(...asked).events) {
          const kept = decodeEvent(encodeEvent(event.type, event.data))
          assert(isAccountEvent(kept))
          const before = folded
          const { difference, state } = followAccount(folded, kept, () => P01)
          assert.equal(difference, null)
          folded = state
          if (kept.type !== 'ClaimAdjudicated' || kept.data.kind !== 'inpatient') continue
          if (kept.data.accountFen === 0n) continue
          assert(state.balanceFen >= creditsOf(before, kept.data.year))
        }
      }),
    )
  })

  test('this year’s credits are at most the balance, and never below 0', () => {
    fc.assert(
      fc.property(commands, asked => {
        const { state } = after(...asked)
        const held = creditsOf(state, 2024)
        assert(held >= 0n && (held <= state.balanceFen || held === 0n))
      }),
    )
  })

  test('credits that the account does not tell are found by who checks the stream', () => {
    const { events } = after(OPENING, MONTHLY, claim('1'))
    const last = events.at(-1)
    assert(last?.type === 'ClaimAdjudicated')
    const history = { creditsOfYearFen: '0' }
    const facts = { ...last.data.facts, history }
    const before = events.slice(0, -1).reduce(evolve, initialState)
    const forged = { ...last, data: { ...last.data, facts } }
    assert.equal(followAccount(before, forged, () => P01).difference?.field, 'facts.history')
  })
})

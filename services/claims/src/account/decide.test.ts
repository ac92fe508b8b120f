import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { fen, ZERO } from '@tongchou/contracts/money.ts'
import { thenEvents, thenRefused, thenTypes } from '@tongchou/contracts/testing/decide.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate, instant } from '@tongchou/contracts/time.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijing } from '../testing/demo.ts'
import type { AccountCommand, Adjudicate } from './commands.ts'
import { decide } from './decide.ts'
import type { AccountEvent } from './events.ts'
import { factsOfClaim } from './facts.ts'
import { evolve, initialState } from './state.ts'

const account = { initialState, decide, evolve }
const meta = fixedMeta()
const plan = beijing()

function adjudication(change: Partial<ClaimSubmitted> = {}): Adjudicate {
  const claim = submittedWith(change)
  const { claimId, personId, institutionCode } = claim
  const data = { claimId, personId, institutionCode, facts: factsOfClaim(claim), plan }
  return { type: 'Adjudicate', data, meta }
}
function credit(creditNo: string, amountFen: number): AccountCommand {
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  return { type: 'ReceiveCredit', data: { ...place, creditNo, amountFen: fen(amountFen) }, meta }
}
function undoing(name: string): AccountCommand {
  const data = { claimId: claimIdFor(name), personId: PERSON }
  return { type: 'UndoAdjudication', data, meta }
}
function closing(year: number, now = '2026-02-01T00:00:00.000Z'): AccountCommand {
  const data = { personId: PERSON, year }
  return { type: 'CloseYear', data, meta: { ...meta, now: instant(now) } }
}

/** The events of these commands, one after the other. */
function history(...commands: readonly AccountCommand[]): readonly AccountEvent[] {
  const events: AccountEvent[] = []
  for (const command of commands) {
    const decision = decide(command, events.reduce(evolve, initialState))
    assert(decision.accepted)
    events.push(...decision.events)
  }
  return events
}

/** The adjudication that a command makes after others. */
function shares(when: Adjudicate, ...before: readonly AccountCommand[]) {
  const [event] = thenTypes(account, { given: history(...before), when }, ['ClaimAdjudicated'])
  assert(event?.type === 'ClaimAdjudicated')
  return event.data
}

describe('credits', () => {
  test('a credit raises the balance', () => {
    const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
    const given = history(credit('C1', 500))
    thenEvents(account, { given, when: credit('C2', 300) }, [
      {
        type: 'AccountCreditReceived',
        data: { ...place, creditNo: 'C2', amountFen: fen(300), year: null, balanceFen: fen(800) },
      },
    ])
  })

  test('the same credit again is nothing new', () => {
    thenEvents(account, { given: history(credit('C1', 500)), when: credit('C1', 500) }, [])
  })

  test('a number that stands for another amount is refused', () => {
    const given = history(credit('C1', 500))
    thenRefused(account, { given, when: credit('C1', 501) }, 'credit-number-reused')
  })

  test('a correction may take the balance below zero, and then nothing is paid from it', () => {
    const paid = shares(adjudication({ useAccount: true }), credit('C1', -700))
    assert.equal(paid.accountFen, ZERO)
    assert.equal(paid.balanceBeforeFen, fen(-700))
  })
})

describe('adjudications', () => {
  test('a stay pays the deductible, the fund, the account and the rest in cash', () => {
    const paid = shares(adjudication({ useAccount: true }), credit('C1', 20_000))
    assert.deepEqual(
      [paid.deductibleFen, paid.pooledFen, paid.accountFen, paid.cashFen, paid.totalFen],
      [130_000n, 739_500n, 20_000n, 240_500n, 1_000_000n],
    )
    assert.deepEqual(paid.layers, [
      { layer: 'pooled', fund: 'employee.pooled', amountFen: 739_500n },
      { layer: 'account', fund: 'employee.account', amountFen: 20_000n },
    ])
    assert.equal(paid.packHash, plan.hash)
  })

  test('the next claim stands on the totals and the balance that the one before left', () => {
    const first = adjudication({ useAccount: true })
    const second = adjudication({ claimId: claimIdFor('2'), useAccount: true })
    const paid = shares(second, credit('C1', 20_000), first)
    assert.equal(paid.deductibleFen, 65_000n)
    assert.equal(paid.balanceBeforeFen, ZERO)
    const { paidInFen, stays } = paid.before
    assert.deepEqual([paidInFen, stays], [739_500n, 1n])
  })

  test('a claim that is adjudicated already is nothing new', () => {
    thenEvents(account, { given: history(adjudication()), when: adjudication() }, [])
  })

  test('a claim that was undone does not come back when its message does', () => {
    const given = history(adjudication(), undoing('1'))
    thenEvents(account, { given, when: adjudication() }, [])
  })

  test('every year has its own totals, the account is the same in all of them', () => {
    const last = adjudication({ endOn: businessDate('2025-12-31'), useAccount: true })
    const on = businessDate('2026-01-02')
    const next = adjudication({ claimId: claimIdFor('2'), beginOn: on, endOn: on })
    const paid = shares(next, credit('C1', 20_000), last)
    assert.equal(paid.deductibleFen, 130_000n)
    assert.equal(paid.balanceBeforeFen, ZERO)
    assert.deepEqual(paid.before, {})
  })

  test('a claim that the pack is not for is refused with place, day and what is missing', () => {
    const when = adjudication({ insuredRegion: '310100' })
    thenRefused(account, { given: [], when }, 'no-policy')
    const decision = decide(when, initialState)
    assert(!decision.accepted && decision.refusal.kind === 'no-policy')
    const { region, scheme, on, because } = decision.refusal
    assert.deepEqual(
      [region, scheme, on, because],
      ['310100', 'employee', '2025-03-01', 'other-region'],
    )
  })

  test('the event keeps the age at the beginning of the year, not the birth date', () => {
    const kept = (bornOn: string) =>
      shares(adjudication({ bornOn: businessDate(bornOn) })).facts.ageOnYearStart
    assert.deepEqual(
      ['1970-05-01', '1970-01-01', '2025-01-01', '2025-02-01'].map(kept),
      [54, 55, 0, 0],
    )
  })
})

describe('undoing', () => {
  test('gives back exactly what the claim added, in whatever year', () => {
    const claim = adjudication({ useAccount: true })
    const { effect } = shares(claim, credit('C1', 20_000))
    const given = history(credit('C1', 20_000), claim)
    thenEvents(account, { given, when: undoing('1') }, [
      {
        type: 'AdjudicationUndone',
        data: {
          claimId: claimIdFor('1'),
          personId: PERSON,
          year: 2025,
          effect,
          accountFen: fen(20_000),
          balanceFen: fen(20_000),
          episode: null,
        },
      },
    ])
  })

  test('a claim that nobody adjudicated, and one that is undone, are nothing to undo', () => {
    thenEvents(account, { given: [], when: undoing('1') }, [])
    thenEvents(account, { given: history(adjudication(), undoing('1')), when: undoing('1') }, [])
  })

  test('a held claim reserves: the next one is counted on it until it is undone', () => {
    const held = adjudication()
    const next = adjudication({ claimId: claimIdFor('2') })
    assert.equal(shares(next, held).deductibleFen, 65_000n)
    assert.equal(shares(next, held, undoing('1')).deductibleFen, 130_000n)
  })
})

describe('closing a year', () => {
  test('writes down the totals', () => {
    const given = history(adjudication())
    const totals = {
      stays: 1n,
      'stays.tier3': 1n,
      dedInFen: 130_000n,
      paidInFen: 739_500n,
      burdenFen: 260_500n,
      aboveDeductibleFen: 870_000n,
      costInFen: 1_000_000n,
    }
    thenEvents(account, { given, when: closing(2025) }, [
      { type: 'YearClosed', data: { personId: PERSON, year: 2025, totals } },
    ])
  })

  test('closing again, or a year without claims, is nothing new', () => {
    thenEvents(account, { given: history(adjudication(), closing(2025)), when: closing(2025) }, [])
    thenEvents(account, { given: history(adjudication()), when: closing(2024) }, [])
  })

  test('a reversal still counts afterwards, and the next closing writes it down', () => {
    const given = history(adjudication(), closing(2025), undoing('1'))
    thenEvents(account, { given, when: closing(2025) }, [
      { type: 'YearClosed', data: { personId: PERSON, year: 2025, totals: {} } },
    ])
  })

  test('a year that is not over in Shanghai is refused', () => {
    const given = history(adjudication())
    const lastMinute = closing(2025, '2025-12-31T15:59:59.999Z')
    thenRefused(account, { given, when: lastMinute }, 'year-not-over')
    const newYear = closing(2025, '2025-12-31T16:00:00.000Z')
    thenTypes(account, { given, when: newYear }, ['YearClosed'])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import type { AccountEvent } from '../account/events.ts'
import { type AccountState, initialState } from '../account/state.ts'
import { claimMessage } from '../consume/claim-facts.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { accountsOver } from '../testing/consumed.ts'
import { demoShelf, messageOf } from '../testing/demo.ts'
import { followAccount, recomputeAdjudication } from './recompute.ts'

const shelf = demoShelf()
const accounts = accountsOver(shelf)
const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
const meta = fixedMeta()
const money = { creditNo: 'C1', amountFen: fen(50_000) }
const claim = submittedWith({ useAccount: true })
const undoing = { claimId: claimIdFor('1'), personId: PERSON }

/** A credit, an adjudication, its undoing, the closing of the year. */
const history: readonly AccountEvent[] = [
  ...accounts.handle({ type: 'ReceiveCredit', data: { ...place, ...money }, meta }),
  ...accounts.take(claimMessage(messageOf(claim, 1))),
  ...accounts.handle({ type: 'UndoAdjudication', data: undoing, meta }),
  ...accounts.take(claimMessage(messageOf(submittedWith({ claimId: claimIdFor('2') }), 2))),
  ...accounts.handle({ type: 'CloseYear', data: { personId: PERSON, year: 2025 }, meta: late() }),
]

function late(): typeof meta {
  return { ...meta, now: '2026-02-01T00:00:00.000Z' as typeof meta.now }
}

/** The field of the first difference when the events are followed one by one. */
function broken(events: readonly AccountEvent[]): string | null {
  let state: AccountState = initialState
  for (const event of events) {
    const followed = followAccount(state, event, shelf.planOf)
    if (followed.difference !== null) return followed.difference.field
    state = followed.state
  }
  return null
}

/** The history with one event changed. */
function changed<T extends AccountEvent['type']>(
  type: T,
  change: Partial<Extract<AccountEvent, { readonly type: T }>['data']>,
): readonly AccountEvent[] {
  const at = history.findIndex(event => event.type === type)
  return history.map((event, index) =>
    index === at ? ({ ...event, data: { ...event.data, ...change } } as AccountEvent) : event,
  )
}

function adjudication(): ClaimAdjudicated {
  const event = history.find(({ type }) => type === 'ClaimAdjudicated')
  assert(event?.type === 'ClaimAdjudicated')
  return event.data
}

describe('an account that is followed event by event', () => {
  test('is whole as it was made', () => {
    assert.deepEqual(
      history.map(({ type }) => type),
      [
        'AccountCreditReceived',
        'ClaimAdjudicated',
        'AdjudicationUndone',
        'ClaimAdjudicated',
        'YearClosed',
      ],
    )
    assert.equal(broken(history), null)
  })

  test('breaks at an amount that does not follow', () => {
    const { effect } = adjudication()
    const cases = [
      [changed('AccountCreditReceived', { balanceFen: fen(50_001) }), 'balanceFen'],
      [changed('ClaimAdjudicated', { balanceBeforeFen: fen(49_999) }), 'balanceFen'],
      [changed('ClaimAdjudicated', { before: { paidInFen: 1n } }), 'before.paidInFen'],
      [changed('ClaimAdjudicated', { effect: { ...effect, dedInFen: 1n } }), 'effect.dedInFen'],
      [changed('AdjudicationUndone', { accountFen: fen(1) }), 'accountFen'],
      [changed('AdjudicationUndone', { balanceFen: fen(1) }), 'balanceFen'],
      [changed('AdjudicationUndone', { effect: {} }), 'effect.stays'],
      [changed('AdjudicationUndone', { claimId: claimIdFor('9') }), 'claimId'],
      [changed('YearClosed', { totals: {} }), 'totals.stays'],
    ] as const
    for (const [events, field] of cases) assert.equal(broken(events), field)
  })
})

describe('an adjudication that is computed again', () => {
  const differs = (change: Partial<ClaimAdjudicated>) =>
    recomputeAdjudication({ ...adjudication(), ...change }, shelf.planOf)

  test('differs when its pack is unknown, and when the pack does not compute it', () => {
    assert.equal(differs({ packHash: 'f'.repeat(64) })?.recomputed, 'unknown pack')
    assert.equal(differs({ insuredRegion: '310100' })?.field, 'packHash')
  })

  test('differs when it cannot be computed at all, so that an audit goes on', () => {
    assert.equal(differs({ totalFen: fen(1) })?.field, 'event')
    assert.equal(differs({ before: { madeUpFen: 1n } })?.field, 'event')
  })

  test('differs when a layer pays from another fund', () => {
    const layers = adjudication().layers.map(layer => ({ ...layer, fund: 'resident.pooled' }))
    assert.equal(differs({ layers })?.field, 'layers[0]')
    assert.equal(differs({ layers: [] })?.field, 'layers[0]')
  })

  test('differs when the facts that it keeps do', () => {
    const { facts } = adjudication()
    assert.equal(differs({ facts: { ...facts, useAccount: false } })?.field, 'accountFen')
    assert.equal(differs({ treatingRegion: '310100' })?.field, 'filing')
    assert.equal(differs({ year: 2024 })?.field, 'year')
  })
})

/** Account money without a claim: what each kind moves, and each refusal alone. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { type Fen, fen, sum, ZERO } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import P03 from '../../../../../contracts/policies/packs/P03-employee.json' with { type: 'json' }
import P04 from '../../../../../contracts/policies/packs/P04.json' with { type: 'json' }
import { loadPolicy } from '../../policy/load.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import { claimIdFor, PERSON, submittedWith } from '../../testing/claims.ts'
import { beijing } from '../../testing/demo.ts'
import type { AccountCommand } from '../commands.ts'
import { decide } from '../decide.ts'
import type { AccountEvent } from '../events.ts'
import { factsOfClaim } from '../facts.ts'
import { type AccountState, evolve, initialState } from '../state.ts'
import type { MoveAccount, Movement } from './commands.ts'
import type { MovementRefusal } from './refusals.ts'

const meta = fixedMeta()
const TODAY = businessDate('2025-03-10')
const HEIR = idFor<PersonId>('heir')
const CHILD = idFor<PersonId>('child')

function planOf(document: unknown): Plan {
  const loaded = loadPolicy(document)
  assert.ok(loaded.ok)
  return loaded.plan
}
const employee = planOf(P03)
/** Lets the account pay premiums of relatives. */
const resident = planOf(P04)

function credit(amount: number, creditNo = 'C1', year = 2025): AccountCommand {
  const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
  const data = { ...place, creditNo, amountFen: fen(amount), year }
  return { type: 'ReceiveCredit', data, meta }
}
function move(movement: Movement, change: Partial<MoveAccount['data']> = {}): MoveAccount {
  const acting = { personId: PERSON, actingRegion: '110100' }
  const data = { ...acting, movementNo: 'M1', movement, plan: employee, ...change }
  return { type: 'MoveAccount', data, meta }
}
function register(relativeId = CHILD, actingRegion = '110100'): AccountCommand {
  const data = { personId: PERSON, actingRegion, relativeId, relation: 'child' } as const
  return { type: 'RegisterRelative', data, meta }
}
/** A stay of the year with a cost in scope. */
function stay(cost: number, name = '1', change: Partial<ClaimSubmitted> = {}): AccountCommand {
  const inScopeFen = fen(cost)
  const amounts = { inScopeFen, totalFen: inScopeFen }
  const claim = submittedWith({ claimId: claimIdFor(name), ...amounts, ...change })
  const { claimId, personId, institutionCode } = claim
  const facts = factsOfClaim(claim)
  const data = { claimId, personId, institutionCode, facts, plan: beijing() }
  return { type: 'Adjudicate', data, meta }
}

const CHECK: Movement = {
  ...{ kind: 'payment', purpose: 'healthCheck', forPersonId: null, payee: 'H1' },
  amountFen: fen(300),
}
const PREMIUM: Movement = { ...CHECK, purpose: 'relativesPremium', forPersonId: CHILD }
const WITHDRAWAL: Movement = { kind: 'withdrawal', amountFen: null }
const INHERITANCE: Movement = { kind: 'inheritance', heirId: HEIR }
const POOLED: Movement = { kind: 'inheritance', heirId: null }
const CARD: Movement = { kind: 'card', creditNo: 'C1' }
const TRANSFER: Movement = { kind: 'transfer', toRegion: '310100' }

function after(...commands: readonly AccountCommand[]): AccountState {
  return commands.reduce((state, command) => {
    const decision = decide(command, state)
    assert.ok(decision.accepted, `${command.type} is refused`)
    return decision.events.reduce(evolve, state)
  }, initialState)
}
function moved(command: AccountCommand, ...before: readonly AccountCommand[]) {
  const decision = decide(command, after(...before))
  assert.ok(decision.accepted, 'refused')
  const [event] = decision.events
  assert.ok(event?.type === 'AccountMoved')
  return event.data
}

describe('a movement', () => {
  test('takes its amount from the balance and names the policy that allowed it', () => {
    const { amountFen, balanceFen, packHash, movedOn, purpose } = moved(move(CHECK), credit(1_000))
    assert.deepEqual([amountFen, balanceFen, purpose], [300n, 700n, 'healthCheck'])
    assert.deepEqual([packHash, movedOn], [employee.hash, TODAY])
    assert.equal(after(credit(1_000), move(CHECK)).balanceFen, 700n)
  })

  test('sent again is nothing new, also when it has left the region', () => {
    for (const movement of [CHECK, TRANSFER, INHERITANCE, POOLED, CARD]) {
      const done = after(credit(1_000), move(movement))
      assert.deepEqual(decide(move(movement), done), { accepted: true, events: [] }, movement.kind)
    }
  })

  test('to the heir leaves nothing, and without an heir it is the pooled fund that gets it', () => {
    const heir = moved(move(INHERITANCE, { plan: null }), credit(1_000))
    assert.deepEqual([heir.kind, heir.amountFen, heir.balanceFen], ['inheritance', 1_000n, ZERO])
    assert.equal(heir.forPersonId, HEIR)
    const pooled = moved(move(POOLED, { plan: null }), credit(1_000))
    assert.deepEqual([pooled.kind, pooled.amountFen, pooled.packHash], ['pooledFund', 1_000n, null])
  })

  test('to the card is the share of the credit, once: P03-W11', () => {
    assert.equal(moved(move(CARD), credit(10_005)).amountFen, 7_004n)
    assert.equal(after(credit(10_005), move(CARD)).balanceFen, 3_001n)
  })

  test('to another region leaves the balance and all totals, and changes who is asked', () => {
    const state = after(credit(1_000), move(TRANSFER))
    assert.deepEqual([state.balanceFen, state.insured?.regionCode], [1_000n, '310100'])
    const there = move(CHECK, { movementNo: 'M2', actingRegion: '310100' })
    assert.equal(moved(there, credit(1_000), move(TRANSFER)).regionCode, '310100')
  })

  test('for a registered relative is paid where the policy allows it', () => {
    const paid = move(PREMIUM, { plan: resident })
    assert.equal(moved(paid, credit(1_000), register()).forPersonId, CHILD)
    const again = decide(register(), after(credit(1_000), register()))
    assert.deepEqual(again, { accepted: true, events: [] })
  })

  test('after 50,000 yuan of stays in the year the balance may be drawn, all or a part', () => {
    const drawn = (amountFen: Fen | null, ...stays: readonly AccountCommand[]) =>
      moved(move({ kind: 'withdrawal', amountFen }), credit(1_000), ...stays).amountFen
    assert.equal(drawn(null, stay(5_000_000)), 1_000n)
    assert.equal(drawn(fen(400), stay(4_000_000), stay(1_000_000, '2')), 400n)
  })

  test('takes credits of the year first, so that later ones stand apart in full', () => {
    const whole = move(INHERITANCE)
    const state = after(credit(1_000, 'C0', 2024), credit(100), whole, credit(50, 'C2'))
    const year = state.credited.find(one => one.year === 2025)
    assert.equal((year?.creditedFen ?? 0n) - (year?.drawnFen ?? 0n), 50n)
  })
})

const differs = (...names: string[]): MovementRefusal => ({
  ...{ kind: 'movement-number-reused', differs: names },
})
const outpatient = { kind: 'outpatient', level: 'tier1' } as const
const ROWS: readonly [string, AccountCommand, readonly AccountCommand[], MovementRefusal][] = [
  ['money of nobody', move(CHECK), [], { kind: 'unknown-account' }],
  [
    'an agency from elsewhere',
    move(CHECK, { actingRegion: '310100' }),
    [credit(1_000)],
    { kind: 'other-region' },
  ],
  [
    'the old region after a transfer',
    move(CHECK, { movementNo: 'M2' }),
    [credit(1_000), move(TRANSFER)],
    { kind: 'other-region' },
  ],
  [
    'another amount and payee under the number',
    move({ ...CHECK, amountFen: fen(301), payee: 'H2' } as Movement),
    [credit(1_000), move(CHECK)],
    differs('payee', 'amountFen'),
  ],
  [
    'another kind under the number',
    move(POOLED),
    [credit(1_000), move(INHERITANCE)],
    differs('kind', 'forPersonId'),
  ],
  [
    'the card without its credit',
    move({ ...CARD, creditNo: 'C2' } as Movement),
    [credit(1_000)],
    { kind: 'unknown-credit', creditNo: 'C2' },
  ],
  [
    'the card after the credit was undone',
    move(CARD),
    [credit(1_000), credit(500, 'C2'), credit(-1_000, 'C1:undone')],
    { kind: 'unknown-credit', creditNo: 'C1' },
  ],
  [
    'a credit a second time',
    move(CARD, { movementNo: 'M2' }),
    [credit(1_000), move(CARD)],
    { kind: 'credit-on-card', movementNo: 'M1' },
  ],
  [
    'a check of health for somebody who is not registered',
    move({ ...CHECK, purpose: 'healthCheck', forPersonId: CHILD } as Movement),
    [credit(1_000)],
    { kind: 'not-a-relative' },
  ],
  [
    'a relative who is not registered',
    move(PREMIUM, { plan: resident }),
    [credit(1_000), register(HEIR)],
    { kind: 'not-a-relative' },
  ],
  [
    'the own share of care for somebody else',
    move({ ...CHECK, purpose: 'ownInScopeShare', forPersonId: CHILD } as Movement),
    [credit(1_000), register()],
    { kind: 'purpose-not-allowed', purpose: 'ownInScopeShare' },
  ],
  [
    'a withdrawal a fen of inpatient cost too early',
    move(WITHDRAWAL),
    [credit(1_000), stay(4_999_999), stay(9_000_000, '2', outpatient)],
    { kind: 'withdrawal-not-allowed', inpatientCostFen: fen(4_999_999) },
  ],
  [
    'a transfer to where the account is',
    move({ ...TRANSFER, toRegion: '110100' } as Movement),
    [credit(1_000)],
    { kind: 'same-region', regionCode: '110100' },
  ],
  [
    'a fen more than the balance',
    move({ ...CHECK, amountFen: fen(1_001) } as Movement),
    [credit(1_000)],
    { kind: 'balance-too-low', balanceFen: fen(1_000), amountFen: fen(1_001) },
  ],
  [
    'an empty account',
    move(INHERITANCE, { movementNo: 'M2' }),
    [credit(1_000), move(INHERITANCE)],
    { kind: 'balance-too-low', balanceFen: ZERO, amountFen: ZERO },
  ],
  [
    'an account below 0',
    move(CHECK),
    [credit(1_000), credit(-1_200, 'C1:undone')],
    { kind: 'balance-too-low', balanceFen: fen(-200), amountFen: fen(300) },
  ],
  ['the person as a relative', register(PERSON), [credit(1_000)], { kind: 'own-relative' }],
]

for (const [fact, command, before, refusal] of ROWS) {
  test(`${fact} is refused: ${refusal.kind}`, () => {
    assert.deepEqual(decide(command, after(...before)), { accepted: false, refusal })
  })
}

test('a policy that says nothing of it, or none at all, is refused with the place', () => {
  const state = after(credit(1_000))
  const placeIn = (plan: Plan | null, movement: Movement) => {
    const decision = decide(move(movement, { plan }), state)
    assert.ok(!decision.accepted && decision.refusal.kind === 'no-policy')
    return `${decision.refusal.because} ${decision.refusal.path}`
  }
  assert.equal(placeIn(null, CHECK), 'none-in-force ')
  assert.match(placeIn(beijing(), CHECK), /personalAccount.mayPay.healthCheck$/)
  assert.match(placeIn(beijing(), WITHDRAWAL), /personalAccount.withdrawalFrom$/)
  assert.match(placeIn(beijing(), CARD), /personalAccount.toCard$/)
})

test('the account is its credits less its movements, in any order of crediting, undoing, moving', () => {
  const step = fc.record({
    what: fc.constantFrom('credit', 'undo', 'pay', 'card', 'draw', 'transfer', 'heir'),
    amount: fc.integer({ min: 1, max: 1_000 }),
  })
  const commandOf = (what: string, amount: number, index: number): AccountCommand => {
    const movementNo = `M${index}`
    switch (what) {
      case 'credit':
        return credit(amount, `C${amount}`)
      case 'undo':
        return credit(-amount, `C${amount}:undone`)
      case 'pay':
        return move({ ...CHECK, amountFen: fen(amount) } as Movement, { movementNo })
      case 'card':
        return move({ kind: 'card', creditNo: `C${amount}` }, { movementNo })
      case 'draw':
        return move({ kind: 'withdrawal', amountFen: fen(amount) }, { movementNo })
      case 'transfer':
        return move({ kind: 'transfer', toRegion: '310100' }, { movementNo, actingRegion: null })
      default:
        return move(INHERITANCE, { movementNo, actingRegion: null })
    }
  }
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      const events: AccountEvent[] = []
      let state = initialState
      steps.forEach(({ what, amount }, index) => {
        const decision = decide(commandOf(what, amount % 20, index), state)
        if (!decision.accepted) return
        events.push(...decision.events)
        state = decision.events.reduce(evolve, state)
      })
      const amounts = events.map(({ type, data }) => {
        if (type === 'AccountCreditReceived') return data.amountFen
        if (type !== 'AccountMoved' || data.kind === 'transfer') return ZERO
        assert.ok(data.balanceFen >= 0n, 'nothing moves below 0')
        return fen(-data.amountFen)
      })
      assert.equal(state.balanceFen, sum(ZERO, ...amounts))
    }),
  )
})

/** What takes back and what is billed later: each fact, and each refusal alone. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { DuesShelf } from '../../pack/shelf.ts'
import { publishedPack } from '../../testing/service.ts'
import { assess } from '../assess.ts'
import type { BillAsked, BillCommand, PayBill, SupplementBill } from '../commands.ts'
import { billAggregate, decide } from '../decide.ts'
import type { BillRefusal } from '../refusals.ts'
import type { BillEvent, BillState } from '../state.ts'

const shelf = new DuesShelf()
const P01 = { name: 'P01', regionCode: '110100', scheme: 'employee', from: '2020-01-01' } as const
shelf.apply(publishedPack(P01))
const pack = shelf.inForce('110100', 'employee', businessDate('2024-01-01'))
const meta = fixedMeta()

/** 297,000 fen: employer 216,000, person 72,000 and 9,000; 18,000 of it to the account. */
const asked: BillAsked = {
  ...{ billId: idFor('bill'), regionCode: '110100', scheme: 'employee', period: '2024' },
  ...{ personId: idFor<PersonId>('person'), employerNo: 'E1', status: 'active', age: 33 },
  ...{ averageWageFen: fen(6_000_000), wageFen: fen(3_000_000), given: {}, attributes: {} },
  dueOn: businessDate('2024-06-30'),
}
const place = { actingRegion: '110100', supplementNo: 0 }

function issue(change: Partial<BillAsked> = {}): BillCommand {
  const all = { ...asked, ...change }
  return { type: 'IssueBill', data: { asked: all, assessed: assess(pack, all) }, meta }
}
function pay(change: Partial<PayBill['data']> = {}): BillCommand {
  const money = { amountFen: fen(297_000), paidOn: businessDate('2024-06-30') }
  const data = { ...place, receiptNo: 'R1', payers: null, ...money, ...change }
  return { type: 'PayBill', data, meta }
}
function undo(receiptNo = 'R1', change: Partial<typeof place> = {}): BillCommand {
  return { type: 'UndoPayment', data: { ...place, receiptNo, reason: 'bank', ...change }, meta }
}
function withdraw(withdrawalNo = 'W1', change: Partial<typeof place> = {}): BillCommand {
  return { type: 'WithdrawBill', data: { ...place, withdrawalNo, reason: 'left', ...change }, meta }
}
function supplement(wageFen: number, change: Partial<SupplementBill['data']> = {}): BillCommand {
  const facts = { averageWageFen: null, wageFen: fen(wageFen), given: {} }
  const finding = { findingNo: 'F1', foundOn: businessDate('2025-03-01'), facts, pack }
  const data = { actingRegion: '110100', ...finding, ...change }
  return { type: 'SupplementBill', data, meta }
}
function notice(supplementNo: number, deliveredOn: string): BillCommand {
  const data = { ...place, supplementNo, deliveredOn: businessDate(deliveredOn) }
  return { type: 'NoticeArrears', data, meta }
}

type Told = { readonly state: BillState; readonly events: readonly BillEvent[] }

function told(...commands: readonly BillCommand[]): Told {
  const all: BillEvent[] = []
  let state: BillState = null
  for (const command of commands) {
    const decision = decide(command, state)
    assert.ok(decision.accepted, `${command.type}: ${kindOf(decision)}`)
    all.push(...decision.events)
    state = decision.events.reduce(billAggregate.evolve, state)
  }
  return { state, events: all }
}

const kindOf = (decision: ReturnType<typeof decide>) =>
  decision.accepted ? decision.events.map(({ type }) => type) : decision.refusal.kind
const kind = (command: BillCommand, ...before: readonly BillCommand[]) =>
  kindOf(decide(command, told(...before).state))

type Money = { readonly number: string; readonly amountFen: Fen; readonly entity: string }

function moneyOf(events: readonly BillEvent[]): readonly Money[] {
  return events.flatMap(({ type, data }): Money[] => {
    const tail = (no: string) => no.split(':').slice(1).join(':')
    if (type === 'PremiumReceived') {
      return [{ number: tail(data.receiptNo), amountFen: data.amountFen, entity: data.fund }]
    }
    if (type !== 'AccountCredited') return []
    return [{ number: tail(data.creditNo), amountFen: data.amountFen, entity: 'account' }]
  })
}

describe('a payment undone', () => {
  test('takes back each premium and credit under its number, and the payers owe again', () => {
    const { events, state } = told(issue(), pay(), undo())
    const counter = moneyOf(events).map(({ number, amountFen }) => `${number} ${amountFen}`)
    assert.deepEqual(counter, [
      'employer:pooled 202500',
      'person:pooled 67500',
      'person:largeAmount 9000',
      'employer+person:accountCredit 18000',
      'employer:pooled:undone -202500',
      'person:pooled:undone -67500',
      'person:largeAmount:undone -9000',
      'employer+person:accountCredit:undone -18000',
    ])
    const undone = events.find(({ type }) => type === 'PaymentUndone')
    assert.ok(undone?.type === 'PaymentUndone')
    assert.deepEqual([undone.data.openFen, undone.data.undoneOn], [297_000n, '2025-03-10'])
    assert.deepEqual(state?.bills[0]?.payments, [])
    const credit = events.at(-1)
    assert.ok(credit?.type === 'AccountCredited')
    assert.equal(credit.data.kind, 'correction')
  })

  test('twice is nothing new; the payers pay again under another number, booked anew', () => {
    assert.deepEqual(kind(undo(), issue(), pay(), undo()), [])
    const { events } = told(issue(), pay(), undo(), pay({ receiptNo: 'R2' }))
    const numbers = moneyOf(events).map(({ number }) => number)
    assert.equal(new Set(numbers).size, numbers.length)
    assert.ok(numbers.includes('r2:person:pooled'), numbers.join())
  })

  test('a bill may be withdrawn after it, and billed from other facts', () => {
    const changed = issue({ wageFen: fen(3_600_000) })
    const { state } = told(issue(), pay(), undo(), withdraw(), changed)
    assert.equal(state?.bills[0]?.issued.wageFen, 3_600_000n)
    assert.deepEqual(
      state?.replaced.map(({ withdrawn }) => withdrawn?.withdrawalNo),
      ['W1'],
    )
    assert.deepEqual(kind(withdraw(), issue(), withdraw(), changed), [], 'the old withdrawal again')
  })
})

describe('a finding of a higher base', () => {
  test('bills the difference of each part for the same period, due when the bill was', () => {
    const { state } = told(issue(), pay(), supplement(6_000_000))
    const whole = assess(pack, { ...asked, wageFen: fen(6_000_000) })
    assert.ok(whole.ok)
    const [bill, more] = state?.bills ?? []
    assert.ok(bill && more)
    assert.equal(sum(bill.issued.totalFen, more.issued.totalFen), whole.assessment.totalFen)
    assert.equal(more.issued.baseFen, whole.assessment.baseFen)
    assert.equal(more.issued.dueOn, '2024-06-30')
    assert.deepEqual(
      more.issued.lines.map(({ part }) => part),
      ['employer', 'person', 'accountCredit'],
      'what does not depend on the base is not billed again',
    )
  })

  test('is noticed and paid on its own, late fee of the days since the due date included', () => {
    const before = [issue(), pay(), supplement(6_000_000)]
    const [, more] = told(...before).state?.bills ?? []
    assert.ok(more)
    const { totalFen } = more.issued
    const paid = { supplementNo: 1, paidOn: businessDate('2025-03-10'), amountFen: totalFen }
    assert.deepEqual(kind(notice(1, '2025-03-01'), ...before), ['ArrearsNoticed'])
    const { events } = told(...before, pay({ ...paid, receiptNo: 'R1' }))
    assert.deepEqual(
      moneyOf(events)
        .map(({ number }) => number)
        .filter(number => number.startsWith('s1')),
      ['s1:employer:pooled', 's1:person:pooled', 's1:employer+person:accountCredit'],
    )
  })

  test('the same again is nothing new, a second one bills what the first has not', () => {
    assert.deepEqual(kind(supplement(6_000_000), issue(), supplement(6_000_000)), [])
    const second = supplement(9_000_000, { findingNo: 'F2' })
    const { state } = told(issue(), supplement(6_000_000), second)
    const whole = assess(pack, { ...asked, wageFen: fen(9_000_000) })
    assert.ok(whole.ok && state)
    const billed = sum(...state.bills.map(({ issued }) => issued.totalFen))
    assert.equal(billed, whole.assessment.totalFen)
  })

  test('one that was withdrawn counts no more for the next', () => {
    const gone = withdraw('W1', { supplementNo: 1 })
    const next = supplement(6_000_000, { findingNo: 'F2' })
    const { state } = told(issue(), supplement(9_000_000), gone, next)
    const [, first, second] = state?.bills ?? []
    assert.ok(first && second && first.issued.totalFen > second.issued.totalFen)
  })
})

test('money booked is what the payments that count have paid, in any order of doing and undoing', () => {
  const step = fc.record({ undo: fc.boolean(), payer: fc.constantFrom('employer', 'person') })
  const amounts: Readonly<Record<string, Fen>> = { employer: fen(216_000), person: fen(81_000) }
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), steps => {
      const all: BillEvent[] = []
      let state = told(issue()).state
      steps.forEach(({ undo: undoes, payer }, index) => {
        const paid = state?.bills[0]?.payments.find(({ payers }) => payers.includes(payer))
        const money = { payers: [payer], amountFen: amounts[payer] ?? fen(0) }
        const command = undoes ? undo(paid?.receiptNo) : pay({ receiptNo: `N${index}`, ...money })
        const decision = decide(command, state)
        if (!decision.accepted) return
        all.push(...decision.events)
        state = decision.events.reduce(billAggregate.evolve, state)
      })
      const paid = sum(...(state?.bills[0]?.payments ?? []).map(({ amountFen }) => amountFen))
      const money = moneyOf(all)
      assert.equal(sum(...money.map(({ amountFen }) => amountFen)), paid)
      assert.equal(new Set(money.map(({ number }) => number)).size, money.length)
    }),
  )
})

const on = businessDate('2025-03-11')
const ROWS: readonly [string, BillCommand, readonly BillCommand[], BillRefusal][] = [
  ['undoing a payment of no bill', undo(), [], { kind: 'unknown-bill' }],
  [
    'undoing from elsewhere',
    undo('R1', { actingRegion: '310100' }),
    [issue(), pay()],
    { kind: 'other-region' },
  ],
  ['undoing what was not paid', undo('R2'), [issue(), pay()], { kind: 'unknown-payment' }],
  [
    'paying under a number that was undone',
    pay(),
    [issue(), pay(), undo()],
    { kind: 'payment-undone', undoneOn: businessDate('2025-03-10') },
  ],
  [
    'withdrawing a supplement that is none',
    withdraw('W1', { supplementNo: 1 }),
    [issue()],
    {
      kind: 'unknown-bill',
    },
  ],
  [
    'withdrawing twice',
    withdraw('W2'),
    [issue(), withdraw()],
    {
      ...{ kind: 'bill-withdrawn', withdrawalNo: 'W1' },
    },
  ],
  [
    'withdrawing what is paid',
    withdraw(),
    [issue(), pay()],
    {
      ...{ kind: 'bill-paid', receiptNos: ['R1'] },
    },
  ],
  [
    'withdrawing what a supplement rests on',
    withdraw(),
    [issue(), supplement(6_000_000)],
    {
      ...{ kind: 'bill-supplemented', supplementNos: [1] },
    },
  ],
  [
    'billing again what was withdrawn',
    issue(),
    [issue(), withdraw()],
    {
      ...{ kind: 'bill-withdrawn', withdrawalNo: 'W1' },
    },
  ],
  [
    'paying what was withdrawn',
    pay(),
    [issue(), withdraw()],
    {
      ...{ kind: 'bill-withdrawn', withdrawalNo: 'W1' },
    },
  ],
  [
    'a notice of what was withdrawn',
    notice(0, '2024-07-01'),
    [issue(), withdraw()],
    {
      ...{ kind: 'bill-withdrawn', withdrawalNo: 'W1' },
    },
  ],
  [
    'a supplement to what was withdrawn',
    supplement(6_000_000),
    [issue(), withdraw()],
    {
      ...{ kind: 'bill-withdrawn', withdrawalNo: 'W1' },
    },
  ],
  [
    'another finding under the number',
    supplement(9_000_000, { foundOn: businessDate('2025-03-02') }),
    [issue(), supplement(6_000_000)],
    { kind: 'finding-number-reused', differs: ['foundOn', 'wageFen'] },
  ],
  [
    'a finding of tomorrow',
    supplement(6_000_000, { foundOn: on }),
    [issue()],
    { kind: 'date-in-the-future', field: 'foundOn', on },
  ],
  [
    'a base that is lower',
    supplement(2_000_000),
    [issue({ wageFen: fen(6_000_000) })],
    {
      ...{ kind: 'base-not-higher', part: 'employer' },
    },
  ],
  [
    'a base that bills no more',
    supplement(3_000_001),
    [issue()],
    {
      ...{ kind: 'base-not-higher', part: null },
    },
  ],
  [
    'a notice of a supplement before the finding',
    notice(1, '2025-02-28'),
    [issue(), supplement(6_000_000)],
    { kind: 'not-in-arrears', dueOn: businessDate('2024-06-30') },
  ],
]

for (const [fact, command, before, refusal] of ROWS) {
  test(`${fact} is refused: ${refusal.kind}`, () => {
    assert.deepEqual(decide(command, told(...before).state), { accepted: false, refusal })
  })
}

/** A bill's life: what each command records, and each refusal alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Assessed, AssessRefusal } from './assess.ts'
import type { BillAsked, BillCommand, PayBill } from './commands.ts'
import { billAggregate, decide } from './decide.ts'
import type { BillRefusal } from './refusals.ts'
import type { BillState } from './state.ts'

const asked: BillAsked = {
  ...{ billId: idFor('bill'), regionCode: '110100', scheme: 'employee', period: '2012' },
  ...{ personId: idFor<PersonId>('person'), employerNo: 'E1', status: 'active', age: 40 },
  ...{ averageWageFen: null, wageFen: null, given: {}, attributes: {}, dueOn: null },
}
const line = { fund: 'supplement', clauses: ['P05-R02'], path: 'x' }
const assessed: Assessed = {
  ok: true,
  assessment: {
    ...{ packHash: 'hash', packId: 'P05', baseFen: fen(0), totalFen: fen(7_500) },
    lines: [
      { ...line, part: 'person', payer: 'person', amountFen: fen(3_000) },
      { ...line, part: 'employer', payer: 'employer', amountFen: fen(4_500) },
    ],
    dueOn: businessDate('2012-01-31'),
    lateFee: { noticeDays: 10, perDayBp: 20 },
  },
}

const meta = fixedMeta()
const issue = (change: Partial<BillAsked> = {}, result: Assessed = assessed): BillCommand => ({
  type: 'IssueBill',
  data: { asked: { ...asked, ...change }, assessed: result },
  meta,
})
const notice = (deliveredOn: string, actingRegion: string | null = '110100'): BillCommand => ({
  type: 'NoticeArrears',
  data: { actingRegion, supplementNo: 0, deliveredOn: businessDate(deliveredOn) },
  meta,
})
const pay = (change: Partial<PayBill['data']> = {}): BillCommand => {
  const place = { actingRegion: '110100', supplementNo: 0 }
  const data = { ...place, receiptNo: 'R1', payers: null, amountFen: fen(7_500) }
  return { type: 'PayBill', data: { ...data, paidOn: businessDate('2012-02-01'), ...change }, meta }
}

function after(...commands: readonly BillCommand[]): BillState {
  return commands.reduce<BillState>((state, command) => {
    const decision = decide(command, state)
    assert.ok(
      decision.accepted,
      JSON.stringify(decision, (_, v) => String(v)),
    )
    return decision.events.reduce(billAggregate.evolve, state)
  }, null)
}

function bill(...commands: readonly BillCommand[]): BillState {
  return after(issue(), ...commands)
}

const types = (command: BillCommand, state: BillState) => {
  const decision = decide(command, state)
  return decision.accepted ? decision.events.map(({ type }) => type) : decision.refusal.kind
}

test('each command done again records nothing', () => {
  const commands = [issue(), notice('2012-02-10'), pay()]
  const state = after(...commands)
  for (const command of commands) assert.deepEqual(types(command, state), [])
})

test('a late payment carries the fee of its day, which is income of the fund', () => {
  const state = bill(notice('2012-02-10'))
  const late = pay({ paidOn: businessDate('2012-03-11'), amountFen: fen(8_100) })
  const decision = decide(late, state)
  assert.ok(decision.accepted)
  const [paid, ...booked] = decision.events
  assert.ok(paid?.type === 'BillPaid')
  const { amountFen, lateDays, lateFeeFen, openFen, payers } = paid.data
  assert.deepEqual([amountFen, lateDays, lateFeeFen, openFen], [7_500n, 40, 600n, 0n])
  assert.deepEqual(payers, ['person', 'employer'])
  assert.deepEqual(
    booked.map(event => event.type === 'PremiumReceived' && event.data.amountFen),
    [3_000n, 4_500n, 600n],
  )
})

test('a fee is divided over the funds that came late, by what each is owed', () => {
  assert.ok(assessed.ok)
  const lines = [
    { ...line, part: 'a', payer: 'person', fund: 'basic', amountFen: fen(2_500) },
    { ...line, part: 'b', payer: 'person', fund: 'largeAmountFund', amountFen: fen(5_000) },
  ]
  const two: Assessed = { ok: true, assessment: { ...assessed.assessment, lines } }
  const state = after(issue({}, two), notice('2012-02-10'))
  const late = pay({ paidOn: businessDate('2012-03-11'), amountFen: fen(8_100) })
  const decision = decide(late, state)
  assert.ok(decision.accepted)
  const premiums = decision.events.flatMap(({ type, data }) =>
    type === 'PremiumReceived'
      ? [`${data.receiptNo.split(':').slice(1, -1).join(':')} ${data.fund} ${data.amountFen}`]
      : [],
  )
  assert.deepEqual(premiums, [
    'person pooled 2500',
    'person largeAmount 5000',
    'person:lateFee pooled 200',
    'person:lateFee largeAmount 400',
  ])
})

test('the level of government that paid is told; a family or employer has none', () => {
  assert.ok(assessed.ok)
  const payers = ['central', 'township', 'finance', 'family', 'employer']
  const lines = payers.map(payer => ({ ...line, part: payer, payer, amountFen: fen(1_500) }))
  const state = after(issue({}, { ok: true, assessment: { ...assessed.assessment, lines } }))
  const decision = decide(pay(), state)
  assert.ok(decision.accepted)
  const told = decision.events.flatMap(({ type, data }) =>
    type === 'PremiumReceived' ? [`${data.payer} ${data.level}`] : [],
  )
  const wanted = ['finance central', 'finance township', 'finance null', 'person null']
  assert.deepEqual(told, [...wanted, 'employer null'])
})

test('the fee of each payer is of its own part alone', () => {
  const state = bill(notice('2012-02-10'))
  const late = { paidOn: businessDate('2012-03-11'), payers: ['employer'] }
  assert.equal(types(pay({ ...late, amountFen: fen(4_859) }), state), 'amount-not-owed')
  const done = types(pay({ ...late, amountFen: fen(4_860) }), state)
  assert.deepEqual(done, ['BillPaid', 'PremiumReceived', 'PremiumReceived'])
})

test('events about the bill are keyed by person, premiums by region', () => {
  const decision = decide(pay(), bill())
  assert.ok(decision.accepted)
  const keys = decision.events.map(event => billAggregate.keyOf(event))
  assert.deepEqual(keys, [asked.personId, '110100', '110100'])
})

const NO_POLICY: AssessRefusal = {
  ...{ kind: 'no-policy', packId: null, path: '', reason: 'none', reasonZh: '无', clauses: [] },
}

const ROWS: readonly [string, BillCommand, BillState, BillRefusal][] = [
  ['what no policy knows', issue({}, { ok: false, refusal: NO_POLICY }), null, NO_POLICY],
  [
    'a period billed from other facts',
    issue({ age: 41, given: { premiumFen: 1n }, dueOn: businessDate('2012-01-30') }),
    bill(),
    { kind: 'already-billed', differs: ['age', 'given', 'dueOn'] },
  ],
  ['a notice of no bill', notice('2012-02-10'), null, { kind: 'unknown-bill' }],
  ['a notice from elsewhere', notice('2012-02-10', '310100'), bill(), { kind: 'other-region' }],
  [
    'a second notice',
    notice('2012-02-11'),
    bill(notice('2012-02-10')),
    { kind: 'already-noticed', deliveredOn: businessDate('2012-02-10') },
  ],
  [
    'a notice of tomorrow',
    notice('2025-03-11'),
    bill(),
    { kind: 'date-in-the-future', field: 'deliveredOn', on: businessDate('2025-03-11') },
  ],
  [
    'a notice on the due date',
    notice('2012-01-31'),
    bill(),
    { kind: 'not-in-arrears', dueOn: businessDate('2012-01-31') },
  ],
  [
    'a notice of what is paid',
    notice('2012-02-10'),
    bill(pay()),
    { kind: 'not-in-arrears', dueOn: businessDate('2012-01-31') },
  ],
  ['a payment of no bill', pay(), null, { kind: 'unknown-bill' }],
  ['a payment from elsewhere', pay({ actingRegion: '310100' }), bill(), { kind: 'other-region' }],
  [
    'other content under a receipt number',
    pay({ payers: ['person'], amountFen: fen(3_000), paidOn: businessDate('2012-02-02') }),
    bill(pay()),
    { kind: 'receipt-number-reused', differs: ['payers', 'amountFen', 'paidOn'] },
  ],
  [
    'a payment of tomorrow',
    pay({ paidOn: businessDate('2025-03-11') }),
    bill(),
    { kind: 'date-in-the-future', field: 'paidOn', on: businessDate('2025-03-11') },
  ],
  [
    'a payer that owes nothing of the bill',
    pay({ payers: ['person', 'province'] }),
    bill(),
    { kind: 'payer-not-billed', payers: ['province'] },
  ],
  [
    'a payer who has paid',
    pay({ payers: ['person'], amountFen: fen(3_000), receiptNo: 'R2' }),
    bill(pay()),
    { kind: 'already-paid', payers: ['person'] },
  ],
  [
    'a fen too few',
    pay({ amountFen: fen(7_499) }),
    bill(),
    {
      ...{ kind: 'amount-not-owed', field: 'amountFen' },
      ...{ duesFen: fen(7_500), lateFeeFen: fen(0), owedFen: fen(7_500) },
    },
  ],
]

for (const [fact, command, state, refusal] of ROWS) {
  test(`${fact} is refused: ${refusal.kind}`, () => {
    assert.deepEqual(decide(command, state), { accepted: false, refusal })
  })
}

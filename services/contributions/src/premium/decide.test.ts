import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { PremiumRefusal, ReceivePremium } from './decide.ts'
import { decide, premiumAggregate, premiumStreamOf } from './decide.ts'

function receipt(change: Partial<ReceivePremium['data']> = {}): ReceivePremium {
  const data: ReceivePremium['data'] = {
    receiptNo: 'R1',
    regionCode: '110100',
    scheme: 'employee',
    ...{ payer: 'employer', fund: 'pooled', level: null },
    period: '2025-02',
    amountFen: fen(1_000_000),
    receivedOn: businessDate('2025-03-10'),
  }
  return { type: 'ReceivePremium', data: { ...data, ...change }, meta: fixedMeta() }
}
const { data } = receipt()

test('a receipt is recorded once', () => {
  const first = decide(receipt(), null)
  assert.deepEqual(first, { accepted: true, events: [{ type: 'PremiumReceived', data }] })
  const state = premiumAggregate.evolve(null, { type: 'PremiumReceived', data })
  assert.deepEqual(decide(receipt(), state), { accepted: true, events: [] })
})

test('a receipt number is one stream', () => {
  assert.equal(premiumStreamOf('R1'), premiumStreamOf('R1'))
  assert.notEqual(premiumStreamOf('R1'), premiumStreamOf('R2'))
})

const ROWS: readonly [string, ReceivePremium, PremiumRefusal][] = [
  [
    'money of accounts',
    receipt({ fund: 'account' }),
    { kind: 'account-is-credited', field: 'fund' },
  ],
  [
    'a level of government that an employer has',
    receipt({ level: 'central' }),
    { kind: 'level-without-finance', field: 'level' },
  ],
  [
    'nothing received',
    receipt({ amountFen: fen(0) }),
    { kind: 'amount-not-positive', field: 'amountFen' },
  ],
  [
    'money of tomorrow',
    receipt({ receivedOn: businessDate('2025-03-11') }),
    { kind: 'date-in-the-future', field: 'receivedOn', on: businessDate('2025-03-11') },
  ],
  [
    'another receipt under the number',
    receipt({ amountFen: fen(1), fund: 'supplement', regionCode: '310100' }),
    { kind: 'receipt-number-reused', differs: ['regionCode', 'fund', 'amountFen'] },
  ],
]

for (const [fact, command, refusal] of ROWS) {
  test(`${fact} is refused: ${refusal.kind}`, () => {
    assert.deepEqual(decide(command, data), { accepted: false, refusal })
  })
}

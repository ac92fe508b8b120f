import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { CreditAccount, CreditRefusal } from './decide.ts'
import { creditAggregate, decide } from './decide.ts'

function credit(change: Partial<CreditAccount['data']> = {}): CreditAccount {
  const data: CreditAccount['data'] = {
    creditNo: 'C1',
    personId: idFor<PersonId>('person'),
    regionCode: '110100',
    scheme: 'employee',
    kind: 'openingBalance',
    amountFen: fen(92_077),
    creditedOn: businessDate('2025-01-01'),
  }
  return { type: 'CreditAccount', data: { ...data, ...change }, meta: fixedMeta() }
}
const { data } = credit()

test('a credit is recorded once, keyed by the person', () => {
  const event = { type: 'AccountCredited', data } as const
  assert.deepEqual(decide(credit(), null), { accepted: true, events: [event] })
  assert.deepEqual(decide(credit(), creditAggregate.evolve(null, event)), {
    accepted: true,
    events: [],
  })
  assert.equal(creditAggregate.keyOf(event), data.personId)
})

const ROWS: readonly [string, CreditAccount, CreditRefusal][] = [
  [
    'a credit of nothing',
    credit({ amountFen: fen(0) }),
    { kind: 'amount-not-positive', field: 'amountFen' },
  ],
  [
    'a credit of less than nothing',
    credit({ amountFen: fen(-1) }),
    { kind: 'amount-not-positive', field: 'amountFen' },
  ],
  [
    'a credit of tomorrow',
    credit({ creditedOn: businessDate('2025-03-11') }),
    { kind: 'date-in-the-future', field: 'creditedOn', on: businessDate('2025-03-11') },
  ],
  [
    'another credit under the number',
    credit({ personId: idFor<PersonId>('other'), kind: 'monthly' }),
    { kind: 'credit-number-reused', differs: ['personId', 'kind'] },
  ],
]

for (const [fact, command, refusal] of ROWS) {
  test(`${fact} is refused: ${refusal.kind}`, () => {
    assert.deepEqual(decide(command, data), { accepted: false, refusal })
  })
}

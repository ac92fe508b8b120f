/** Late fees, account money, expected income and premiums that are the rest of others. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import {
  type ContributionFacts,
  contribution,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import { expectedIncome } from '@tongchou/contracts/policy/dues/expected-income.ts'
import { dueDate, lateFee } from '@tongchou/contracts/policy/dues/late-fee.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { PACK, planOf } from '../testing/samples.ts'
import { planNamed } from '../testing/vectors/packs.ts'
import { accountMayPay, mayWithdraw, toCard } from './account-money.ts'

function asked(changes: Partial<ContributionFacts> = {}): ContributionFacts {
  const wages = { averageWageFen: fen(0), wageFen: fen(0) }
  return { status: 'active', age: 40, year: 2018, ...wages, attributes: {}, ...changes }
}

describe('the late fee of P05', () => {
  const feeFor = (paidOn: string, noticeOn: string | null) => {
    const answer = lateFee(planNamed('P05'), asked({ year: 2012 }), {
      amountFen: fen(750_000),
      dueOn: businessDate('2012-01-31'),
      noticeOn: noticeOn === null ? null : businessDate(noticeOn),
      paidOn: businessDate(paidOn),
    })
    assert.ok(answer.kind === 'late-fee')
    return [answer.days, answer.feeFen]
  }

  test('begins on the eleventh day after the notice and reaches back to the due date', () => {
    assert.deepEqual(feeFor('2012-02-20', '2012-02-10'), [0, 0n])
    assert.deepEqual(feeFor('2012-02-21', '2012-02-10'), [21, 31_500n])
  })

  test('is none without a notice, and none for money that came in time', () => {
    assert.deepEqual(feeFor('2013-01-01', null), [0, 0n])
    assert.deepEqual(feeFor('2012-01-30', '2012-01-01'), [0, 0n])
    assert.deepEqual(feeFor('2012-01-31', '2012-01-01'), [0, 0n])
    assert.deepEqual(feeFor('2012-02-01', '2012-01-01'), [1, 1_500n])
  })

  test('is refused where the policy has none, and so is a due date', () => {
    const plan = planNamed('P06-employee')
    const days = { dueOn: businessDate('2012-01-31'), paidOn: businessDate('2012-01-31') }
    const arrears = { amountFen: fen(1), noticeOn: null, ...days }
    assert.equal(lateFee(plan, asked(), arrears).kind, 'no-policy')
    assert.equal(dueDate(plan, asked()).kind, 'no-policy')
  })

  test('counts from 31 May in 2011 and from 31 January in every other year', () => {
    const due = (year: number) => dueDate(planNamed('P05'), asked({ year }))
    assert.deepEqual(due(2011), { kind: 'due-date', dueOn: '2011-05-31' })
    assert.deepEqual(due(2012), { kind: 'due-date', dueOn: '2012-01-31' })
  })
})

describe('the premium of the P05 supplement', () => {
  const shares = (status: string, unit: string) => {
    const owed = contribution(planNamed('P05'), asked({ status, attributes: { unit } }))
    assert.ok(owed.kind === 'contribution')
    return owed.parts
      .filter(({ amountFen }) => amountFen > 0n)
      .map(({ payer, amountFen }) => `${payer} ${amountFen}`)
  }

  test('is 30 and 45 yuan, and for retirees of budgeted units 75 from finance alone', () => {
    assert.deepEqual(shares('active', 'districtBudget'), ['person 3000', 'employer 4500'])
    assert.deepEqual(shares('retired', 'other'), ['person 3000', 'employer 4500'])
    assert.deepEqual(shares('retired', 'districtBudget'), ['district 7500'])
    assert.deepEqual(shares('retired', 'townshipBudget'), ['township 7500'])
  })
})

describe('subsidies of P20', () => {
  const parts = (category: string, premium: number | null) => {
    const given = premium === null ? {} : { premiumFen: fen(premium) }
    const owed = contribution(planNamed('P20'), asked({ given, attributes: { category } }))
    assert.ok(owed.kind === 'contribution')
    return owed.parts.map(({ amountFen }) => Number(amountFen))
  }

  test('never exceed the premium, and the family never pays less than nothing', () => {
    assert.deepEqual(parts('poorOrDisabledChild', 7_500), [2_500, 2_500, 2_500, 0])
    assert.deepEqual(parts('poorOrDisabledChild', 7_499), [2_500, 2_500, 2_499, 0])
    assert.deepEqual(parts('poorOrDisabledChild', 4_000), [2_500, 1_500, 0, 0])
  })

  test('are refused without the premium, which is a local figure', () => {
    const facts = asked({ attributes: { category: 'general' } })
    const answer = contribution(planNamed('P20'), facts)
    assert.ok(answer.kind === 'no-policy')
    assert.equal(answer.path, 'contribution.base.given')
  })
})

test('the base of P11 is unknown before 2010 and the city average from then on', () => {
  const given = { averageMonthlyWageFen: fen(300_000) }
  const owed = (year: number) =>
    contribution(planNamed('P11'), asked({ year, given, attributes: { payerKind: 'employer' } }))
  assert.equal(owed(2009).kind, 'no-policy')
  assert.equal(owed(2010).kind, 'contribution')
})

describe('money of the personal account', () => {
  test('goes to the card from October 2016 on', () => {
    const on = (day: string) => asked({ on: businessDate(day) })
    const plan = planNamed('P03-employee')
    assert.equal(toCard(plan, on('2016-09-30'), fen(1)).kind, 'no-policy')
    assert.deepEqual(toCard(plan, on('2016-10-01'), fen(1)), {
      kind: 'to-card',
      cardFen: 1n,
      staysFen: 0n,
    })
  })

  test('may be drawn at 50,000 yuan of inpatient cost and not one fen below', () => {
    const may = (cost: number) => mayWithdraw(planNamed('P03-employee'), asked(), fen(cost))
    assert.deepEqual(may(4_999_999), { kind: 'may-withdraw', may: false })
    assert.deepEqual(may(5_000_000), { kind: 'may-withdraw', may: true })
  })

  test('may pay what the policy names; of the rest it says nothing', () => {
    const may = (purpose: 'relativesPremium' | 'commercialInsurance') =>
      accountMayPay(planNamed('P10'), asked(), purpose)
    assert.deepEqual(may('relativesPremium'), { kind: 'may-pay', may: true })
    assert.equal(may('commercialInsurance').kind, 'no-policy')
  })
})

test('a retiree with enough years of contributions pays no more', () => {
  const amountOf = (fenOf: number) => ({ fen: fenOf, clause: 'C1' })
  const years = {
    by: 'attribute.contributionYears',
    of: { '..24': amountOf(800), '25..': amountOf(0) },
  }
  const amount = { by: 'status', of: { active: amountOf(1_000), retired: years } }
  const plan = planOf({
    ...PACK,
    attributes: { contributionYears: { default: null, means: { en: 'years', zh: '年限' } } },
    contribution: { base: null, dues: [{ id: 'person', payer: 'person', to: 'basic', amount }] },
  })
  const owed = (attributes: ContributionFacts['attributes']) => {
    const answer = contribution(plan, asked({ status: 'retired', attributes }))
    return answer.kind === 'contribution' ? answer.parts[0]?.amountFen : answer.kind
  }
  assert.deepEqual([owed({ contributionYears: 24 }), owed({ contributionYears: 25 })], [800n, 0n])
  assert.equal(owed({}), 'no-policy')
})

test('income expected of members is refused where a part of the premium is unknown', () => {
  const members = { members: 2, bookedFen: fen(0) }
  const answer = expectedIncome(planNamed('P19'), asked({ status: 'adult' }), members)
  assert.equal(answer.kind, 'no-policy')
})

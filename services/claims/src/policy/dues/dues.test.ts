/** Contributions and the risk reserve beyond the vectors of the packs. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import {
  type Contribution,
  type ContributionFacts,
  contribution,
  sumOfParts,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import P01 from '../../../../../contracts/policies/packs/P01.json' with { type: 'json' }
import P04 from '../../../../../contracts/policies/packs/P04.json' with { type: 'json' }
import { planOf, TABLE } from '../testing/samples.ts'
import { riskReserve } from './risk-reserve.ts'

const p01 = planOf(P01)
const p04 = planOf(P04)

function employee(changes: Partial<ContributionFacts> = {}): ContributionFacts {
  const averageWageFen = fen(6_000_000)
  const wageFen = fen(6_000_000)
  return {
    status: 'active',
    age: 40,
    year: 2025,
    averageWageFen,
    wageFen,
    attributes: {},
    ...changes,
  }
}

function resident(category: string, year = 2008): ContributionFacts {
  const status = category.toLowerCase().includes('child') ? 'child' : 'adult'
  return employee({ status, year, attributes: { category } })
}

function owed(answer: ReturnType<typeof contribution>): Contribution {
  assert.ok(answer.kind === 'contribution')
  return answer
}

test('each part of a premium names its figure, with clause, words and readings', () => {
  const { parts } = owed(contribution(p01, employee()))
  const person = parts.find(({ id }) => id === 'person')
  assert.deepEqual(person?.figure, {
    path: 'contribution.dues.1.amount.active',
    value: 200,
    sources: [
      {
        document: '州级统筹,城镇职工 (000_3abebf3ac4488458.txt 篇10)',
        clause: 'P01-R06',
        quote: '职工个人按上年度在职职工工资总额的2%缴费',
      },
    ],
    readings: [],
  })
  const large = parts.find(({ id }) => id === 'largeAmount')
  assert.equal(large?.figure.value, 9_000n)
})

describe('the contribution base', () => {
  test('is clamped at floor and ceiling, both included', () => {
    const base = (wage: number) => owed(contribution(p01, employee({ wageFen: fen(wage) }))).baseFen
    assert.deepEqual([3_599_999, 3_600_000, 3_600_001].map(base), [
      3_600_000n,
      3_600_000n,
      3_600_001n,
    ])
    assert.deepEqual([17_999_999, 18_000_000, 18_000_001].map(base), [
      17_999_999n,
      18_000_000n,
      18_000_000n,
    ])
  })
})

describe('the account credit of P01', () => {
  test('changes after 35 and after 45', () => {
    const credit = (age: number) =>
      sumOfParts(owed(contribution(p01, employee({ age }))), ({ to }) => to === 'account')
    assert.deepEqual([35, 36, 45, 46].map(credit), [30_000n, 90_000n, 90_000n, 150_000n])
  })

  test('is unknown without an age, and of a retired civil servant without a pension', () => {
    assert.equal(contribution(p01, employee({ age: null })).kind, 'no-policy')
    const retired = employee({ status: 'retired', attributes: { civilServant: true } })
    const answer = contribution(p01, retired)
    assert.ok(answer.kind === 'no-policy')
    assert.equal(answer.missing.en, 'the pension of the retired civil servant')
  })
})

describe('the premium of P04', () => {
  test('adds up to the stated total in every category of 2008', () => {
    const stated = { adult: 18_000n, child: 8_000n }
    const categories = ['otherAllowance', 'disabled', 'lowIncome60', 'otherAdult']
    for (const category of categories) {
      const total = sumOfParts(owed(contribution(p04, resident(category))), () => true)
      assert.equal(total, stated.adult, category)
    }
    for (const category of ['poorOrDisabledChild', 'child']) {
      const total = sumOfParts(owed(contribution(p04, resident(category))), () => true)
      assert.equal(total, stated.child, category)
    }
  })

  test('of 2009 is refused: how the public part is split is not stated', () => {
    const answer = contribution(p04, resident('otherAdult', 2009))
    assert.ok(answer.kind === 'no-policy')
    assert.equal(answer.sources[0]?.clause, 'P04-R05')
  })

  test('is refused for a category that nobody knows', () => {
    assert.equal(contribution(p04, resident('rich')).kind, 'no-policy')
  })
})

describe('the risk reserve', () => {
  const draw = (income: number, surplus: number, balance: number): bigint => {
    const answer = riskReserve(p04, {
      incomeFen: fen(income),
      surplusFen: fen(surplus),
      balanceFen: fen(balance),
    })
    assert.ok(answer.kind === 'risk-reserve')
    return answer.drawFen
  }

  test('takes nothing in a deficit and nothing at or above its ceiling', () => {
    assert.equal(draw(1_000_000, -1, 0), 0n)
    assert.deepEqual(
      [149_999, 150_000, 150_001].map(b => draw(1_000_000, 500_000, b)),
      [1n, 0n, 0n],
    )
  })

  test('and contributions are refused where the policy has no rule for them', () => {
    const table = planOf(TABLE)
    const none = { incomeFen: fen(0), surplusFen: fen(0), balanceFen: fen(0) }
    assert.equal(riskReserve(table, none).kind, 'no-policy')
    assert.equal(contribution(table, employee()).kind, 'no-policy')
  })
})

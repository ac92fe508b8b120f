/** Laws of premiums, fees, reserves and budgets, for random amounts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import {
  type ContributionFacts,
  contribution,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import { lateFee } from '@tongchou/contracts/policy/dues/late-fee.ts'
import { addDays, businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { penalty } from '../fund/penalty.ts'
import { clearBudget } from '../fund/total-budget.ts'
import { assuming, planNamed } from '../testing/vectors/packs.ts'
import { toCard } from './account-money.ts'
import { riskReserve } from './risk-reserve.ts'

const money = fc.integer({ min: 0, max: 2_000_000_000 }).map(value => fen(value))
const OPTIONS = { numRuns: 300, seed: 7 }

function asked(changes: Partial<ContributionFacts>): ContributionFacts {
  const wages = { averageWageFen: fen(6_000_000), wageFen: fen(0) }
  return { status: 'active', age: 40, year: 2018, ...wages, attributes: {}, ...changes }
}

function partsOf(packId: string, changes: Partial<ContributionFacts>): readonly Fen[] {
  const owed = contribution(planNamed(packId), asked(changes))
  assert.ok(owed.kind === 'contribution')
  return owed.parts.map(({ amountFen }) => amountFen)
}

describe('a premium', () => {
  test('of P20 is shared whole, whatever it is, and no share is negative', () => {
    const category = fc.constantFrom('general', 'poorOrDisabledChild', 'hardAdult')
    fc.assert(
      fc.property(money, category, (premiumFen, name) => {
        const parts = partsOf('P20', { given: { premiumFen }, attributes: { category: name } })
        assert.equal(sum(...parts), premiumFen)
        assert.ok(parts.every(amount => amount >= 0n))
      }),
      OPTIONS,
    )
  })

  test('of P01 grows with the wage and stays between what floor and ceiling give', () => {
    const total = (wageFen: Fen): bigint => sum(...partsOf('P01', { wageFen }))
    const [least, most] = [total(fen(0)), total(fen(2_000_000_000))]
    fc.assert(
      fc.property(money, money, (wageFen, moreFen) => {
        const larger = total(sum(wageFen, moreFen))
        assert.ok(total(wageFen) <= larger && larger <= most && total(wageFen) >= least)
      }),
      OPTIONS,
    )
  })
})

test('a late fee never shrinks with the days, and is none while there is grace', () => {
  const dueOn = businessDate('2012-01-31')
  const days = fc.integer({ min: 0, max: 800 })
  const fee = (amountFen: Fen, noticeAfter: number, paidAfter: number) => {
    const [noticeOn, paidOn] = [addDays(dueOn, noticeAfter), addDays(dueOn, paidAfter)]
    const arrears = { amountFen, dueOn, noticeOn, paidOn }
    const answer = lateFee(planNamed('P05'), asked({ year: 2012 }), arrears)
    assert.ok(answer.kind === 'late-fee')
    return answer
  }
  fc.assert(
    fc.property(money, days, days, (amountFen, notice, paid) => {
      const now = fee(amountFen, notice, paid)
      const later = fee(amountFen, notice, paid + 1)
      assert.ok(later.feeFen >= now.feeFen && later.days >= now.days)
      assert.equal(now.days, paid <= notice + 10 ? 0 : paid)
    }),
    OPTIONS,
  )
})

test('a reserve never takes more than surplus and room, and never gives', () => {
  fc.assert(
    fc.property(money, money, money, fc.boolean(), (income, surplus, balance, deficit) => {
      const surplusFen = deficit ? fen(-surplus) : surplus
      const facts = { incomeFen: income, surplusFen, balanceFen: balance }
      const answer = riskReserve(planNamed('P04'), facts)
      assert.ok(answer.kind === 'risk-reserve')
      const { drawFen } = answer
      assert.ok(drawFen >= 0n)
      assert.ok(
        drawFen === 0n || (drawFen <= surplusFen && (drawFen + balance) * 20n <= income * 3n + 20n),
      )
    }),
    OPTIONS,
  )
})

test('a budget year pays to the fen what it settles, and an overspend is borne by two', () => {
  const months = fc.array(money, { minLength: 12, maxLength: 12 })
  const share = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(
      money,
      months,
      share,
      fc.constantFrom('region', 'nanning'),
      (quota, actualFen, bp, payer) => {
        const plan = assuming('P08', { 'fund.totalBudget.overspendShare': { fundBp: bp } })
        const quotaFen = fen(quota * 10n)
        const facts = { year: 2014, quotaFen, actualFen, attributes: { payer } }
        const cleared = clearBudget(plan, facts)
        assert.ok(cleared.kind === 'budget-cleared')
        const { monthlyFen, settledFen, yearEndFen, hospitalBearsFen } = cleared
        assert.equal(sum(...monthlyFen, yearEndFen), settledFen)
        const actual = sum(...actualFen)
        const over = actual > quotaFen
        assert.equal(sum(settledFen, hospitalBearsFen), over ? actual : quotaFen)
        assert.ok(hospitalBearsFen >= 0n && (over || hospitalBearsFen === 0n))
      },
    ),
    { numRuns: 60, seed: 7 },
  )
})

test('a credit is cut in two without a rest, and a fine lies between its bounds', () => {
  fc.assert(
    fc.property(money, amountFen => {
      const cut = toCard(planNamed('P03-employee'), asked({}), amountFen)
      assert.ok(cut.kind === 'to-card')
      assert.equal(sum(cut.cardFen, cut.staysFen), amountFen)
      const fined = penalty(planNamed('P03-employee'), amountFen, businessDate('2018-01-01'))
      assert.ok(fined.kind === 'penalty')
      assert.ok(fined.recoverFen <= fined.fineMinFen && fined.fineMinFen <= fined.fineMaxFen)
    }),
    OPTIONS,
  )
})

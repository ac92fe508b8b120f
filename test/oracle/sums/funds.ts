/** What funds and packs are measured by: runway, budgets, penalties, cards, floors, streaks. */
import { mayWithdraw, toCard } from '@tongchou/claims/policy/dues/account-money.ts'
import { penalty } from '@tongchou/claims/policy/fund/penalty.ts'
import { runway } from '@tongchou/claims/policy/fund/runway.ts'
import { clearBudget } from '@tongchou/claims/policy/fund/total-budget.ts'
import { chronicLimit } from '@tongchou/claims/policy/limits/chronic-limit.ts'
import { EMPTY_YEAR } from '@tongchou/claims/policy/totals.ts'
import { historyAttributes } from '@tongchou/claims/policy/years/history.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { documentsOf, PACKS } from '../engine/documents.ts'
import { type Plan, planOf, planWith } from '../engine/engine.ts'
import * as funds from '../packs/funds.ts'
import { limitOfAll } from '../packs/p02-chronic.ts'
import * as P03 from '../packs/p03.ts'
import type { Dice } from '../random/dice.ts'
import { halfUp, notBelowZero, total } from '../words/fen.ts'
import { ofPack } from './dues.ts'
import { big, type Input, NO_RULE, type Sum } from './sum.ts'

const RUNWAY: Sum = {
  name: 'P07 runway',
  sample: dice => ({
    balance: dice.amount(0n, 10_000_000_000_000n),
    prepaid: dice.oneOf([0n, 0n, dice.amount(0n, 1_000_000_000n)]),
    spent: dice.amount(1n, 5_000_000_000_000n),
    months: dice.oneOf([1, 5, 6, 12]),
  }),
  oracle: input => {
    const free = big(input, 'balance') - big(input, 'prepaid')
    if (free < 0n) return NO_RULE
    const spent = big(input, 'spent')
    return { hundredths: funds.runwayOf(free, spent, BigInt(Number(input['months']))) }
  },
  engine: ofPack('P07', (plan, input) => {
    if (big(input, 'balance') < big(input, 'prepaid')) return NO_RULE
    const { hundredths } = runway(plan, {
      on: businessDate('2008-06-30'),
      balanceFen: fen(big(input, 'balance')),
      prepaidFen: fen(big(input, 'prepaid')),
      spentFen: fen(big(input, 'spent')),
      months: Number(input['months']),
    })
    return { hundredths: BigInt(hundredths ?? -1) }
  }),
}

/** P32-R02: what need not lie ready, and a warning below two months. */
const INVEST: Sum = {
  ...RUNWAY,
  name: 'P32 must invest',
  sample: dice => {
    const spent = dice.amount(1n, 5_000_000_000n)
    const months = dice.oneOf([1, 5, 6, 12])
    const twoMonths = (2n * spent) / BigInt(months) + BigInt(dice.between(-2, 2))
    const near = twoMonths < 0n ? 0n : twoMonths
    return { balance: dice.oneOf([near, dice.amount(0n, 50_000_000_000n)]), spent, months }
  },
  oracle: input => {
    const months = BigInt(Number(input['months']))
    const [balance, spent] = [big(input, 'balance'), big(input, 'spent')]
    const mustInvest = notBelowZero(balance - halfUp(2n * spent, months))
    return { warns: String(balance * months < 2n * spent), mustInvest }
  },
  engine: ofPack('P32', (plan, input) => {
    const { warns, mustInvestFen } = runway(plan, {
      on: businessDate('2008-06-30'),
      balanceFen: fen(big(input, 'balance')),
      prepaidFen: fen(0n),
      spentFen: fen(big(input, 'spent')),
      months: Number(input['months']),
    })
    return { warns: String(warns), mustInvest: mustInvestFen ?? -1n }
  }),
}

function months(input: Input): readonly bigint[] {
  return Array.from({ length: 12 }, (_, month) => big(input, `month${month + 1}`))
}

function budgetSample(dice: Dice): Input {
  const each = Array.from({ length: 12 }, () => dice.amount(0n, 1_000_000_000n))
  const quota = dice.oneOf([total(each) + BigInt(dice.between(-2, 2)), dice.amount(0n, 10n ** 10n)])
  const named = each.map((amount, month) => [`month${month + 1}`, amount] as const)
  const payer = dice.oneOf(['region', 'nanning'])
  return { payer, quota: quota < 0n ? 0n : quota, ...Object.fromEntries(named) }
}

function budget(name: string, shareBp: number | null): Sum {
  const engine = ofPack('P08', () => ({}))
  const plan = shareBp === null ? packOf('P08') : withShare(shareBp)
  return {
    name,
    sample: budgetSample,
    oracle: input => {
      const actual = months(input)
      const quota = big(input, 'quota')
      if (shareBp === null && total(actual) > quota) return NO_RULE
      const monthlyMode = input['payer'] === 'region' ? 'quotaTwelfth' : 'actual90'
      const asked = { quota, actual, monthlyMode, fundShareOfOverspendBp: shareBp ?? 0 } as const
      const { monthly, ...figures } = funds.totalBudget(asked)
      return { ...figures, monthly: monthly.join(' ') }
    },
    engine:
      typeof engine === 'string' ? engine : typeof plan === 'string' ? plan : clearingOf(plan),
  }
}

function packOf(name: string): Plan | string {
  return planOf(documentsOf(PACKS).get(name))
}

function withShare(fundBp: number): Plan | string {
  const set = { 'fund.totalBudget.overspendShare': { fundBp, clause: 'E1' } }
  return planWith(documentsOf(PACKS).get('P08'), set)
}

function clearingOf(plan: Plan): Sum['engine'] {
  return input => {
    const cleared = clearBudget(plan, {
      year: 2014,
      quotaFen: fen(big(input, 'quota')),
      actualFen: months(input).map(fen),
      attributes: { payer: String(input['payer']) },
    })
    if (cleared.kind !== 'budget-cleared') return NO_RULE
    return {
      settled: cleared.settledFen,
      yearEnd: cleared.yearEndFen,
      hospitalBears: cleared.hospitalBearsFen,
      monthly: cleared.monthlyFen.join(' '),
    }
  }
}

const CHRONIC: Sum = {
  name: 'P02 chronic diseases',
  sample: dice => ({
    first: dice.amount(0n, 1_000_000n),
    second: dice.amount(0n, 1_000_000n),
    third: dice.oneOf([0n, dice.amount(0n, 1_000_000n)]),
  }),
  oracle: input => {
    const limits = ['first', 'second', 'third'].map(name => big(input, name))
    return { limit: limitOfAll(limits) }
  },
  engine: ofPack('P02', (plan, input) => {
    const limits = ['first', 'second', 'third'].map(name => fen(big(input, name)))
    const found = chronicLimit(plan, limits, FOUND_ON)
    return found.kind === 'chronic-limit' ? { limit: found.limitFen } : NO_RULE
  }),
}

const FOUND_ON = businessDate('2017-05-01')
const ASKED = { status: 'adult', age: 40, year: 2017, on: FOUND_ON, attributes: {} } as const

const PENALTY: Sum = {
  name: 'P03 penalty and card',
  sample: dice => ({
    fraud: dice.amount(0n, 100_000_000n),
    credit: dice.amount(0n, 10_000_000n),
    inpatient: dice.oneOf([4_999_999n, 5_000_000n, 5_000_001n, dice.amount(0n, 10_000_000n)]),
  }),
  oracle: input => ({
    ...P03.fraudPenalty(big(input, 'fraud')),
    ...P03.accountToCard(big(input, 'credit')),
    // R29
    mayWithdraw: String(big(input, 'inpatient') >= 5_000_000n),
  }),
  engine: ofPack('P03-employee', (plan, input) => {
    const asked = { ...ASKED, status: 'active' }
    const fine = penalty(plan, fen(big(input, 'fraud')), FOUND_ON)
    const card = toCard(plan, asked, fen(big(input, 'credit')))
    const draws = mayWithdraw(plan, asked, fen(big(input, 'inpatient')))
    if (fine.kind !== 'penalty' || card.kind !== 'to-card' || draws.kind !== 'may-withdraw') {
      return NO_RULE
    }
    return {
      recover: fine.recoverFen,
      fineMin: fine.fineMinFen,
      fineMax: fine.fineMaxFen,
      toCard: card.cardFen,
      stays: card.staysFen,
      mayWithdraw: String(draws.may),
    }
  }),
}

const YEARS = [2018, 2019, 2020, 2021, 2022, 2023] as const

/** P03-R16 to R21 and R25: years of less cost, some of them insured for a part only. */
const STREAK: Sum = {
  name: 'P03 years without a claim',
  sample: dice =>
    Object.fromEntries(
      YEARS.flatMap(year => [
        [`cost${year}`, costNear(dice)],
        [`whole${year}`, dice.chance(0.85)],
      ]),
    ),
  oracle: input => ({
    noClaimYears: BigInt(
      P03.noClaimStreak(
        YEARS.map(year => ({
          cost: big(input, `cost${year}`),
          wholeYear: input[`whole${year}`] === true,
        })),
      ),
    ),
  }),
  engine: ofPack('P03-resident', (plan, input) => {
    const past = YEARS.map(year => ({
      year,
      totals: { ...EMPTY_YEAR, costOutFen: fen(big(input, `cost${year}`)) },
      wholeYear: input[`whole${year}`] === true,
      status: 'adult',
    }))
    const { noClaimYears } = historyAttributes(plan, past)
    // More than three earn nothing more.
    return { noClaimYears: BigInt(Math.min(3, Number(noClaimYears ?? 0))) }
  }),
}

function costNear(dice: Dice): bigint {
  const edge = dice.oneOf([20_000n, 30_000n, 40_000n, 50_000n]) + BigInt(dice.between(-1, 1))
  return dice.oneOf([0n, edge, edge, dice.amount(0n, 100_000n)])
}

export const FUNDS: readonly Sum[] = [
  CHRONIC,
  RUNWAY,
  INVEST,
  budget('P08 total budget', null),
  budget('P08 total budget, half of an overspend', 5000),
  budget('P08 total budget, a third of an overspend', 3333),
  PENALTY,
  STREAK,
]

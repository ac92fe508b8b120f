/** Runs the vectors about premiums, accounts, funds and guards. */
import assert from 'node:assert/strict'
import { type Fen, fen, fenToJson, minus, sum } from '@tongchou/contracts/money.ts'
import {
  type Contribution,
  type ContributionFacts,
  contribution,
  sumOfParts,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import { expectedIncome } from '@tongchou/contracts/policy/dues/expected-income.ts'
import { dueDate, lateFee } from '@tongchou/contracts/policy/dues/late-fee.ts'
import { type BusinessDate, businessDate, yearOf } from '@tongchou/contracts/time.ts'
import { toCard } from '../../dues/account-money.ts'
import { riskReserve } from '../../dues/risk-reserve.ts'
import { penalty } from '../../fund/penalty.ts'
import { runway } from '../../fund/runway.ts'
import { clearBudget } from '../../fund/total-budget.ts'
import { breachesOf } from '../../guards/check.ts'
import type { NoPolicy } from '../../outcome.ts'
import type { Plan } from '../../plan/plan.ts'
import { PACK, planOf } from '../samples.ts'
import { assuming, planNamed } from './packs.ts'
import { flag, millionths, money, type Runner, text, type Vector } from './vector.ts'

const ON = businessDate('2018-06-01')

function done<T extends { readonly kind: string }>(answer: T | NoPolicy): T {
  assert.ok(!isNoPolicy(answer), isNoPolicy(answer) ? answer.path : '')
  return answer
}

function isNoPolicy(answer: { readonly kind: string }): answer is NoPolicy {
  return answer.kind === 'no-policy'
}

function asked(vector: Vector, changes: Partial<ContributionFacts> = {}): ContributionFacts {
  return {
    status: text(vector, 'status'),
    age: Number(text(vector, 'age')),
    year: yearOf(ON),
    averageWageFen: money(vector, 'averageWageFen'),
    wageFen: money(vector, 'wageFen'),
    attributes: { civilServant: flag(vector, 'civilServant') },
    ...changes,
  }
}

function owedBy(plan: Plan, facts: ContributionFacts): Contribution {
  return done(contribution(plan, facts))
}

function byPayer(owed: Contribution, payer: string): number {
  return fenToJson(sumOfParts(owed, part => part.payer === payer))
}

function total(owed: Contribution): number {
  return fenToJson(sumOfParts(owed, () => true))
}

const dues: Runner = vector => {
  const owed = owedBy(planNamed(vector.pack), asked(vector))
  const of = (wanted: Parameters<typeof sumOfParts>[1]) => fenToJson(sumOfParts(owed, wanted))
  return {
    baseFen: fenToJson(owed.baseFen),
    employerFen: of(({ id }) => id === 'employer'),
    personFen: of(({ id }) => id === 'person'),
    largeAmountFen: of(({ to }) => to === 'largeAmount'),
    largeAmountPayer: owed.parts.find(({ to }) => to === 'largeAmount')?.payer,
    accountCreditFen: of(({ to }) => to === 'account'),
    civilServantFundFen: of(({ to }) => to === 'civilServantFund'),
  }
}

const reserve: Runner = vector => {
  const { drawFen } = done(
    riskReserve(planNamed(vector.pack), {
      incomeFen: money(vector, 'incomeFen'),
      surplusFen: money(vector, 'surplusFen'),
      balanceFen: money(vector, 'balanceFen'),
    }),
  )
  return { drawFen: fenToJson(drawFen) }
}

function dateIn(vector: Vector, name: string): BusinessDate {
  return businessDate(text(vector, name))
}

/** The vector's due date must be the pack's own. */
const late: Runner = vector => {
  const plan = planNamed(vector.pack)
  const dueOn = dateIn(vector, 'dueDate')
  const facts = asked(vector, { year: yearOf(dueOn) })
  assert.equal(done(dueDate(plan, facts)).dueOn, dueOn)
  const noticeOn = dateIn(vector, 'noticeDelivered')
  const arrears = {
    amountFen: money(vector, 'amountFen'),
    noticeOn,
    paidOn: dateIn(vector, 'paid'),
  }
  const { days, feeFen } = done(lateFee(plan, facts, { ...arrears, dueOn }))
  return { days, feeFen: fenToJson(feeFen) }
}

const employeeMonth: Runner = vector => {
  const owed = owedBy(planNamed('P06-employee'), asked(vector))
  assert.equal(owed.per, 'month')
  const [employerFen, personFen] = [byPayer(owed, 'employer'), byPayer(owed, 'person')]
  return { employerFen, personFen, totalFen: total(owed) }
}

const reconcile: Runner = vector => {
  const { expectedFen, differenceFen } = done(
    expectedIncome(planNamed('P06-resident'), asked(vector), {
      members: Number(text(vector, 'members')),
      bookedFen: money(vector, 'bookedIncomeFen'),
    }),
  )
  return { expectedFen: fenToJson(expectedFen), differenceFen: fenToJson(differenceFen) }
}

const monthsOfFund: Runner = vector => {
  const { hundredths } = runway(planNamed(vector.pack), {
    on: ON,
    balanceFen: fen(millionths(vector, 'balance')),
    prepaidFen: fen(0),
    spentFen: fen(millionths(vector, 'monthlySpend')),
    months: 1,
  })
  assert.ok(hundredths !== null)
  return { months: hundredths / 100 }
}

/** The vector gives the year alone: its months are multiples of 10 fen, so that 90 % is exact. */
function monthsOf(actualFen: Fen): readonly Fen[] {
  const each = fen((actualFen / 120n) * 10n)
  return [...Array.from({ length: 11 }, () => each), fen(actualFen - each * 11n)]
}

const budget: Runner = vector => {
  const share = { fundBp: Number(text(vector, 'fundShareOfOverspendBp')) }
  const plan = assuming(vector.pack, { 'fund.totalBudget.overspendShare': share })
  const payer = text(vector, 'monthlyMode') === 'quotaTwelfth' ? 'region' : 'nanning'
  const cleared = done(
    clearBudget(plan, {
      year: yearOf(ON),
      quotaFen: money(vector, 'quotaFen'),
      actualFen: monthsOf(money(vector, 'actualFen')),
      attributes: { payer },
    }),
  )
  return {
    monthlyPaidFen: fenToJson(sum(...cleared.monthlyFen)),
    settledFen: fenToJson(cleared.settledFen),
    yearEndFen: fenToJson(cleared.yearEndFen),
    hospitalBearsFen: fenToJson(cleared.hospitalBearsFen),
  }
}

const FIGURE_OF = { fundRateAtLeast: 'fundBp', capAtLeast: 'capFen', rateChangeOnlyInDeficit: '' }

/** A city's pack with the rate and the cap of the vector, held to the floors. */
const floors: Runner = vector => {
  const guarding = planNamed(vector.pack)
  const scheme = text(vector, 'scheme') === 'resident' ? 'resident' : 'employee'
  const fundBp = Number(text(vector, 'fundBp'))
  const amount = vector.input['capFen']
  const cap = {
    kind: 'fundPayment',
    amount: typeof amount === 'number' ? { fen: amount, clause: 'C1' } : UNLIMITED,
    counts: ['paidInFen'],
  }
  const pooled = { id: 'pooled', payer: 'pooled', of: 'aboveDeductible', cap }
  const layers = [{ ...pooled, bands: [{ rate: { fundBp, clause: 'C1' } }] }]
  const inpatient = { covered: [], deductible: null, layers, account: null }
  const statuses = scheme === 'resident' ? ['adult', 'child'] : ['active', 'retired']
  const city = { ...PACK, scheme, statuses, benefits: { ...PACK.benefits, inpatient } }
  const kinds = breachesOf(guarding, planOf(city)).map(
    breach => guarding.guards.find(({ id }) => id === breach.guard)?.kind,
  )
  return { breaches: kinds.map(kind => (kind === undefined ? '' : FIGURE_OF[kind])) }
}
const UNLIMITED = { unlimited: true, clause: 'C1' }

const flexibleWorker: Runner = vector => {
  const wage = { averageMonthlyWageFen: money(vector, 'averageMonthlyWageFen') }
  const facts = asked(vector, { year: 2010, given: wage, attributes: { payerKind: 'individual' } })
  const owed = owedBy(planNamed(vector.pack), facts)
  assert.equal(owed.per, 'month')
  return { monthFen: total(owed) }
}

const subsidies: Runner = vector => {
  const facts = asked(vector, {
    given: { premiumFen: money(vector, 'premiumFen') },
    attributes: { category: text(vector, 'category') },
  })
  const owed = owedBy(planNamed(vector.pack), facts)
  return {
    centralFen: byPayer(owed, 'central'),
    provinceFen: byPayer(owed, 'province'),
    localFen: byPayer(owed, 'local'),
    familyFen: byPayer(owed, 'family'),
  }
}

const fraudPenalty: Runner = vector => {
  const found = done(penalty(planNamed('P03-employee'), money(vector, 'fraudFen'), ON))
  const { recoverFen, fineMinFen, fineMaxFen } = found
  return {
    recoverFen: fenToJson(recoverFen),
    fineMinFen: fenToJson(fineMinFen),
    fineMaxFen: fenToJson(fineMaxFen),
  }
}

const accountToCard: Runner = vector => {
  const creditFen = money(vector, 'monthCreditFen')
  const { cardFen, staysFen } = done(toCard(planNamed('P03-employee'), asked(vector), creditFen))
  assert.equal(minus(creditFen, cardFen), staysFen)
  return { toCardFen: fenToJson(cardFen), staysFen: fenToJson(staysFen) }
}

export const MONEY_RUNNERS: Readonly<Record<string, Runner>> = {
  contribution: dues,
  riskReserve: reserve,
  lateFee: late,
  cangnanEmployeeMonth: employeeMonth,
  cangnanReconcile: reconcile,
  runway: monthsOfFund,
  totalBudget: budget,
  floorCheck: floors,
  zhoushan2010: flexibleWorker,
  hljSubsidy: subsidies,
  fraudPenalty,
  accountToCard,
}

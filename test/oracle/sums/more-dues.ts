/** Premiums, subsidies and late fees of P05, P06, P11, P12 and P20. */

import { fen } from '@tongchou/contracts/money.ts'
import {
  type Contribution,
  type ContributionFacts,
  contribution,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import { expectedIncome } from '@tongchou/contracts/policy/dues/expected-income.ts'
import { dueDate, lateFee } from '@tongchou/contracts/policy/dues/late-fee.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Plan } from '../engine/engine.ts'
import * as dues from '../packs/dues.ts'
import type { Figures } from '../run/compare.ts'
import { plusDays } from '../words/days.ts'
import { ofPack, partOf } from './dues.ts'
import { big, NO_RULE, type Sum } from './sum.ts'

const PERSON: ContributionFacts = {
  status: 'active',
  age: 40,
  year: 2012,
  averageWageFen: fen(0n),
  wageFen: fen(0n),
  attributes: {},
}

/** What the engine says of a person, or that it refuses. */
function asked(
  plan: Plan,
  facts: Partial<ContributionFacts>,
  figures: (due: Contribution) => Figures,
): Figures {
  const due = contribution(plan, { ...PERSON, ...facts })
  return due.kind === 'contribution' ? figures(due) : NO_RULE
}

const P05_PREMIUM: Sum = {
  name: 'P05 contribution',
  sample: dice => ({
    status: dice.oneOf(['active', 'retired']),
    unit: dice.oneOf(['districtBudget', 'townshipBudget', 'other']),
    year: dice.between(2011, 2014),
  }),
  oracle: input => {
    const { status, unit, year } = input
    const { person, employer, district, township } = dues.p05Premium(String(status), String(unit))
    return { person, employer, district, township, due: dues.p05DueDate(Number(year)) }
  },
  engine: ofPack('P05', (plan, input) => {
    const status = String(input['status'])
    const attributes = { unit: String(input['unit']) }
    const facts = { ...PERSON, status, attributes, year: Number(input['year']) }
    const due = dueDate(plan, facts)
    return asked(plan, facts, parts => ({
      person: partOf(parts, { payer: 'person' }),
      employer: partOf(parts, { payer: 'employer' }),
      district: partOf(parts, { payer: 'district' }),
      township: partOf(parts, { payer: 'township' }),
      due: due.kind === 'due-date' ? due.dueOn : 'no rule',
    }))
  }),
}

const P05_LATE: Sum = {
  name: 'P05 late fee',
  sample: dice => {
    const due = plusDays('2012-01-31', dice.oneOf([0, 366, dice.between(0, 900)]))
    const noticeDelivered = plusDays(due, dice.between(-5, 60))
    const paid = plusDays(noticeDelivered, dice.oneOf([9, 10, 11, dice.between(-40, 400)]))
    return { amount: dice.amount(0n, 500_000_000n), due, noticeDelivered, paid }
  },
  oracle: input => {
    const { days, fee } = dues.p05LateFee(big(input, 'amount'), {
      due: String(input['due']),
      noticeDelivered: String(input['noticeDelivered']),
      paid: String(input['paid']),
    })
    return { days: BigInt(days), fee }
  },
  engine: ofPack('P05', (plan, input) => {
    const day = (name: string) => businessDate(String(input[name]))
    const late = lateFee(plan, PERSON, {
      amountFen: fen(big(input, 'amount')),
      dueOn: day('due'),
      noticeOn: day('noticeDelivered'),
      paidOn: day('paid'),
    })
    return late.kind === 'late-fee' ? { days: BigInt(late.days), fee: late.feeFen } : NO_RULE
  }),
}

const P06_MONTH: Sum = {
  name: 'P06 contribution',
  sample: dice => ({ status: dice.oneOf(['active', 'retired']) }),
  oracle: dues.p06EmployeeMonth,
  engine: ofPack('P06-employee', (plan, input) =>
    asked(plan, { status: String(input['status']) }, due => ({
      employer: partOf(due, { payer: 'employer' }),
      person: partOf(due, { payer: 'person' }),
      total: partOf(due, {}),
    })),
  ),
}

const P06_INCOME: Sum = {
  name: 'P06 expected income',
  sample: dice => ({
    members: BigInt(dice.between(0, 2_000_000)),
    booked: dice.amount(0n, 200_000_000_000n),
  }),
  oracle: input => ({ ...dues.p06Reconcile(big(input, 'members'), big(input, 'booked')) }),
  engine: ofPack('P06-resident', (plan, input) => {
    const income = expectedIncome(
      plan,
      { ...PERSON, status: 'adult' },
      { members: Number(input['members']), bookedFen: fen(big(input, 'booked')) },
    )
    if (income.kind !== 'expected-income') return NO_RULE
    return { expected: income.expectedFen, difference: income.differenceFen }
  }),
}

const P11: Sum = {
  name: 'P11 contribution',
  sample: dice => ({
    wage: dice.amount(0n, 5_000_000n),
    payerKind: dice.oneOf(['employer', 'individual']),
    on: dice.oneOf(['2009-12-31', '2010-01-01', '2011-06-01']),
  }),
  oracle: input => {
    // R03: which base held before 2010 is not given.
    if (String(input['on']) < '2010-01-01') return NO_RULE
    const month = dues.p11Month(big(input, 'wage'))
    const isEmployer = input['payerKind'] === 'employer'
    return { employer: isEmployer ? month : 0n, person: isEmployer ? 0n : month }
  },
  engine: ofPack('P11', (plan, input) => {
    const on = businessDate(String(input['on']))
    const facts = {
      on,
      year: Number(on.slice(0, 4)),
      given: { averageMonthlyWageFen: fen(big(input, 'wage')) },
      attributes: { payerKind: String(input['payerKind']) },
    }
    return asked(plan, facts, due => ({
      employer: partOf(due, { payer: 'employer' }),
      person: partOf(due, { payer: 'person' }),
    }))
  }),
}

const P12: Sum = {
  name: 'P12 contribution',
  sample: dice => ({ district: dice.oneOf(['qinghe', 'qingpu', 'economicZone', 'other']) }),
  // R02, R03: of other districts only a least amount is given.
  oracle: input => (input['district'] === 'other' ? NO_RULE : { premium: 20_000n }),
  engine: ofPack('P12', (plan, input) =>
    asked(plan, { status: 'adult', attributes: { district: String(input['district']) } }, due => ({
      premium: partOf(due, {}),
    })),
  ),
}

const P20: Sum = {
  name: 'P20 subsidies',
  sample: dice => ({
    category: dice.oneOf(['general', 'poorOrDisabledChild', 'hardAdult', 'otherAllowance']),
    // Below this the central and provincial parts of R07 alone exceed the 80 %: nothing is said.
    premium: dice.amount(12_500n, 100_000n),
  }),
  oracle: input => dues.p20Subsidy(String(input['category']), big(input, 'premium')),
  engine: ofPack('P20', (plan, input) => {
    const facts = {
      status: 'adult',
      given: { premiumFen: fen(big(input, 'premium')) },
      attributes: { category: String(input['category']) },
    }
    return asked(plan, facts, due => ({
      central: partOf(due, { payer: 'central' }),
      province: partOf(due, { payer: 'province' }),
      local: partOf(due, { payer: 'local' }),
      family: partOf(due, { payer: 'family' }),
    }))
  }),
}

export const MORE_DUES: readonly Sum[] = [
  P05_PREMIUM,
  P05_LATE,
  P06_MONTH,
  P06_INCOME,
  P11,
  P12,
  P20,
]

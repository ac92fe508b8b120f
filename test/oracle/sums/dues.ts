/** Premiums and reserves of random persons and funds. */

import { riskReserve } from '@tongchou/claims/policy/dues/risk-reserve.ts'
import type { NoPolicy } from '@tongchou/claims/policy/outcome.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { type Contribution, contribution } from '@tongchou/contracts/policy/dues/contribution.ts'
import { packPlan } from '../engine/documents.ts'
import type { Plan } from '../engine/engine.ts'
import * as dues from '../packs/dues.ts'
import * as funds from '../packs/funds.ts'
import type { Dice } from '../random/dice.ts'
import type { Figures } from '../run/compare.ts'
import { big, type Input, NO_RULE, type Sum } from './sum.ts'

/** The engine's side of a pack, or a text where there is no such pack. */
export function ofPack(name: string, engine: (plan: Plan, input: Input) => Figures): Sum['engine'] {
  const plan = packPlan(name)
  return typeof plan === 'string' ? plan : input => engine(plan, input)
}

function partsOf(result: Contribution | NoPolicy): Contribution | null {
  return result.kind === 'contribution' ? result : null
}

/** Sum of the parts that one pays, or that go to one place. */
export function partOf(
  { parts }: Contribution,
  of: { readonly payer?: string; readonly to?: string },
): bigint {
  return parts
    .filter(part => of.payer === undefined || part.payer === of.payer)
    .filter(part => of.to === undefined || part.to === of.to)
    .reduce((sum, part) => sum + part.amountFen, 0n)
}

/** Wages at, beside and far from floor and ceiling. */
function wage(dice: Dice, average: bigint): bigint {
  const edge = dice.oneOf([(average * 6n) / 10n, average * 3n]) + BigInt(dice.between(-2, 2))
  return dice.chance(0.5) && edge > 0n ? edge : dice.amount(0n, 100_000_000n)
}

const P01: Sum = {
  name: 'P01 contribution',
  sample: dice => {
    const averageWage = dice.amount(100_000n, 20_000_000n)
    return {
      status: dice.oneOf(['active', 'active', 'retired']),
      age: dice.oneOf([35, 36, 45, 46, dice.between(16, 90)]),
      civilServant: dice.chance(0.4),
      averageWage,
      wage: wage(dice, averageWage),
    }
  },
  oracle: input => {
    const status = input['status'] === 'retired' ? 'retired' : 'active'
    const civilServant = input['civilServant'] === true
    // Their 4 % and 5 % are of the pension, which nobody tells.
    if (status === 'retired' && civilServant) return NO_RULE
    const averageWage = big(input, 'averageWage')
    const person = { status, civilServant, age: Number(input['age']), averageWage } as const
    const due = dues.p01({ ...person, wage: big(input, 'wage') })
    return {
      base: due.base,
      toLargeAmount: due.largeAmount,
      byPerson: due.ofPerson + (due.largeAmountPayer === 'person' ? due.largeAmount : 0n),
      employerToBasic: due.employer,
      toAccount: due.accountCredit,
      toCivilServantFund: due.civilServantFund,
    }
  },
  engine: ofPack('P01', (plan, input) => {
    const due = partsOf(
      contribution(plan, {
        status: String(input['status']),
        age: Number(input['age']),
        year: 2025,
        averageWageFen: fen(big(input, 'averageWage')),
        wageFen: fen(big(input, 'wage')),
        attributes: { civilServant: input['civilServant'] === true },
      }),
    )
    if (due === null) return NO_RULE
    return {
      base: due.baseFen,
      toLargeAmount: partOf(due, { to: 'largeAmount' }),
      byPerson: partOf(due, { payer: 'person' }),
      employerToBasic: partOf(due, { payer: 'employer', to: 'basic' }),
      toAccount: partOf(due, { to: 'account' }),
      toCivilServantFund: partOf(due, { to: 'civilServantFund' }),
    }
  }),
}

const P04: Sum = {
  name: 'P04 contribution',
  sample: dice => ({
    category: dice.oneOf(Object.keys(dues.P04_2008)),
    year: dice.oneOf([2008, 2008, 2009, 2010]),
    largeAmountPremium: dice.chance(0.5),
  }),
  oracle: input => {
    const category = String(input['category'])
    // Reading 7: how 2009 is split is not given; no later year is spoken of.
    const parts = input['year'] === 2008 ? dues.P04_2008[category] : undefined
    if (parts === undefined) return NO_RULE
    const [central, province, county, person] = parts
    const wants = input['largeAmountPremium'] === true && !isChild(category)
    const large = wants ? dues.P04_LARGE_AMOUNT : 0n
    return { central, province, county, person, large }
  },
  engine: ofPack('P04', (plan, input) => {
    const category = String(input['category'])
    const due = partsOf(
      contribution(plan, {
        status: isChild(category) ? 'child' : 'adult',
        age: 40,
        year: Number(input['year']),
        averageWageFen: fen(0n),
        wageFen: fen(0n),
        attributes: { category, largeAmountPremium: input['largeAmountPremium'] === true },
      }),
    )
    if (due === null) return NO_RULE
    return {
      central: partOf(due, { payer: 'central' }),
      province: partOf(due, { payer: 'province' }),
      county: partOf(due, { payer: 'county' }),
      person: partOf(due, { payer: 'person', to: 'pooled' }),
      large: partOf(due, { to: 'largeAmount' }),
    }
  }),
}

function isChild(category: string): boolean {
  return category === 'child' || category === 'poorOrDisabledChild'
}

const RESERVE: Sum = {
  name: 'P04 risk reserve',
  sample: dice => {
    const income = dice.amount(0n, 1_000_000_000_000n)
    const near = (tenths: bigint) => (income * tenths) / 100n + BigInt(dice.between(-2, 2))
    const positive = (amount: bigint) => (amount < 0n ? 0n : amount)
    return {
      income,
      surplus: dice.oneOf([positive(near(5n)), dice.amount(0n, 100_000_000_000n)]),
      balance: dice.oneOf([0n, positive(near(10n)), positive(near(15n)), positive(near(30n))]),
      deficit: dice.chance(0.1),
    }
  },
  oracle: input => ({
    draw: funds.riskReserve(big(input, 'income'), surplusOf(input), big(input, 'balance')),
  }),
  engine: ofPack('P04', (plan, input) => {
    const result = riskReserve(plan, {
      incomeFen: fen(big(input, 'income')),
      surplusFen: fen(surplusOf(input)),
      balanceFen: fen(big(input, 'balance')),
    })
    return result.kind === 'risk-reserve' ? { draw: result.drawFen } : NO_RULE
  }),
}

function surplusOf(input: Input): bigint {
  const surplus = big(input, 'surplus')
  return input['deficit'] === true ? -surplus : surplus
}

export const DUES: readonly Sum[] = [P01, P04, RESERVE]

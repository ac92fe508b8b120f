/**
 * Premiums of which the words give a part only: the pack as it is, and one of an area that supplies
 * what is not said.
 */

import { fen } from '@tongchou/contracts/money.ts'
import {
  type Contribution,
  type ContributionFacts,
  contribution,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import { documentsOf, PACKS } from '../engine/documents.ts'
import { type Plan, planWith } from '../engine/engine.ts'
import * as dues from '../packs/dues.ts'
import type { Figures } from '../run/compare.ts'
import { ofPack, partOf } from './dues.ts'
import { type Input, NO_RULE, type Sum } from './sum.ts'

const cited = { clause: 'E1' } as const
/** Of an area: nobody's. */
const AREA = { finance: 52_001n, person: 7_003n, employer: 310_007n } as const

function premium(plan: Plan, input: Input): Figures {
  const facts: ContributionFacts = {
    status: String(input['status']),
    age: 40,
    year: 2017,
    averageWageFen: fen(0n),
    wageFen: fen(0n),
    attributes: {
      ...(typeof input['category'] === 'string' ? { category: input['category'] } : {}),
      ...(typeof input['soldier'] === 'boolean' ? { disabledSoldier: input['soldier'] } : {}),
    },
  }
  const due = contribution(plan, facts)
  return due.kind === 'contribution' ? partsOf(due) : NO_RULE
}

function partsOf(due: Contribution): Figures {
  return {
    person: partOf(due, { payer: 'person' }),
    finance: partOf(due, { payer: 'finance' }),
    employer: partOf(due, { payer: 'employer' }),
    all: partOf(due, {}),
  }
}

type Parts = { readonly person?: bigint; readonly finance?: bigint; readonly employer?: bigint }

function figures({ person = 0n, finance = 0n, employer = 0n }: Parts): Figures {
  return { person, finance, employer, all: person + finance + employer }
}

type Area = {
  readonly pack: string
  readonly set: Readonly<Record<string, unknown>>
  readonly sample: Sum['sample']
  readonly oracle: (input: Input) => Figures
}

/** As the pack is, nothing can be asked for; with an area's figures, what the words then give. */
function both({ pack, set, sample, oracle }: Area): readonly Sum[] {
  const plan = planWith(documentsOf(PACKS).get(pack), set)
  return [
    { name: `${pack} premium`, sample, oracle: () => NO_RULE, engine: ofPack(pack, premium) },
    {
      name: `${pack} premium with figures of an area`,
      sample,
      oracle,
      engine: typeof plan === 'string' ? plan : input => premium(plan, input),
    },
  ]
}

const RESIDENT: Area = {
  pack: 'P03-resident',
  set: { 'contribution.dues.1.amount': { fen: Number(AREA.finance), ...cited } },
  sample: dice => ({
    status: dice.oneOf(['adult', 'child']),
    category: dice.oneOf([...dues.P03_FREE, 'general', null]),
  }),
  oracle: ({ category }) =>
    dues.P03_FREE.includes(String(category)) ? figures({ finance: AREA.finance }) : NO_RULE,
}

/** R15: disabled soldiers pay nothing, whoever employs them pays. */
const EMPLOYEE: Area = {
  pack: 'P03-employee',
  set: { 'contribution.dues.1.amount': { fen: Number(AREA.employer), ...cited } },
  sample: dice => ({
    status: dice.oneOf(['active', 'retired']),
    soldier: dice.oneOf([true, false]),
  }),
  oracle: ({ soldier }) => (soldier === true ? figures({ employer: AREA.employer }) : NO_RULE),
}

const SHIYAN: Area = {
  pack: 'P19',
  set: { 'contribution.dues.1.amount': { fen: Number(AREA.person), ...cited } },
  sample: dice => ({ status: dice.oneOf(['active', 'retired', 'adult', 'child']) }),
  oracle: ({ status }) =>
    status === 'adult' || status === 'child'
      ? figures({ person: AREA.person, finance: dues.P19_SUBSIDY })
      : NO_RULE,
}

export const PREMIUMS: readonly Sum[] = [RESIDENT, EMPLOYEE, SHIYAN].flatMap(both)

/** What policies ask of other packs, and for what they open the personal account. */
import { accountMayPay } from '@tongchou/claims/policy/dues/account-money.ts'
import { breachesOf } from '@tongchou/claims/policy/guards/check.ts'
import { ACCOUNT_PURPOSES } from '@tongchou/contracts/policy/language.ts'
import { documentsOf, TABLES } from '../engine/documents.ts'
import { type Plan, planOf } from '../engine/engine.ts'
import * as funds from '../packs/funds.ts'
import { ofPack } from './dues.ts'
import { type Input, NO_RULE, type Sum } from './sum.ts'

const RATES = [4999, 5000, 5499, 5500, 7999, 8000]

/** On tables with one rate and one cap. */
function floors(
  pack: string,
  breaches: (scheme: string, fundBp: number, cap: bigint | null) => readonly string[],
): Sum {
  return {
    name: `${pack} floors`,
    share: 100,
    sample: dice => ({
      scheme: dice.oneOf(['employee', 'resident']),
      fundBp: dice.oneOf([...RATES, dice.between(0, 10_000)]),
      cap: dice.chance(0.2)
        ? null
        : dice.oneOf([5_999_999n, 6_000_000n, 9_999_999n, 10_000_000n, dice.amount(0n, 10n ** 8n)]),
    }),
    oracle: input => {
      const cap = typeof input['cap'] === 'bigint' ? input['cap'] : null
      const found = breaches(String(input['scheme']), Number(input['fundBp']), cap)
      return { breaches: found.join(' ') }
    },
    engine: ofPack(pack, (guarding, input) => ({ breaches: breachesIn(guarding, input) })),
  }
}

function breachesIn(guarding: Plan, input: Input): string {
  const plan = planOf(tableWith(input))
  if (typeof plan === 'string') return plan
  const kinds = breachesOf(guarding, plan).map(({ guard }) =>
    guard.endsWith('Rate') ? 'fundBp' : 'capFen',
  )
  return [...new Set(kinds)].sort().reverse().join(' ')
}

function tableWith({ scheme, fundBp, cap }: Input): unknown {
  const table = structuredClone(documentsOf(TABLES).get(`110100-${scheme}`)) as {
    inpatient: { fundBp: Record<string, Record<string, number>>; capFen: number | null }
  }
  for (const byLevel of Object.values(table.inpatient.fundBp)) {
    for (const level of Object.keys(byLevel)) byLevel[level] = Number(fundBp)
  }
  table.inpatient.capFen = typeof cap === 'bigint' ? Number(cap) : null
  return table
}

function account(pack: string, may: readonly string[]): Sum {
  return {
    name: `${pack} account may pay`,
    sample: dice => ({
      purpose: dice.oneOf(ACCOUNT_PURPOSES),
      status: dice.oneOf(['active', 'retired', 'adult']),
      year: dice.between(2006, 2026),
    }),
    oracle: ({ purpose }) => (may.includes(String(purpose)) ? { may: 'true' } : NO_RULE),
    engine: ofPack(pack, (plan, input) => {
      const asked = { status: String(input['status']), age: 40, year: Number(input['year']) }
      const purpose = ACCOUNT_PURPOSES.find(each => each === input['purpose'])
      if (purpose === undefined) return NO_RULE
      const told = accountMayPay(plan, { ...asked, attributes: {} }, purpose)
      return told.kind === 'may-pay' ? { may: String(told.may) } : NO_RULE
    }),
  }
}

export const PERMITS: readonly Sum[] = [
  floors('P10', funds.floorBreaches),
  floors('P20', funds.p20FloorBreaches),
  ...Object.entries(funds.ACCOUNT_MAY_PAY).map(([pack, may]) => account(pack, may)),
]

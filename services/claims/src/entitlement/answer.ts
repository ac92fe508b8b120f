/** The entitlement of a person on a day as JSON. */
import type { EntitlementJson } from '@tongchou/contracts/http/account.ts'
import { type Fen, fenToJson } from '@tongchou/contracts/money.ts'
import { type BusinessDate, yearOf } from '@tongchou/contracts/time.ts'
import { totalsFor } from '../account/adjudicated.ts'
import { amountsJson } from '../account/answer.ts'
import { type AccountState, type Entry, type Insured, yearAt } from '../account/state.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { totalsToMap } from '../policy/totals.ts'
import { type BenefitLeft, leftUnder } from './left.ts'

/** More claims than all but a few people have in a year. */
const CLAIMS_SHOWN = 200

export type Entitled = {
  readonly state: AccountState
  readonly on: BusinessDate
  /** Null when nobody told where the person is insured. */
  readonly insured: Insured | null
  /** The pack in force there; undefined when there is none. */
  readonly plan: Plan | undefined
}

/** Without a pack or a status only what was used is told. */
export function entitlementJson(entitled: Entitled): Omit<EntitlementJson, 'personId'> {
  const { state, on, insured, plan } = entitled
  const year = yearOf(on)
  const { totals, entries } = yearAt(state, year)
  const used = entries.filter(({ effect }) => effect !== null)
  return {
    on,
    year,
    accountFen: fenToJson(state.balanceFen),
    totals: amountsJson(totalsToMap(totals)),
    insured,
    policy: plan === undefined ? null : policyJson(plan),
    benefits: leftFor(entitled).map(benefitJson),
    claims: used.slice(-CLAIMS_SHOWN).toReversed().map(claimJson),
    claimsOfYear: used.length,
  }
}

function leftFor({ state, on, insured, plan }: Entitled): readonly BenefitLeft[] {
  if (plan === undefined || insured === null || insured.status === null) return []
  const { regionCode: region, status } = insured
  const { totals } = yearAt(state, yearOf(on))
  return leftUnder(plan, totalsFor(totals, state.balanceFen), { region, status, on })
}

function policyJson({ hash, name, effectiveFrom }: Plan): EntitlementJson['policy'] {
  return { packHash: hash, name, effectiveFrom }
}

function benefitJson(left: BenefitLeft): EntitlementJson['benefits'][number] {
  const { kind, levels, deductibleLeftFen, layers, cannotCompute } = left
  return {
    kind,
    levels: [...levels],
    deductibleLeftFen: orNull(deductibleLeftFen),
    layers: layers.map(({ layer, payer, capFen, usedFen, leftFen }) => ({
      layer,
      payer,
      capFen: orNull(capFen),
      usedFen: orNull(usedFen),
      leftFen: orNull(leftFen),
    })),
    cannotCompute,
  }
}

function orNull(amount: Fen | null): number | null {
  return amount === null ? null : fenToJson(amount)
}

function claimJson({ claimId, effect, accountFen }: Entry): EntitlementJson['claims'][number] {
  return { claimId, accountFen: fenToJson(accountFen), effect: amountsJson(effect ?? {}) }
}

/** Which claims a plan is meant for at all. */
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { BenefitFacts } from '../facts.ts'
import type { NoPolicy } from '../outcome.ts'
import type { Plan } from './plan.ts'

/** A plan computes only claims of its own scheme and region that end while it is in force. */
export function misfitOf(plan: Plan, facts: BenefitFacts): NoPolicy | null {
  if (plan.scheme !== facts.scheme) return misfit(plan, 'other-scheme', 'scheme')
  if (plan.region !== null && plan.region !== facts.insuredRegion) {
    return misfit(plan, 'other-region', 'region')
  }
  const { effectiveFrom, effectiveTo } = plan
  const early = effectiveFrom !== null && facts.endOn < effectiveFrom
  const late = effectiveTo !== null && facts.endOn > effectiveTo
  return early || late
    ? misfit(plan, 'not-in-force', early ? 'effectiveFrom' : 'effectiveTo')
    : null
}

const MISFITS: Readonly<Record<Exclude<NoPolicy['because'], 'unknown'>, Text>> = {
  'other-scheme': { en: 'the policy is of another scheme', zh: '该政策属于其他险种' },
  'other-region': { en: 'the policy is of another region', zh: '该政策属于其他统筹区' },
  'not-in-force': {
    en: 'the policy is not in force on the end date of the claim',
    zh: '费用结束之日该政策未生效或已失效',
  },
}

function misfit(
  { packId }: Plan,
  because: Exclude<NoPolicy['because'], 'unknown'>,
  path: string,
): NoPolicy {
  return { kind: 'no-policy', because, packId, path, missing: MISFITS[because], sources: [] }
}

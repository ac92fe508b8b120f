/** One line about a pack: what of it can be computed. For the page of the packs and its test. */
import { KINDS } from '../facts.ts'
import type { Plan } from '../plan/plan.ts'

/** As a row of the table in contracts/policies/README.md; `–` where the pack has nothing. */
export function packRow(plan: Plan, vectors: number): string {
  const { packId, name, scheme, guards, fund, personalAccount } = plan
  const claims = KINDS.filter(kind => plan.benefits[kind].kind === 'benefit')
  const money = [
    plan.contribution === null ? [] : ['contribution'],
    plan.chronicOthers === null ? [] : ['chronicLimit'],
    personalAccount === null ? [] : ['personalAccount'],
    plan.riskReserve === null ? [] : ['riskReserve'],
    fund.runway === null ? [] : ['runway'],
    fund.totalBudget === null ? [] : ['totalBudget'],
    fund.penalty === null ? [] : ['penalty'],
    guards.length === 0 ? [] : ['guards'],
  ].flat()
  const cells = [
    packId,
    `${name.zh} ${name.en}`,
    scheme ?? '–',
    claims.join(' ') || '–',
    money.join(' ') || '–',
    vectors === 0 ? '–' : String(vectors),
  ]
  return `| ${cells.join(' | ')} |`
}

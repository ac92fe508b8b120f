/** What becomes of the money of a personal account (个人账户) beyond claims. */
import { type Fen, minus } from '@tongchou/contracts/money.ts'
import {
  type ContributionFacts,
  noDues,
  refusal,
  ruleFacts,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import type { AccountPurpose } from '@tongchou/contracts/policy/language.ts'
import { resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import { fundShare } from '../layers/tiers.ts'
import type { NoPolicy } from '../outcome.ts'
import type { Plan, Rule } from '../plan/plan.ts'

type Asked = Pick<ContributionFacts, 'status' | 'age' | 'year' | 'on' | 'attributes'>

type Told<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly no: NoPolicy }

function told<T>(
  plan: Plan,
  rule: Rule<T> | null | undefined,
  path: string,
  asked: Asked,
): Told<T> {
  if (rule === null || rule === undefined) return { ok: false, no: noDues(plan, path) }
  const leaf = resolve(rule, ruleFacts(asked))
  if (leaf.value === null) return { ok: false, no: refusal(plan, leaf) }
  return { ok: true, value: leaf.value }
}

/** A month's credit: what goes to the card's own bank account, what stays. @source P03-R27 */
export function toCard(
  plan: Plan,
  asked: Asked,
  creditFen: Fen,
): { readonly kind: 'to-card'; readonly cardFen: Fen; readonly staysFen: Fen } | NoPolicy {
  const found = told(plan, plan.personalAccount?.toCard, 'personalAccount.toCard', asked)
  if (!found.ok) return found.no
  const cardFen = fundShare(creditFen, found.value)
  return { kind: 'to-card', cardFen, staysFen: minus(creditFen, cardFen) }
}

/** Whether the account may pay for it. @source P01-R20, R21; P03-R28; P04-R29; P10-R07 to R09 */
export function accountMayPay(
  plan: Plan,
  asked: Asked,
  purpose: AccountPurpose,
): { readonly kind: 'may-pay'; readonly may: boolean } | NoPolicy {
  const rule = plan.personalAccount?.mayPay.get(purpose)
  const found = told(plan, rule, `personalAccount.mayPay.${purpose}`, asked)
  return found.ok ? { kind: 'may-pay', may: found.value } : found.no
}

/** Whether the whole balance may be drawn after so much inpatient cost. @source P03-R29 */
export function mayWithdraw(
  plan: Plan,
  asked: Asked,
  inpatientCostFen: Fen,
): { readonly kind: 'may-withdraw'; readonly may: boolean } | NoPolicy {
  const rule = plan.personalAccount?.withdrawalFrom
  const found = told(plan, rule, 'personalAccount.withdrawalFrom', asked)
  return found.ok ? { kind: 'may-withdraw', may: inpatientCostFen >= found.value } : found.no
}

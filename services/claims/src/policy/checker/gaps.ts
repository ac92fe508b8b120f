/** What a policy refuses to compute at home, one finding for each reason. */
import type { Text } from '@tongchou/contracts/policy-document.ts'
import { type ComputesGap, computes, gapsOf } from '../computes.ts'
import { LEVELS } from '../facts.ts'
import type { Plan } from '../plan/plan.ts'
import type { Finding } from './check-policy.ts'

const REMEDY: Text = {
  en: 'give the figure with its source; until then such claims are refused as no-policy',
  zh: '补充数字及来源；此前此类费用以 no-policy 拒绝',
}

export function gapFindings(plan: Plan): readonly Finding[] {
  const byReason = new Map<string, ComputesGap[]>()
  for (const gap of gapsOf(plan)) {
    const key = `${gap.kind} ${gap.reason}`
    byReason.set(key, [...(byReason.get(key) ?? []), gap])
  }
  return [...byReason.values()].flatMap(same => {
    const [first] = same
    return first === undefined ? [] : [findingOf(plan, first, same)]
  })
}

function findingOf(plan: Plan, first: ComputesGap, same: readonly ComputesGap[]): Finding {
  const who = same.map(({ status, level }) => `${status}/${level}`).join(', ')
  const { en, zh } = reasonOf(plan, first)
  return {
    level: 'note',
    rule: 'cannot-compute',
    path: `benefits.${first.kind}`,
    found: who === '*/*' ? '' : who,
    says: { en: `missing: ${en}`, zh: `缺：${zh}` },
    todo: REMEDY,
  }
}

/** The reason in both languages; a gap names only the English one. */
function reasonOf(plan: Plan, { kind, status, level, reason }: ComputesGap): Text {
  const known = LEVELS.find(name => name === level) ?? null
  const answer = computes(plan, kind, { status, level: known })
  return answer === true ? { en: reason, zh: reason } : answer.missing
}

/**
 * Asks a plan about plain claims at home and elsewhere, and says where the answers are the wrong
 * way round: what a slip in a table looks like although every figure is possible.
 */
import { fen } from '@tongchou/contracts/money.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import { type BusinessDate, businessDate } from '@tongchou/contracts/time.ts'
import { adjudicate } from '../adjudicate.ts'
import { type BenefitFacts, type Filing, LEVELS, type Level } from '../facts.ts'
import type { BenefitOutcome } from '../outcome.ts'
import type { Plan } from '../plan/plan.ts'
import { EMPTY_YEAR, totalsOf } from '../totals.ts'
import type { Finding } from './check-policy.ts'
import { WORDING } from './city/wording.ts'

const KINDS = ['inpatient', 'outpatient'] as const
type Kind = (typeof KINDS)[number]
type Status = string

/** Of all in scope, and more than any deductible: 10,000 yuan. */
const AMOUNT = fen(1_000_000)
const NOTHING = fen(0)

const CORRECT: Text = {
  en: 'correct the figure, or nothing if the source says so',
  zh: '更正数字；来源确如此则无须处理',
}
const RULES = {
  'rate-rises-with-level': WORDING['rate-rises-with-level'].says,
  'deductible-falls-with-level': WORDING['deductible-falls-with-level'].says,
  'retired-worse-than-active': {
    en: 'retired persons are paid less than active ones',
    zh: '退休人员待遇低于在职',
  },
  'better-without-filing': {
    en: 'a claim elsewhere is paid better with a weaker filing',
    zh: '备案情形较弱时异地支付反而更高',
  },
} as const satisfies Record<string, Text>

/** One finding for each pair of answers that is the wrong way round. */
export function probe(plan: Plan): readonly Finding[] {
  if (plan.scheme === null) return []
  return KINDS.flatMap(kind => [
    ...plan.statuses.flatMap(status => byLevel(plan, kind, status)),
    ...(plan.scheme === 'employee' ? byStatus(plan, kind) : []),
    ...byFiling(plan, kind),
  ])
}

type Answer = Pick<BenefitOutcome, 'fundBp' | 'deductibleFen'>

function byLevel(plan: Plan, kind: Kind, status: Status): readonly Finding[] {
  const answers = LEVELS.flatMap(level => {
    const answer = ask(plan, { kind, status, level })
    return answer === null || answer.fundBp === 0 ? [] : [{ level, ...answer }]
  })
  return answers.slice(1).flatMap((answer, index) => {
    const before = answers[index]
    if (before === undefined) return []
    const where = `${status} ${before.level} → ${answer.level}`
    return [
      ...found('rate-rises-with-level', kind, answer.fundBp > before.fundBp, {
        where,
        figures: [before.fundBp, answer.fundBp],
      }),
      ...found('deductible-falls-with-level', kind, answer.deductibleFen < before.deductibleFen, {
        where,
        figures: [before.deductibleFen, answer.deductibleFen],
      }),
    ]
  })
}

function byStatus(plan: Plan, kind: Kind): readonly Finding[] {
  return LEVELS.flatMap(level => {
    const active = ask(plan, { kind, status: 'active', level })
    const retired = ask(plan, { kind, status: 'retired', level })
    if (active === null || retired === null) return []
    const worse = retired.fundBp < active.fundBp || retired.deductibleFen > active.deductibleFen
    return found('retired-worse-than-active', kind, worse, {
      where: level,
      figures: [active.fundBp, retired.fundBp, active.deductibleFen, retired.deductibleFen],
    })
  })
}

type Elsewhere = { readonly name: string; readonly kinds: readonly Filing['kind'][] }
const FILINGS: readonly (Elsewhere & { readonly emergency: boolean })[] = [
  { name: 'longTerm', kinds: ['longTermResidence'], emergency: false },
  { name: 'transfer', kinds: ['referral'], emergency: false },
  { name: 'unfiledEmergency', kinds: [], emergency: true },
  { name: 'unfiled', kinds: [], emergency: false },
]

function byFiling(plan: Plan, kind: Kind): readonly Finding[] {
  const [status = ''] = plan.statuses
  const answers = FILINGS.flatMap(({ name, kinds, emergency }) => {
    const answer = ask(plan, { kind, status, level: 'tier3', kinds, emergency })
    return answer === null ? [] : [{ name, ...answer }]
  })
  return answers.slice(1).flatMap((answer, index) => {
    const before = answers[index]
    if (before === undefined) return []
    return found('better-without-filing', kind, answer.fundBp > before.fundBp, {
      where: `${before.name} → ${answer.name}`,
      figures: [before.fundBp, answer.fundBp],
    })
  })
}

function found(
  rule: keyof typeof RULES,
  kind: Kind,
  wrong: boolean,
  { where, figures }: { readonly where: string; readonly figures: readonly (number | bigint)[] },
): readonly Finding[] {
  if (!wrong) return []
  const text = `${where}: ${figures.join(', ')}`
  const path = `benefits.${kind}`
  return [{ level: 'warning', rule, path, found: text, says: RULES[rule], todo: CORRECT }]
}

type Asked = {
  readonly kind: Kind
  readonly status: Status
  readonly level: Level
  /** Of filings for another region; absent: treated at home. */
  readonly kinds?: readonly Filing['kind'][]
  readonly emergency?: boolean
}

/** Null where the plan computes no such claim. */
function ask(plan: Plan, { kind, status, level, kinds, emergency = false }: Asked): Answer | null {
  const home = plan.region ?? HOME
  const on = dayIn(plan)
  const facts: BenefitFacts = {
    ...{ kind, level, status, emergency, insuredRegion: home },
    treatingRegion: kinds === undefined ? home : ELSEWHERE,
    scheme: plan.scheme ?? 'employee',
    ...{ ageOnYearStart: 45, beginOn: on, endOn: on },
    filings: (kinds ?? []).map(each => ({ kind: each, filedOn: on, validFrom: on, validTo: null })),
    ...{ fullSelfFen: NOTHING, overLimitFen: NOTHING, firstShareFen: NOTHING },
    ...{ inScopeFen: AMOUNT, totalFen: AMOUNT, useAccount: false, attributes: {} },
  }
  const outcome = adjudicate(plan, facts, totalsOf(EMPTY_YEAR, NOTHING))
  return outcome.kind === 'adjudicated' ? outcome : null
}

const HOME = '100000'
/** No region of its own, so that no pack holds it for filed. */
const ELSEWHERE = '999999'

function dayIn({ effectiveFrom, effectiveTo }: Plan): BusinessDate {
  return effectiveFrom ?? effectiveTo ?? businessDate('2026-01-01')
}

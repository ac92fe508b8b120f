/** What a policy says that a person owes for a period, as a bill holds it. */
import type { BillIssued, BillLine, LateFeeTerms } from '@tongchou/contracts/events.generated.ts'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import {
  type ContributionFacts,
  contribution,
  type DuePart,
} from '@tongchou/contracts/policy/dues/contribution.ts'
import { dueDate, lateFeeRule } from '@tongchou/contracts/policy/dues/late-fee.ts'
import { payerKind } from '@tongchou/contracts/policy/dues/payers.ts'
import { type BusinessDate, businessDate, yearOf } from '@tongchou/contracts/time.ts'
import type { DuesPack } from '../pack/shelf.ts'
import type { BillAsked } from './commands.ts'
import { isFunded } from './payment/split.ts'

/** In the order in which they are checked. */
export type AssessRefusal =
  /** `path` names the place in the policy that would have to say it. */
  | {
      readonly kind: 'no-policy'
      readonly packId: string | null
      readonly path: string
      readonly reason: string
      readonly reasonZh: string
      readonly clauses: readonly string[]
    }
  /** The policy bills by the other one. */
  | { readonly kind: 'wrong-period'; readonly field: 'period'; readonly per: 'month' | 'year' }
  | { readonly kind: 'due-date-contradicts'; readonly field: 'dueOn'; readonly dueOn: BusinessDate }
  /** More would be credited to the account than is paid into the fund that bears it. */
  | { readonly kind: 'credit-not-funded'; readonly part: string }

export type Assessment = Pick<
  BillIssued,
  'packHash' | 'packId' | 'baseFen' | 'lines' | 'totalFen' | 'dueOn' | 'lateFee'
>

export type Assessed =
  | { readonly ok: true; readonly assessment: Assessment }
  | { readonly ok: false; readonly refusal: AssessRefusal }

/** First day of a month or year. */
export function beginOf(period: string): BusinessDate {
  return businessDate(period.length === 4 ? `${period}-01-01` : `${period}-01`)
}

/**
 * Undefined pack: none is in force on the first day of the period. Refuses no-policy, wrong-period,
 * due-date-contradicts, credit-not-funded.
 */
export function assess(pack: DuesPack | undefined, asked: BillAsked): Assessed {
  if (pack === undefined) {
    return noPolicy(null, { path: '', missing: NONE_IN_FORCE, sources: [] })
  }
  const { plan, packHash } = pack
  const facts = factsOf(asked)
  const owed = contribution(plan, facts)
  if (owed.kind === 'no-policy') return noPolicy(plan.packId, owed)
  const per = asked.period.length === 4 ? 'year' : 'month'
  if (owed.per !== per) return refused({ kind: 'wrong-period', field: 'period', per: owed.per })
  const unclear = owed.parts.find(({ payer }) => payerKind(payer) === undefined)
  if (unclear !== undefined) return noPolicy(plan.packId, whoPays(unclear))
  const due = dueDate(plan, facts)
  const dueOn = due.kind === 'due-date' ? due.dueOn : asked.dueOn
  if (dueOn !== null && asked.dueOn !== null && dueOn !== asked.dueOn) {
    return refused({ kind: 'due-date-contradicts', field: 'dueOn', dueOn })
  }
  const lines = owed.parts.map(lineOf).filter(({ amountFen }) => amountFen > 0n)
  const short = lines.find(line => !isFunded(line, lines))
  if (short !== undefined) return refused({ kind: 'credit-not-funded', part: short.part })
  const { packId } = plan
  const totalFen = sumOf(lines.filter(({ payer }) => payerKind(payer) !== 'fund'))
  const lateFee = termsOf(plan, facts)
  const { baseFen } = owed
  return { ok: true, assessment: { packHash, packId, baseFen, lines, totalFen, dueOn, lateFee } }
}

const NONE_IN_FORCE = {
  en: 'no policy of the region and scheme is in force on the first day of the period',
  zh: '该期间首日没有生效的政策',
}

function factsOf(asked: BillAsked): ContributionFacts {
  const { status, age, averageWageFen, wageFen, attributes } = asked
  const on = beginOf(asked.period)
  const given = Object.fromEntries(
    Object.entries(asked.given).map(([name, amount]) => [name, fen(amount)]),
  )
  return { status, age, year: yearOf(on), on, averageWageFen, wageFen, given, attributes }
}

function lineOf({ id, payer, to, amountFen, figure }: DuePart): BillLine {
  const clauses = figure.sources.map(({ clause }) => clause)
  return { part: id, payer, fund: to, amountFen, clauses, path: figure.path }
}

export function sumOf(lines: readonly Pick<BillLine, 'amountFen'>[]): Fen {
  return sum(...lines.map(({ amountFen }) => amountFen))
}

function termsOf(
  plan: DuesPack['plan'],
  facts: Pick<ContributionFacts, 'status' | 'age' | 'year' | 'attributes'>,
): LateFeeTerms | null {
  const rule = lateFeeRule(plan, facts)
  if (rule.kind === 'no-policy') return null
  return { noticeDays: rule.noticeDays, perDayBp: rule.perDayBp }
}

type Unknown = {
  readonly path: string
  readonly missing: { readonly en: string; readonly zh: string }
  readonly sources: readonly { readonly clause: string }[]
}

function whoPays({ payer, figure }: DuePart): Unknown {
  const missing = {
    en: `who of ${payer} pays how much`,
    zh: `${payer} 各方各缴多少`,
  }
  return { path: figure.path, missing, sources: figure.sources }
}

function noPolicy(packId: string | null, { path, missing, sources }: Unknown): Assessed {
  const clauses = sources.map(({ clause }) => clause)
  const { en: reason, zh: reasonZh } = missing
  return refused({ kind: 'no-policy', packId, path, reason, reasonZh, clauses })
}

function refused(refusal: AssessRefusal): Assessed {
  return { ok: false, refusal }
}

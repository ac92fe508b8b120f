/**
 * The explanation of one adjudication: computed again from the event, step by step, and compared
 * with it.
 */
import type { ClaimAdjudicated, ClaimLine } from '@tongchou/contracts/events.generated.ts'
import type { ExplanationJson, LinesJson } from '@tongchou/contracts/http/account.ts'
import type { ClaimId } from '@tongchou/contracts/id.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import { totalsFor } from '../account/adjudicated.ts'
import { explanationJson } from '../account/answer.ts'
import type { AccountEvent } from '../account/events.ts'
import { type ClaimFacts, claimFactsOfEvent, factsOfClaim, factsOfEvent } from '../account/facts.ts'
import { type AccountState, entryOf } from '../account/state.ts'
import { explain } from '../policy/adjudicate.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { totalsFromMap } from '../policy/totals.ts'
import { lineSharesOf, type Paid } from './lines.ts'
import { type Difference, differenceOf, recomputeAdjudication } from './recompute.ts'
import { textOf } from './text.ts'

export type Explained =
  | { readonly ok: true; readonly event: ClaimAdjudicated; readonly answer: ExplanationJson }
  | { readonly ok: false; readonly event: ClaimAdjudicated; readonly difference: Difference }

/** The claim as it was submitted: its lines, and facts that must be those of the event. */
export type SubmittedLines = ClaimFacts & { readonly lines: readonly ClaimLine[] }

export type Asked = {
  readonly claimId: ClaimId
  /** Null: the shares of the lines are not asked for. */
  readonly claim: SubmittedLines | null
}

/** Undefined when the account never adjudicated the claim. */
export function explained(
  { events, state }: { readonly events: readonly AccountEvent[]; readonly state: AccountState },
  { claimId, claim }: Asked,
  packOf: (hash: string) => Plan | undefined,
): Explained | undefined {
  const event = adjudicationOf(events, claimId)
  if (event === undefined) return undefined
  const difference = recomputeAdjudication(event, packOf) ?? factsDiffer(event, claim)
  if (difference !== null) return { ok: false, event, difference }
  const plan = packOf(event.packHash)
  if (plan === undefined) return undefined
  const before = totalsFor(totalsFromMap(event.before), event.balanceBeforeFen)
  const explanation = explain(plan, factsOfEvent(event), before)
  const { outcome } = explanation
  const told =
    outcome.kind === 'adjudicated' ? differenceOf(event, outcome) : noOutcome(outcome.path)
  if (told !== null || outcome.kind !== 'adjudicated') {
    return { ok: false, event, difference: told ?? noOutcome('') }
  }
  const lines = claim === null ? null : linesJson(claim.lines, outcome, plan.benefits[event.kind])
  if (claim !== null && lines === null) return { ok: false, event, difference: LINES_MISS }
  const counts = (entryOf(state, claimId)?.entry.effect ?? null) !== null
  const answer = { ...explanationJson(event, explanation, { plan, counts }), lines, changes: null }
  return { ok: true, event, answer: { ...answer, text: textOf(answer) } }
}

const LINES_MISS: Difference = {
  field: 'lines',
  stored: 'parts of the claim',
  recomputed: 'other sums',
}

/** Lines belong to the claim when what it told the engine is what the event keeps. */
function factsDiffer(event: ClaimAdjudicated, claim: ClaimFacts | null): null | Difference {
  if (claim === null) return null
  const stored = textOfFacts({ ...claimFactsOfEvent(event), personId: event.personId })
  const recomputed = textOfFacts({ ...factsOfClaim(claim), personId: claim.personId })
  return stored === recomputed ? null : { field: 'facts', stored, recomputed }
}

function textOfFacts(facts: object): string {
  return JSON.stringify(facts, (_name, value) => (typeof value === 'bigint' ? `${value}` : value))
}

/** The lines with their shares; null where they do not sum to the claim. */
export function linesJson(
  lines: readonly ClaimLine[],
  outcome: Paid,
  benefit: Plan['benefits']['inpatient'],
): LinesJson | null {
  const shares = lineSharesOf(lines, outcome, benefit)
  if (shares === null) return null
  return lines.map((line, at) => ({
    itemCode: line.itemCode,
    name: line.name,
    on: line.on,
    amountFen: fenToJson(line.amountFen),
    fullSelfFen: fenToJson(line.fullSelfFen),
    overLimitFen: fenToJson(line.overLimitFen),
    firstShareFen: fenToJson(line.firstShareFen),
    inScopeFen: fenToJson(line.inScopeFen),
    layers: (shares[at]?.layers ?? []).map(({ layer, amountFen }) => ({
      layer,
      amountFen: fenToJson(amountFen),
    })),
    cashFen: fenToJson(shares[at]?.cashFen ?? line.amountFen),
  }))
}

function noOutcome(path: string): Difference {
  return { field: 'packHash', stored: 'adjudicated', recomputed: path }
}

/** The adjudication of the claim; a claim is adjudicated once. */
export function adjudicationOf(
  events: readonly AccountEvent[],
  claimId: ClaimId,
): ClaimAdjudicated | undefined {
  for (const event of events) {
    if (event.type === 'ClaimAdjudicated' && event.data.claimId === claimId) return event.data
  }
  return undefined
}

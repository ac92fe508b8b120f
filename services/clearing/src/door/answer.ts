/**
 * What the hospital is told of a claim: a function of its events alone, so equal requests get equal
 * bodies.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import type { Reason } from '@tongchou/contracts/events.generated.ts'
import type { ClaimAnswerJson } from '@tongchou/contracts/http/claim.ts'
import { fenToJson, sum } from '@tongchou/contracts/money.ts'
import type { Adjudication } from '../claim/commands.ts'
import type { ClaimState } from '../claim/state.ts'

/** True when the claim waits for nothing but people: what `Prefer: wait` waits for. */
export function isAnswered(state: ClaimState): boolean {
  return state.status !== 'none' && state.status !== 'submitted'
}

export function answerOf(state: ClaimState): ClaimAnswerJson {
  assert(state.status !== 'none', 'an answer needs a claim')
  const { claimId, claimNo, institutionCode } = state.submission
  const shares = 'adjudication' in state && state.status !== 'submitted' ? state.adjudication : null
  const reasons = state.status === 'held' ? state.reasons : []
  return {
    claimId,
    claimNo,
    institutionCode,
    state: state.status,
    shares: shares === null ? null : sharesJson(shares),
    reasons: reasons.map(reasonJson),
  }
}

function reasonJson({ rule, detail, otherClaimId }: Reason): ClaimAnswerJson['reasons'][number] {
  return { rule, detail, otherClaimId }
}

/** Shares as JSON integers, named as in RULES.md `expected/claims`. */
export function sharesJson(shares: Adjudication): NonNullable<ClaimAnswerJson['shares']> {
  const { insuredRegion, treatingRegion, scheme, status, filing, fundBp, packHash } = shares
  const { pooledFen, catastrophicFen, otherFundFen, accountFen } = shares
  const paid = sum(pooledFen, catastrophicFen, otherFundFen, accountFen)
  return {
    insuredRegion,
    treatingRegion,
    scheme,
    status,
    filing,
    fullSelfFen: fenToJson(shares.fullSelfFen),
    overLimitFen: fenToJson(shares.overLimitFen),
    firstShareFen: fenToJson(shares.firstShareFen),
    inScopeFen: fenToJson(shares.inScopeFen),
    deductibleFen: fenToJson(shares.deductibleFen),
    fundBp,
    pooledFen: fenToJson(pooledFen),
    catastrophicFen: fenToJson(catastrophicFen),
    otherFundFen: fenToJson(otherFundFen),
    accountFen: fenToJson(accountFen),
    cashFen: fenToJson(shares.cashFen),
    totalFen: fenToJson(shares.totalFen),
    packHash,
    owedFen: insuredRegion === treatingRegion ? 0 : fenToJson(paid),
  }
}

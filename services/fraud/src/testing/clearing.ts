/** What clearing says of a claim, as far as fraud looks at it. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { basisPoints, ZERO } from '@tongchou/contracts/money.ts'
import type { SubmittedFacts } from './submitted.ts'
import { submittedOf } from './submitted.ts'

export type ClearingEvent = EventOf<
  | 'ClaimSubmitted'
  | 'ClaimHeld'
  | 'ClaimSettled'
  | 'ClaimRejected'
  | 'ClaimWithdrawn'
  | 'ClaimReversed'
>

function sharesOf(facts: SubmittedFacts) {
  const { claimId, personId, institutionCode, insuredRegion, treatingRegion } = facts
  const { kind, endOn, totalFen } = facts
  return {
    ...{ claimId, personId, institutionCode, insuredRegion, treatingRegion, kind, endOn, totalFen },
    scheme: 'employee',
    status: 'active',
    packHash: '0'.repeat(64),
    filing: 'unfiled',
    fundBp: basisPoints(0),
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: ZERO,
    deductibleFen: ZERO,
    pooledFen: ZERO,
    catastrophicFen: ZERO,
    otherFundFen: ZERO,
    accountFen: ZERO,
    cashFen: totalFen,
    layers: [],
    claimNo: '1',
  } as const
}

export function submitted(facts: SubmittedFacts): ClearingEvent {
  return { type: 'ClaimSubmitted', data: submittedOf(facts) }
}

export function held(facts: SubmittedFacts): ClearingEvent {
  const reasons = [
    { rule: 'overlapping-stays', detail: 'shared days', otherClaimId: null },
  ] as const
  return { type: 'ClaimHeld', data: { ...sharesOf(facts), reasons } }
}

export function settled(facts: SubmittedFacts): ClearingEvent {
  return { type: 'ClaimSettled', data: { ...sharesOf(facts), obligation: null, released: false } }
}

export function reversed(facts: SubmittedFacts): ClearingEvent {
  const data = { ...sharesOf(facts), obligation: null, reason: 'entered twice' }
  return { type: 'ClaimReversed', data }
}

export function withdrawn({ claimId, personId }: SubmittedFacts): ClearingEvent {
  return { type: 'ClaimWithdrawn', data: { claimId, personId, reason: 'entered twice' } }
}

export function rejected({ claimId, personId }: SubmittedFacts): ClearingEvent {
  const data = { claimId, personId, reviewers: ['r-1'], note: 'seen' }
  return { type: 'ClaimRejected', data }
}

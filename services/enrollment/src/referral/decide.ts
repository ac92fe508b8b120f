/** Two-way referral (双向转诊). @source P01-R47, capabilities CL-23 */
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import { latestPeriod } from '@tongchou/contracts/reference/coverage.ts'
import type { ApproveReferral, RequestReferral, ReturnReferral } from '../person/commands.ts'
import { cancelFiling, makeFiling } from '../person/filing.ts'
import type { PersonDecision } from '../person/refusals.ts'
import { refuseOtherRegion, refuseReversed } from '../person/refusals.ts'
import type { Enrolled } from '../person/state.ts'

/**
 * Asks for a referral; what lacks may be sent later under the same number, until it is approved.
 * The same again records nothing.
 * Refuses other-region, period-reversed, filing-for-own-region, referral-number-reused.
 */
export function requestReferral({ data }: RequestReferral, state: Enrolled): PersonDecision {
  const { askedBy, ...asked } = data
  const { referralNo, treatmentRegion, validFrom, validTo } = asked
  const refused = refuseOtherRegion(state, askedBy) ?? refuseReversed('validTo', validFrom, validTo)
  if (refused !== null) return refused
  if (treatmentRegion === latestPeriod(state.facts).regionCode) {
    return refuse({ kind: 'filing-for-own-region', treatmentRegion })
  }
  const known = state.referrals.get(referralNo)
  if (known !== undefined) {
    const { requested } = known
    const same =
      requested.requestedBy === asked.requestedBy &&
      requested.treatmentRegion === treatmentRegion &&
      requested.reason === asked.reason &&
      requested.disease === asked.disease &&
      requested.validFrom === validFrom &&
      requested.validTo === validTo
    if (same) return accept()
    if (known.approved !== null) return refuse({ kind: 'referral-number-reused', referralNo })
  }
  const { personId } = state.facts
  return accept({ type: 'ReferralRequested', data: { personId, ...asked } })
}

/**
 * Approves a referral that gives reason and disease: certificate and filing are one append. The
 * same again records nothing.
 * Refuses other-region, unknown-referral, referral-incomplete, referral-already-approved, and what
 * a filing is refused for.
 */
export function approveReferral({ data, meta }: ApproveReferral, state: Enrolled): PersonDecision {
  const { askedBy, referralNo, certificateNo, approvedOn } = data
  const otherRegion = refuseOtherRegion(state, askedBy)
  if (otherRegion !== null) return otherRegion
  const known = state.referrals.get(referralNo)
  if (known === undefined) return refuse({ kind: 'unknown-referral', referralNo })
  const { requested, approved } = known
  const missing = (['reason', 'disease'] as const).filter(name => requested[name] === null)
  if (missing.length > 0) return refuse({ kind: 'referral-incomplete', referralNo, missing })
  if (approved !== null) {
    const same = approved.certificateNo === certificateNo && approved.approvedOn === approvedOn
    return same ? accept() : refuse({ kind: 'referral-already-approved', referralNo })
  }
  const { treatmentRegion, validFrom, validTo } = requested
  const filing = { filingNo: referralNo, kind: 'referral', treatmentRegion } as const
  const days = { filedOn: approvedOn, validFrom, validTo }
  const made = makeFiling(
    { type: 'MakeFiling', data: { ...filing, ...days, askedBy }, meta },
    state,
  )
  if (!made.accepted) return made
  const { personId } = state.facts
  const certified = { personId, referralNo, certificateNo, approvedOn }
  return accept({ type: 'ReferralApproved', data: certified }, ...made.events)
}

/**
 * Refers the person back: the filing counts for no treatment that begins after the day. The same
 * day again records nothing.
 * Refuses other-region, unknown-referral, referral-not-approved, and what a cancellation is refused
 * for.
 */
export function returnReferral({ data, meta }: ReturnReferral, state: Enrolled): PersonDecision {
  const { askedBy, referralNo, returnedOn } = data
  const otherRegion = refuseOtherRegion(state, askedBy)
  if (otherRegion !== null) return otherRegion
  const known = state.referrals.get(referralNo)
  if (known === undefined) return refuse({ kind: 'unknown-referral', referralNo })
  if (known.approved === null) return refuse({ kind: 'referral-not-approved', referralNo })
  if (known.returnedOn === returnedOn) return accept()
  const ending = { filingNo: referralNo, cancelledOn: returnedOn, askedBy }
  const ended = cancelFiling({ type: 'CancelFiling', data: ending, meta }, state)
  if (!ended.accepted) return ended
  const { personId } = state.facts
  return accept(
    { type: 'ReferralReturned', data: { personId, referralNo, returnedOn } },
    ...ended.events,
  )
}

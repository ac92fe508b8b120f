import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { FilingMade } from '@tongchou/contracts/events.generated.ts'
import { latestPeriod } from '@tongchou/contracts/reference/coverage.ts'
import type { CancelFiling, MakeFiling } from './commands.ts'
import type { PersonDecision } from './refusals.ts'
import { refuseFuture, refuseOtherRegion, refuseReversed } from './refusals.ts'
import type { Enrolled } from './state.ts'

/**
 * Records a cross-region filing (备案), which may reach back; the same filing again records nothing.
 * That the number is no other person's is kept by the stream of the number.
 * Refuses other-region, date-in-the-future, period-reversed, filing-for-own-region, filing-number-
 * reused.
 */
export function makeFiling({ data, meta }: MakeFiling, state: Enrolled): PersonDecision {
  const { askedBy, filingNo, kind, treatmentRegion, filedOn, validFrom, validTo } = data
  const refused =
    refuseOtherRegion(state, askedBy) ??
    refuseFuture('filedOn', filedOn, meta.now) ??
    refuseReversed('validTo', validFrom, validTo)
  if (refused !== null) return refused
  const known = state.filings.get(filingNo)
  if (known !== undefined) {
    const same = isSame(known.made, data)
    return same ? accept() : refuse({ kind: 'filing-number-reused', filingNo })
  }
  if (treatmentRegion === latestPeriod(state.facts).regionCode) {
    return refuse({ kind: 'filing-for-own-region', treatmentRegion })
  }
  const { personId } = state.facts
  return accept({
    type: 'FilingMade',
    data: { personId, filingNo, kind, treatmentRegion, filedOn, validFrom, validTo },
  })
}

/**
 * The filing counts for no treatment that begins after the day; the same day again records nothing.
 * Refuses other-region, unknown-filing, cancelled-before-filed, filing-already-cancelled.
 */
export function cancelFiling({ data }: CancelFiling, state: Enrolled): PersonDecision {
  const { askedBy, filingNo, cancelledOn } = data
  const otherRegion = refuseOtherRegion(state, askedBy)
  if (otherRegion !== null) return otherRegion
  const filing = state.filings.get(filingNo)
  if (filing === undefined) return refuse({ kind: 'unknown-filing', filingNo })
  const { filedOn } = filing.made
  if (cancelledOn < filedOn) return refuse({ kind: 'cancelled-before-filed', filedOn })
  if (filing.cancelledOn === cancelledOn) return accept()
  if (filing.cancelledOn !== null) {
    return refuse({ kind: 'filing-already-cancelled', cancelledOn: filing.cancelledOn })
  }
  const { personId } = state.facts
  return accept({ type: 'FilingCancelled', data: { personId, filingNo, cancelledOn } })
}

function isSame(a: FilingMade, b: MakeFiling['data']): boolean {
  return (
    a.kind === b.kind &&
    a.treatmentRegion === b.treatmentRegion &&
    a.filedOn === b.filedOn &&
    a.validFrom === b.validFrom &&
    a.validTo === b.validTo
  )
}

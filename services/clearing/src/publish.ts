/** Stored event → public fact: no lines, diagnoses, persons; what other organisations may read. */
import { sharesJson } from '@tongchou/contracts/http/claim.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Adjudication } from './claim/commands.ts'

export type PublicFact = {
  readonly position: number
  readonly id: string
  /** CloudEvents type of the public twin. */
  readonly type: string
  readonly at: string
  readonly subject: string
  readonly data: Record<string, unknown>
  /** Regions that the fact is about; null = everyone's. */
  readonly regions: readonly string[] | null
}

/** Null: not for others to see. */
export function publicFact(event: Recorded): PublicFact | null {
  switch (event.type) {
    case 'ClaimSettled':
      return claimFact(event, 'public.clearing.claim-settled.v1', event.data, {})
    case 'ClaimReversed':
      return claimFact(event, 'public.clearing.claim-reversed.v1', event.data, {
        reason: event.data.reason,
      })
    case 'WindowNetted': {
      const { windowNo, label, digest, nets } = event.data
      const rows = nets.map(({ regionCode, netFen }) => ({ regionCode, netFen: Number(netFen) }))
      const data = { windowNo, label, digest, nets: rows }
      return fact(event, 'public.clearing.window-netted.v1', event.data.windowId, data, null)
    }
    case 'PaymentConfirmed': {
      const { windowNo, regionCode, netFen, paidOn } = event.data
      const data = { windowNo, regionCode, netFen: Number(netFen), paidOn }
      return fact(event, 'public.clearing.payment-confirmed.v1', event.data.windowId, data, [
        regionCode,
      ])
    }
    default:
      return null
  }
}

function claimFact(event: Recorded, type: string, shares: Adjudication, more: object): PublicFact {
  const { claimId, kind, endOn, insuredRegion, treatingRegion } = shares
  const data = { claimId, kind, endOn, ...sharesJson(shares), ...more }
  return fact(event, type, claimId, data, [insuredRegion, treatingRegion])
}

function fact(
  { position, id, at }: Recorded,
  type: string,
  subject: string,
  data: Record<string, unknown>,
  regions: readonly string[] | null,
): PublicFact {
  return { position: Number(position), id, type, at, subject, data, regions }
}

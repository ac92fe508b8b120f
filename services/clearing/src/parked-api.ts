/**
 * Whom a submitted claim waits for, and whether its message is set aside there (law 6). Clearing
 * knows its own parked messages; `claims` and `fraud` are asked when somebody asks for the claim.
 * Nothing is decided on it.
 */
import type { ClaimStatusJson } from '@tongchou/contracts/http/claim.ts'
import type { ParkedPageJson } from '@tongchou/contracts/http/parked.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import type { ParkedRow } from '@tongchou/runtime/event-store/port.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { ClaimState } from './claim/state.ts'

const TIMEOUT_MS = 1000

export type Wait = ClaimStatusJson['waitsFor'][number]

export type ParkedApi = {
  /** Empty once the claim is answered. */
  readonly waitsOf: (claimId: string, state: ClaimState) => Promise<Wait[]>
}

type Ports = Pick<ServiceRuntime, 'urlOf' | 'serviceToken' | 'store'>

export function parkedApi({ urlOf, serviceToken, store }: Ports): ParkedApi {
  /** Null when the service does not tell. */
  async function parkedAt(service: 'claims' | 'fraud', key: string) {
    try {
      const response = await fetch(`${urlOf(service)}/v1/parked-messages?key=${key}&limit=500`, {
        headers: { authorization: `Bearer ${await serviceToken()}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      return response.ok ? ((await response.json()) as ParkedPageJson).messages : null
    } catch {
      return null // asked for the reader's sake only: the claim itself is told all the same
    }
  }

  async function other(service: 'claims' | 'fraud', key: string, claimId: string): Promise<Wait> {
    const parked = await parkedAt(service, key)
    if (parked === null) return { service, parked: null, since: null, reason: null }
    const own = parked.find(({ stream }) => stream === `claim-${claimId}`)
    const { parkedAt: since = null, reason = null } = own ?? {}
    return { service, parked: own !== undefined, since, reason }
  }

  /** Shares and scores that came for the claim and were set aside here. */
  async function own(key: PersonId, claimId: string): Promise<Wait[]> {
    const rows = await store.progress.parked({ key })
    return rows
      .filter(row => row.group.startsWith('clearing.join.') && isAbout(row, claimId))
      .map(({ parkedAtMs, reason }) => {
        return { service: 'clearing', parked: true, since: instantFromMs(parkedAtMs), reason }
      })
  }

  return {
    waitsOf: async (claimId, state) => {
      if (state.status !== 'submitted') return []
      const { personId } = state.submission
      const waits = await Promise.all([
        ...(state.adjudication === null ? [other('claims', personId, claimId)] : []),
        ...(state.score === null ? [other('fraud', personId, claimId)] : []),
      ])
      return [...waits, ...(await own(personId, claimId))]
    },
  }
}

/** A message that cannot even be read may be about any claim of the person. */
function isAbout({ event }: ParkedRow, claimId: string): boolean {
  try {
    const { data } = recorded(event)
    return 'claimId' in data && data.claimId === claimId
  } catch {
    return true
  }
}

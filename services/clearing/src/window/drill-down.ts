/**
 * The claims behind a statement: read from the store between the cuts, so they sum to its lines by
 * construction.
 */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'

const PAGE = 2000
/** Events looked at for one answer: a bound on the work of a request. */
const MAX_SCANNED = 50_000
const TYPES: ReadonlySet<EventType> = new Set(['ClaimSettled', 'ClaimReversed'])

export type StatementClaim = {
  readonly position: number
  readonly claimId: string
  readonly claimNo: string
  readonly institutionCode: string
  readonly counterparty: string
  readonly reversed: boolean
  /** + receives, - pays. */
  readonly amountFen: number
}

type Range = { readonly after: bigint; readonly cut: bigint; readonly limit: number }
type Side = { readonly side: 'insured' | 'treating'; readonly regionCode: string }

/** At most `limit` claims; `next` is where to go on, `done` when the cut is reached. */
export async function claimsBetween(
  store: EventStore,
  { after, cut, limit }: Range,
  of: Side,
): Promise<{ claims: StatementClaim[]; next: number; done: boolean }> {
  const claims: StatementClaim[] = []
  let next = after
  for (let scanned = 0; scanned < MAX_SCANNED && next + 1n < cut; scanned += PAGE) {
    for (const stored of await store.readAll(next, PAGE, TYPES)) {
      if (stored.position >= cut) return { claims, next: Number(cut - 1n), done: true }
      if (claims.length === limit) return { claims, next: Number(next), done: false }
      next = stored.position
      if (!TYPES.has(stored.type)) continue
      const claim = claimOf(recorded(stored), of)
      if (claim !== null) claims.push(claim)
    }
  }
  return { claims, next: Number(next), done: next + 1n >= cut }
}

function claimOf(
  event: ReturnType<typeof recorded>,
  { side, regionCode }: Side,
): StatementClaim | null {
  if (event.type !== 'ClaimSettled' && event.type !== 'ClaimReversed') return null
  const { obligation, claimId, claimNo, institutionCode } = event.data
  if (obligation === null) return null
  const pays = side === 'insured'
  if ((pays ? obligation.debtor : obligation.creditor) !== regionCode) return null
  const reversed = event.type === 'ClaimReversed'
  const amountFen = Number(obligation.owedFen)
  return {
    position: Number(event.position),
    claimId,
    claimNo,
    institutionCode,
    counterparty: pays ? obligation.creditor : obligation.debtor,
    reversed,
    amountFen: pays === reversed ? amountFen : -amountFen,
  }
}

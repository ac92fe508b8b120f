/** Adjudications and undoings of some partitions out of the store; the rest is passed over. */
import { decodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { type Fields, projection } from '@tongchou/contracts/avro/projection.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { readEventRange } from '@tongchou/runtime/audit/snapshot/event-range.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import type { LaneEvent } from '../lane.ts'
import type { StoredClaim } from '../rerun.ts'

const FIELDS: Fields<StoredClaim> = {
  claimId: true,
  personId: true,
  institutionCode: true,
  insuredRegion: true,
  treatingRegion: true,
  scheme: true,
  status: true,
  kind: true,
  endOn: true,
  fullSelfFen: true,
  overLimitFen: true,
  firstShareFen: true,
  inScopeFen: true,
  accountFen: true,
  cashFen: true,
  totalFen: true,
  layers: { layer: true, fund: true, amountFen: true },
  year: true,
  before: true,
  effect: true,
  balanceBeforeFen: true,
  facts: true,
}

const readClaim = projection<'ClaimAdjudicated', StoredClaim>('ClaimAdjudicated', FIELDS)

export type Part = {
  readonly partitions: readonly number[]
  readonly after: bigint
  /** Included. */
  readonly upTo: bigint
}

/** Tells the events of the part in order. */
export type Reader = {
  undone(part: Part): Promise<ReadonlySet<string>>
  events(part: Part, onEvent: (event: LaneEvent) => void): Promise<void>
}

const UNDONE: readonly EventType[] = ['AdjudicationUndone']
const BOTH: readonly EventType[] = ['ClaimAdjudicated', 'AdjudicationUndone']

/** By COPY, on connections of its own. */
export function databaseReader(url: string): Reader {
  const place = { url, schema: 'claims' }
  return {
    undone: async part => {
      const found = new Set<string>()
      await readEventRange(place, { ...part, types: UNDONE }, ({ data, type, position }) => {
        const event = laneEvent({ data, type, position })
        if (event !== undefined) found.add(event.data.claimId)
      })
      return found
    },
    events: async (part, onEvent) => {
      await readEventRange(place, { ...part, types: BOTH }, ({ data, type, position }) => {
        const event = laneEvent({ data, type, position })
        if (event !== undefined) onEvent(event)
      })
    },
  }
}

const PAGE = 500

/** Over the store's port, page by page: where there is no database to read. */
export function storeReader(store: Pick<EventStore, 'readAll'>): Reader {
  async function each(
    { partitions, after, upTo }: Part,
    types: readonly EventType[],
    onEvent: (event: LaneEvent) => void,
  ): Promise<void> {
    let at = after
    while (at < upTo) {
      const page = await store.readAll(at, PAGE, new Set(types))
      for (const { position, partition, type, data } of page) {
        at = position
        if (position > upTo || !partitions.includes(partition) || !types.includes(type)) continue
        const event = laneEvent({ position, type, data })
        if (event !== undefined) onEvent(event)
      }
      if (page.length === 0) return
    }
  }
  return {
    undone: async part => {
      const found = new Set<string>()
      await each(part, UNDONE, event => void found.add(event.data.claimId))
      return found
    },
    events: (part, onEvent) => each(part, BOTH, onEvent),
  }
}

type Row = { readonly position: bigint; readonly type: EventType; readonly data: Buffer }

/** Throws UnreadableEvent for damage and for schemas of newer code. */
function laneEvent({ position, type, data }: Row): LaneEvent | undefined {
  if (type === 'ClaimAdjudicated') return { position, type, data: readClaim(data).data }
  const event = decodeEvent(data)
  return event.type === 'AdjudicationUndone' ? { position, ...event } : undefined
}

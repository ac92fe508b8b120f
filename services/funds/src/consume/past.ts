/**
 * The journal's past, read from the store: pages of events, struck balances, the nearest cut before
 * a point.
 */
import type {
  BalancesStruck,
  EventType,
  JournalPosted,
} from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { ViewStore } from '@tongchou/runtime/view/port.ts'
import type { Target } from '../balance/books.ts'
import { Books, foldTo } from '../balance/books.ts'
import type { CutRow } from '../balance/view.ts'
import { cutView } from '../balance/view.ts'

export type JournalEventAt = {
  readonly position: bigint
  readonly id: Uuid
  readonly stream: string
  readonly partition: number
  readonly at: Instant
  readonly data: JournalPosted
}

/** `upTo`: every journal event up to this position is among these or came before. */
export type JournalPage = { readonly events: readonly JournalEventAt[]; readonly upTo: bigint }

export type PastPorts = {
  readonly store: Pick<EventStore, 'readAll'>
  readonly views: Pick<ViewStore, 'find'>
  readonly pageSize?: number
}

const PAGE = 500
const ONLY: ReadonlySet<EventType> = new Set(['JournalPosted'])
const ONLY_STRUCK: ReadonlySet<EventType> = new Set(['BalancesStruck'])

/** Journal events behind a position; null at the end of the store. */
export async function readJournal(
  { store }: Pick<PastPorts, 'store'>,
  after: bigint,
  limit = PAGE,
): Promise<JournalPage | null> {
  const stored = await store.readAll(after, limit, ONLY)
  const last = stored.at(-1)
  if (last === undefined) return null
  const events = stored.flatMap(event => {
    if (event.type !== 'JournalPosted') return []
    const known = recorded(event)
    if (known.type !== 'JournalPosted') return []
    const { position, id, stream, partition, at, data } = known
    return [{ position, id, stream, partition, at, data }]
  })
  return { events, upTo: last.position }
}

/** The last cut that the books at the target hold whole; undefined when there is none. */
export async function nearestCut(
  { views }: Pick<PastPorts, 'views'>,
  target: Target,
): Promise<CutRow | undefined> {
  const to = target.kind === 'position' ? { cutPosition: target.position } : { bookedAt: target.at }
  const [row] = await views.find(cutView, {
    to,
    orderBy: ['cutPosition'],
    descending: true,
    limit: 1,
  })
  return row
}

/** Cuts behind a position, oldest first. */
export function cutsBehind(
  { views }: Pick<PastPorts, 'views'>,
  position: bigint,
  limit: number,
): Promise<readonly CutRow[]> {
  const from = { cutPosition: position + 1n }
  return views.find(cutView, { from, orderBy: ['cutPosition'], limit })
}

/** The balances of a cut. Throws Fault `hole` when they do not stand where the view says. */
export async function readStruck(
  { store }: Pick<PastPorts, 'store'>,
  { eventPosition }: CutRow,
): Promise<BalancesStruck> {
  const [stored] = await store.readAll(eventPosition - 1n, 1, ONLY_STRUCK)
  const event = stored === undefined ? undefined : recorded(stored)
  if (event?.type !== 'BalancesStruck') {
    throw new Fault('hole', `no struck balances at ${eventPosition}`)
  }
  return event.data
}

/** The books at a point of the past: the nearest cut and the events after it, a bounded stretch. */
export async function booksAt(ports: PastPorts, target: Target): Promise<Books> {
  const cut = await nearestCut(ports, target)
  const books = cut === undefined ? new Books() : Books.from(await readStruck(ports, cut))
  let after = books.standing.position
  for (;;) {
    const page = await readJournal(ports, after, ports.pageSize)
    if (page === null || foldTo(books, page.events, target)) return books
    after = page.upTo
    if (target.kind === 'position' && after >= target.position) return books
  }
}

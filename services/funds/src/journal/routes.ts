/**
 * HTTP to the entries: what each source event did to the books, a bounded stretch of the journal at
 * a time.
 */

import type { PackedEntry } from '@tongchou/contracts/events.generated.ts'
import { EntryPageJson, EntryQueryJson } from '@tongchou/contracts/http/entry.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import { instant, instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { Filter } from '../balance/books.ts'
import { isBeyond } from '../balance/books.ts'
import { allowedFilter, BOOK_READERS } from '../balance/routes.ts'
import type { JournalEventAt } from '../consume/past.ts'
import { cutsBehind, nearestCut, readJournal, readStruck } from '../consume/past.ts'
import type { EntryPorts } from '../ports.ts'
import type { EntryPlace, Span } from './search.ts'
import { isIdle, isOpen, passing, placeFrom, placeText, touches } from './search.ts'

/** Entries looked at for one answer, about: a rare account is found by asking on. */
const LOOK_MAX = 20_000
/** Journal events read at once: few hold what a page asks for. */
const PAGE = 50
/** Stretches between two cuts that are passed over for one answer. */
const SKIPS_MAX = 50

export function addEntryRoutes(http: Http, ports: EntryPorts): void {
  http.get(
    '/v1/entries',
    {
      preHandler: requireRole(...BOOK_READERS),
      schema: {
        summary: 'Entries in the order of booking, each with the event behind it',
        description:
          'from and to are instants of booking. A page may hold few entries or none: ask on.',
        tags: ['books'],
        querystring: EntryQueryJson,
        response: { 200: EntryPageJson },
      },
    },
    async ({ query, caller }) => {
      const { entity, region, account, counterparty, from, to, after, limit } = query
      const filter = allowedFilter({ entity, region, account, counterparty }, caller)
      const span: Span = {
        from: from === undefined ? undefined : instant(from),
        to: to === undefined ? undefined : instant(to),
      }
      const search: Search = { filter, span, limit, found: [] }
      const start = after === undefined ? await startOf(ports, span) : placeFrom(after)
      const { place, ended } = await look(ports, search, start)
      return {
        entries: search.found.map(found => entryJson(found, caller)),
        position: Number(place.position),
        next: ended ? null : placeText(place),
      }
    },
  )
}

type Found = { readonly event: JournalEventAt; readonly entry: PackedEntry }

type Search = {
  readonly filter: Filter
  readonly span: Span
  readonly limit: number
  readonly found: Found[]
}

type Stop = { readonly place: EntryPlace; readonly ended: boolean }

const WHOLE_EVENT = 999_999

/** Right behind the last cut whose events were all booked before `from`. */
async function startOf(ports: EntryPorts, { from }: Span): Promise<EntryPlace> {
  if (from === undefined) return { position: 0n, index: WHOLE_EVENT }
  const before = instantFromMs(instantToMs(from) - 1)
  const cut = await nearestCut(ports, { kind: 'instant', at: before })
  return { position: cut?.cutPosition ?? 0n, index: WHOLE_EVENT }
}

/** Everything up to here was looked at whole. */
function behind({ position, index }: EntryPlace): bigint {
  return index === WHOLE_EVENT || position === 0n ? position : position - 1n
}

async function look(ports: EntryPorts, search: Search, start: EntryPlace): Promise<Stop> {
  let looked = 0
  let place = await skipIdle(ports, search.filter, start)
  let after = behind(place)
  while (looked < LOOK_MAX) {
    const page = await readJournal(ports, after, PAGE)
    if (page === null) return { place, ended: true }
    for (const event of page.events) {
      const { to } = search.span
      if (to !== undefined && isBeyond({ kind: 'instant', at: to }, event)) {
        return { place, ended: true }
      }
      const full = collect(search, event, place)
      if (full !== null) return { place: full, ended: false }
      place = { position: event.position, index: WHOLE_EVENT }
      looked += event.data.entries.length
    }
    after = page.upTo
    place = { position: after, index: WHOLE_EVENT }
  }
  return { place, ended: false }
}

/** Takes what passes; the place of the last one when the answer is full, else null. */
function collect({ filter, span, limit, found }: Search, event: JournalEventAt, place: EntryPlace) {
  if (span.from !== undefined && event.at < span.from) return null
  const numbers = passing(event.data, filter)
  if (numbers?.size === 0) return null
  const first = event.position === place.position ? place.index + 1 : 0
  for (let index = first; index < event.data.entries.length; index++) {
    const entry = event.data.entries[index]
    if (entry === undefined || !touches(entry, numbers)) continue
    found.push({ event, entry })
    if (found.length === limit) return { position: event.position, index }
  }
  return null
}

/**
 * From a cut on, passes over stretches up to later cuts in which nothing that is asked for was
 * booked.
 */
async function skipIdle(ports: EntryPorts, filter: Filter, start: EntryPlace): Promise<EntryPlace> {
  if (start.index !== WHOLE_EVENT || isOpen(filter)) return start
  const known = await nearestCut(ports, { kind: 'position', position: start.position })
  if (start.position > 0n && known === undefined) return start
  let accounts = known === undefined ? [] : (await readStruck(ports, known)).accounts
  let position = known?.cutPosition ?? 0n
  for (const cut of await cutsBehind(ports, position, SKIPS_MAX)) {
    const later = await readStruck(ports, cut)
    if (!isIdle(accounts, later.accounts, filter)) break
    accounts = later.accounts
    position = cut.cutPosition
  }
  return position > start.position ? { position, index: WHOLE_EVENT } : start
}

function entryJson({ event, entry }: Found, caller: Caller) {
  const { position, id, stream, at, data } = event
  const { kind, sourceEventId, sourcePosition, claimId, lines } = entry
  const visible = passing(data, { region: caller.region ?? undefined })
  return {
    position: Number(position),
    eventId: id,
    stream,
    bookedAt: at,
    kind,
    source: {
      topic: data.topic,
      incarnation: data.incarnation,
      position: Number(sourcePosition),
      eventId: sourceEventId,
    },
    claimId,
    lines: lines.flatMap(({ account, amountFen }) => {
      const known = data.accounts[account]
      if (known === undefined || visible?.has(account) === false) return []
      const { entity, account: code, counterparty } = known
      return [{ entity, account: code, counterparty, amountFen: fenToJson(amountFen) }]
    }),
  }
}

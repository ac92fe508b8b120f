/**
 * `GET /v1/events?after=`: the public facts of a service in order, resumable: the same as on Kafka,
 * for who has no broker, and for what a topic no longer has.
 */
import { publicJson } from '@tongchou/contracts/public/codec.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import { Type } from 'typebox'
import { type Caller, mayReadRegion, requireRole } from '../auth/caller.ts'
import type { EventStore } from '../event-store/port.ts'
import type { Http } from '../http/server.ts'
import { recorded } from '../service/recorded.ts'
import type { PublicEvent, Publisher } from './port.ts'

/** Events passed for one answer, whatever they hold: a bound on the work of a request. */
const MAX_SCANNED = 10_000
/** A journal event holds a thousand entries: a page stays some tens of megabytes. */
const PAGE = 200

type Facts = { readonly events: readonly object[]; readonly next: number }

export function addEventRoutes(http: Http, store: EventStore, publisher: Publisher): void {
  http.get(
    '/v1/events',
    {
      preHandler: requireRole('agency', 'centre', 'auditor', 'service'),
      schema: {
        summary: 'Public facts after a position; ask again with after = next',
        description:
          'The facts of one position come together, so a page may be longer than its limit.',
        tags: ['events'],
        querystring: Type.Object({
          after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        }),
      },
    },
    ({ query, caller }) =>
      factsAfter(store, publisher, { caller, after: query.after ?? 0, limit: query.limit ?? 100 }),
  )
}

type Asked = { readonly caller: Caller; readonly after: number; readonly limit: number }

async function factsAfter(
  store: EventStore,
  { events: types, publicEvents }: Publisher,
  { caller, after, limit }: Asked,
): Promise<Facts> {
  const events: object[] = []
  let next = BigInt(after)
  for (const end = next + BigInt(MAX_SCANNED); next < end; ) {
    const page = await store.readAll(next, PAGE, types)
    for (const stored of page) {
      if (events.length >= limit) return { events, next: Number(next) }
      next = stored.position
      if (!types.has(stored.type)) continue
      for (const event of publicEvents(recorded(stored))) {
        if (event.topic.kind === 'events' && mayRead(caller, event)) events.push(jsonOf(event))
      }
    }
    if (page.length === 0) break
  }
  return { events, next: Number(next) }
}

function mayRead(caller: Caller, { regions }: PublicEvent): boolean {
  return regions === null || regions.some(region => mayReadRegion(caller, region))
}

function jsonOf({ position, id, topic, type, atMs, subject, data }: PublicEvent): object {
  return {
    position: Number(position),
    id,
    topic: topic.name,
    type,
    at: instantFromMs(atMs),
    subject,
    data: data === null ? null : publicJson(data),
  }
}

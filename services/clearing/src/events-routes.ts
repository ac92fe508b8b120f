/**
 * `GET /v1/events?after=`: the public facts in order, resumable, until other organisations read
 * them from Kafka.
 */
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { Type } from 'typebox'
import { publicFact } from './publish.ts'

/** Events read for one answer, whatever it holds: a bound on the work of a request. */
const MAX_SCANNED = 10_000
const PUBLIC = new Set(['ClaimSettled', 'ClaimReversed', 'WindowNetted', 'PaymentConfirmed'])

export function addEventRoutes(http: Http, store: EventStore): void {
  http.get(
    '/v1/events',
    {
      preHandler: requireRole('agency', 'centre', 'auditor', 'service'),
      schema: {
        summary: 'Public facts after a position; ask again with after = next',
        tags: ['events'],
        querystring: Type.Object({
          after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        }),
      },
    },
    async ({ query, caller }) => {
      const { after = 0, limit = 100 } = query
      const events = []
      let next = BigInt(after)
      for (const stored of await store.readAll(next, MAX_SCANNED)) {
        if (events.length === limit) break
        next = stored.position
        if (!PUBLIC.has(stored.type)) continue
        const fact = publicFact(recorded(stored))
        if (fact === null) continue
        const { regions, ...event } = fact
        if (regions === null || regions.some(region => mayReadRegion(caller, region)))
          events.push(event)
      }
      return { events, next: Number(next) }
    },
  )
}

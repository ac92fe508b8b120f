/**
 * HTTP to what a service's consumers have set aside: which messages of a key and why, and the
 * request to handle them again once the cause is mended. The same two routes at every service.
 */
import {
  type ParkedJson,
  ParkedPageJson,
  ParkedQueryJson,
  ReplayAskedJson,
  ReplayJson,
} from '@tongchou/contracts/http/parked.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import { requireRole } from '../auth/caller.ts'
import type { ParkedRow, ProgressStore } from '../event-store/port.ts'
import { commonProblem } from '../http/problem.ts'
import type { Http } from '../http/server.ts'

const TAGS = ['operations']

type Parked = Pick<ProgressStore, 'parked' | 'requestReplay'>

export function addParkedRoutes(http: Http, progress: Parked): void {
  http.get(
    '/v1/parked-messages',
    {
      preHandler: requireRole('operator', 'centre', 'service'),
      schema: {
        summary: 'Messages of a key that were set aside, oldest first; a page at a time',
        tags: TAGS,
        querystring: ParkedQueryJson,
        response: { 200: ParkedPageJson },
      },
    },
    async ({ query: { key, group, after, limit } }) => {
      const rows = await progress.parked({ key, ...(group === undefined ? {} : { group }) })
      const rest = rows.filter(({ position }) => position > BigInt(after))
      const page = wholePositions(rest, limit)
      const last = page.at(-1)
      const more = rest.length > page.length && last !== undefined
      return { messages: page.map(parkedJson), next: more ? Number(last.position) : null }
    },
  )
  http.post(
    '/v1/parked-messages/replay',
    {
      preHandler: requireRole('operator', 'centre'),
      schema: {
        summary: 'Handle the messages of a key again, in their order, before newer ones of it',
        tags: TAGS,
        body: ReplayJson,
        response: { 202: ReplayAskedJson },
      },
    },
    async ({ body: { group, key } }, reply) => {
      const messages = await progress.requestReplay(group, key)
      if (messages === 0) {
        throw commonProblem('not-found', { detail: `${group} has no parked message of this key` })
      }
      return reply.code(202).send({ group, key, messages })
    },
  )
}

/**
 * About `limit` rows: what several groups parked at one position stays on one page, as pages go by
 * position.
 */
function wholePositions(rows: readonly ParkedRow[], limit: number): readonly ParkedRow[] {
  const last = rows[limit - 1]?.position
  return last === undefined ? rows : rows.filter(({ position }) => position <= last)
}

function parkedJson(row: ParkedRow): ParkedJson {
  const { group, topic, key, position, reason, replay, parkedAtMs, event } = row
  return {
    group,
    topic,
    key,
    position: Number(position),
    stream: event.stream,
    type: event.type,
    reason,
    parkedAt: instantFromMs(parkedAtMs),
    replay,
  }
}

/** HTTP to a service's own log: where it ends, and to have its relay send records again. */
import { Type } from 'typebox'
import { requireRole } from '../auth/caller.ts'
import type { EventStore } from '../event-store/port.ts'
import type { RunningRelay } from '../host/messaging.ts'
import { commonProblem } from '../http/problem.ts'
import type { Http } from '../http/server.ts'
import { HEAD_PATH } from '../kafka/head.ts'

const TAGS = ['operations']

const AgainJson = Type.Object({
  topic: Type.String({ minLength: 1, maxLength: 249 }),
  partition: Type.Integer({ minimum: 0, maximum: 1023 }),
  after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
})

/** `relay` is null where consumers read the store itself. */
export function addLogRoutes(
  http: Http,
  store: EventStore,
  relay: Pick<RunningRelay, 'tellNow' | 'again'> | null,
): void {
  http.get(
    HEAD_PATH,
    {
      preHandler: requireRole('service', 'operator'),
      schema: {
        summary: 'Where the log of the service ends now',
        tags: TAGS,
        response: { 200: Type.Object({ incarnation: Type.String(), position: Type.Integer() }) },
      },
    },
    async () => {
      const { incarnation, position } = await store.head()
      relay?.tellNow()
      return { incarnation, position: Number(position) }
    },
  )
  http.post(
    '/v1/log/again',
    {
      preHandler: requireRole('operator'),
      schema: {
        summary: 'Have the records of a topic-partition behind a position sent once more',
        tags: TAGS,
        body: AgainJson,
        response: { 202: AgainJson },
      },
    },
    async ({ body }, reply) => {
      if (relay === null) {
        throw commonProblem('not-found', { detail: 'no relay: consumers read the store itself' })
      }
      await relay.again(body.topic, body.partition, BigInt(body.after))
      return reply.code(202).send(body)
    },
  )
}

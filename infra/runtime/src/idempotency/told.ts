/** What OpenAPI says of `Idempotency-Key`; the header is checked where it is bound. */
import type { FastifySchema, RouteOptions } from 'fastify'
import { isCommand } from './plugin.ts'
import { KEY_HEADER, KEY_RULE } from './request.ts'

const HEADERS = {
  type: 'object',
  properties: {
    [KEY_HEADER]: {
      type: 'string',
      description:
        `${KEY_RULE}. Bound to the first request that is taken: the same request again gets the ` +
        'first answer, another one 422 idempotency-key-reused. A refused request binds nothing. ' +
        'The natural key in the request decides without it too',
    },
  },
} as const

const OF_LINES = "Idempotency-Key is not read: each line's own natural key decides."

type Told = FastifySchema & { readonly description?: string }

/** The route's schema with the header where it is read, and a word where one might expect it. */
export function told(schema: Told | undefined, route: RouteOptions): Told {
  if (isCommand(route)) return { ...schema, headers: HEADERS }
  if (route.config?.changes !== 'lines') return { ...schema }
  const description = [schema?.description, OF_LINES].filter(Boolean).join(' ')
  return { ...schema, description }
}

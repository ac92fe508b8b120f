/**
 * `Idempotency-Key` on every command: the key is bound to the request before it is decided, freed
 * when it is refused. The same request again goes on to its decider, which knows by the natural key
 * what it answered first; another request under the key is refused. Without the header none of this
 * happens.
 */
import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Http } from '../http/server.ts'
import { errorFields, type Logger } from '../service/logger.ts'
import type { Binding, IdempotencyKeys } from './port.ts'
import { newHolder } from './port.ts'
import { digestOf, KEY_HEADER, keyInvalid, keyReused, nameOf, parseKey } from './request.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's Idempotency-Key was bound to; null without the header. */
    binding: Binding | null
  }
  interface FastifyContextConfig {
    /**
     * What a POST, PUT or DELETE changes when it is no command: nothing, or something for each line
     * of its body, whose own natural key decides. Neither reads `Idempotency-Key`.
     */
    changes?: 'nothing' | 'lines'
  }
}

export type IdempotencyOptions = {
  readonly keys: IdempotencyKeys
  readonly logger: Logger
  readonly nowMs?: () => number
}

const COMMANDS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

type Done = (error?: Error) => void
type Reply = { readonly statusCode: number }
type Command = Pick<RouteOptions, 'method' | 'config'>

/** True for a route that asks for one thing to be done. */
export function isCommand({ method, config }: Command): boolean {
  if (config?.changes !== undefined || config?.public === true) return false
  return [method].flat().some(name => COMMANDS.has(name))
}

/** Takes effect for routes that are added afterwards. */
export function addIdempotencyKeys(app: Http, options: IdempotencyOptions): void {
  const { keys, logger, nowMs = Date.now } = options
  app.decorateRequest('binding', null)
  app.addHook('onRoute', route => {
    if (!isCommand(route)) return
    // Behind the route's own checks of the caller, who might else learn of other callers' keys.
    route.preHandler = [...listOf(route.preHandler), beforeDeciding]
    route.onSend = [...listOf(route.onSend), release]
    route.onResponse = [...listOf(route.onResponse), accept]
  })

  async function bind(request: FastifyRequest, value: string): Promise<void> {
    const key = parseKey(value)
    if (key === undefined) throw keyInvalid()
    const binding = bindingOf(request, key, nowMs())
    if (!(await keys.bind(binding))) throw keyReused()
    request.binding = binding
  }

  function beforeDeciding(request: FastifyRequest, _reply: unknown, done: Done): void {
    const value = request.headers[KEY_HEADER]
    if (value === undefined) done()
    else bind(request, String(value)).then(() => done(), done)
  }

  /** Before the caller hears of the refusal, so that a corrected request may follow at once. */
  function release({ binding }: FastifyRequest, reply: Reply, _body: unknown, done: Done): void {
    const { statusCode } = reply
    if (binding === null || statusCode < 400 || statusCode >= 500) done()
    else
      keys
        .release(binding)
        .catch(told)
        .then(() => done())
  }

  /** Behind the answer: until it is noted the request counts as under way, which binds as well. */
  function accept({ binding }: FastifyRequest, reply: Reply, done: Done): void {
    if (binding !== null && reply.statusCode < 400) keys.accept(binding).catch(told)
    done()
  }

  /** The answer stands; the key stays bound to this request until its holder counts as dead. */
  function told(error: unknown): void {
    logger.warn({ event: 'idempotency-key.kept', ...errorFields(error) })
  }
}

function bindingOf(request: FastifyRequest, key: string, nowMs: number): Binding {
  const { caller, method, routeOptions } = request
  const name = nameOf(caller, { method, route: routeOptions.url ?? '' }, key)
  return { name, digest: digestOf(request), holder: newHolder(nowMs) }
}

function listOf<T>(hooks: T | readonly T[] | undefined): readonly T[] {
  return hooks === undefined ? [] : ([hooks as T | readonly T[]].flat() as readonly T[])
}

/** A service's HTTP ground without a port, for tests of routes: add routes, then `call`. */
import { PROBLEM_CONTENT_TYPE } from '@tongchou/contracts/http/problem.ts'
import type { InjectOptions } from 'fastify'
import type { Grant, TestIssuer } from '../auth/issuer.ts'
import { createTestIssuer } from '../auth/issuer.ts'
import type { Http } from '../http/server.ts'
import { buildHttp } from '../http/server.ts'
import { MemoryIdempotencyKeys } from '../idempotency/memory.ts'
import type { IdempotencyKeys } from '../idempotency/port.ts'
import type { Health } from '../service/health.ts'
import { createHealth } from '../service/health.ts'
import { createLogger } from '../service/logger.ts'
import type { MetricsRegistry } from '../service/metrics.ts'
import { createMetricsRegistry } from '../service/metrics.ts'

export type TestReply = {
  readonly status: number
  readonly text: string
  /** The body as JSON; {} when it is none. */
  readonly json: Readonly<Record<string, unknown>>
  /** A member of the JSON body. */
  get(name: string): unknown
  header(name: string): string | undefined
  /** Last part of a problem's `type`; undefined when the reply is no problem. */
  readonly kind: string | undefined
}

export type TestHttp = {
  readonly app: Http
  readonly issuer: TestIssuer
  readonly health: Health
  readonly registry: MetricsRegistry
  /** Every log line so far, as text. */
  readonly logs: readonly string[]
  /** Sends a request with a hospital's token and a JSON body unless the options say otherwise. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    options?: CallOptions,
  ): Promise<TestReply>
  close(): Promise<void>
}

export type CallOptions = {
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: NonNullable<InjectOptions['payload']>
  readonly as?: Partial<Grant>
  readonly headers?: Readonly<Record<string, string>>
}

export const TEST_PUBLIC_URL = 'https://tongchou.test'

export async function createTestHttp(options?: {
  readonly routes?: (app: Http) => void
  readonly bodyLimitBytes?: number
  readonly loopDelayMsMax?: number
  readonly nowMs?: () => number
  readonly idempotencyKeys?: IdempotencyKeys
}): Promise<TestHttp> {
  const { routes, nowMs = Date.now, bodyLimitBytes = 65_536, loopDelayMsMax = 0 } = options ?? {}
  const logs: string[] = []
  const issuer = await createTestIssuer({ nowMs })
  const health = createHealth(nowMs)
  const registry = createMetricsRegistry()
  const destination = { write: (line: string) => void logs.push(line) }
  const app = await buildHttp({
    name: 'test',
    logger: createLogger({ service: 'test', level: 'debug', destination }),
    metrics: registry.forService('test'),
    metricsText: registry.text,
    health,
    auth: issuer.auth,
    idempotencyKeys: options?.idempotencyKeys ?? new MemoryIdempotencyKeys(nowMs),
    publicUrl: `${TEST_PUBLIC_URL}/`,
    bodyLimitBytes,
    loopDelayMsMax,
  })
  routes?.(app)
  return {
    app,
    issuer,
    health,
    registry,
    logs,
    call: (method, url, call = {}) => send(app, issuer, { method, url, call }),
    close: async () => {
      await app.close()
      await registry.close()
    },
  }
}

type Sent = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly call: CallOptions
}

const HOSPITAL: Grant = {
  role: 'hospital',
  institution: 'H110001',
  subject: 'h-1',
  ttlSeconds: 60,
}

async function send(
  app: Http,
  issuer: TestIssuer,
  { method, url, call }: Sent,
): Promise<TestReply> {
  const token = await issuer.issueToken({ ...HOSPITAL, ...call.as })
  const { body } = call
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const reply = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, ...json, ...call.headers },
    ...(body === undefined ? {} : { payload: body }),
  })
  const isJson = /json/.test(String(reply.headers['content-type']))
  const members: Readonly<Record<string, unknown>> = isJson ? reply.json() : {}
  const get = (name: string) => members[name]
  const header = (name: string) => reply.headers[name]?.toString()
  const isProblem = header('content-type') === PROBLEM_CONTENT_TYPE
  return {
    status: reply.statusCode,
    text: reply.body,
    json: members,
    get,
    header,
    kind: isProblem ? String(get('type')).slice(PROBLEMS.length) : undefined,
  }
}

const PROBLEMS = `${TEST_PUBLIC_URL}/problems/`

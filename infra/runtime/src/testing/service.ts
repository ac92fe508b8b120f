/**
 * One service over memory adapters without a port, for tests of its routes. Views follow when they
 * are waited for, so nothing runs in the background; consumers are tested elsewhere.
 */
import type { Uuid } from '@tongchou/contracts/id.ts'
import { uuidFrom } from '@tongchou/contracts/id.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import type { Grant } from '../auth/issuer.ts'
import { MemoryStore } from '../event-store/memory.ts'
import { NDJSON_CONTENT_TYPE } from '../http/body-parsers.ts'
import { MemoryKeys } from '../keys/memory.ts'
import type { MessageLog } from '../message-log/port.ts'
import type { ServiceDefinition, ServiceRuntime } from '../service/definition.ts'
import { Fault } from '../service/fault.ts'
import { SILENT } from '../service/logger.ts'
import { recorded } from '../service/recorded.ts'
import { MemoryViewStore } from '../view/memory.ts'
import type { TestHttp } from './http.ts'
import { createTestHttp } from './http.ts'

export type TestService = TestHttp & {
  readonly store: MemoryStore
  readonly keys: MemoryKeys
  readonly views: MemoryViewStore
  /** Types of all events so far, in order. */
  eventTypes(): Promise<readonly string[]>
  /** Sends records as NDJSON, text as it is; the answer lines, parsed. */
  importLines(
    url: string,
    records: readonly object[] | string,
    as: Partial<Grant>,
  ): Promise<readonly ImportAnswer[]>
}

export type ImportAnswer = {
  readonly line: number
  readonly ok: boolean
  readonly problem?: {
    readonly type: string
    readonly status: number
    readonly field?: string
    readonly [member: string]: unknown
  }
  readonly [member: string]: unknown
}

const PERSON_KEY = Buffer.alloc(32, 9)
const NAMESPACE = '5f2f7d0e-5a4e-5c8c-9d5b-1f2e3d4c5b6a' as Uuid

export type TestOptions = {
  readonly nowMs?: () => number
  readonly env?: ServiceRuntime['env']
  /** What the service hears of others when it is built; nothing unless told. */
  readonly log?: MessageLog
}

/**
 * Ids and time are the same in every run: `nowMs` stands still at 2025-03-10 10:00 in Shanghai
 * unless told.
 */
export async function createTestService(
  definition: ServiceDefinition,
  options: TestOptions = {},
): Promise<TestService> {
  const { nowMs = () => Date.UTC(2025, 2, 10, 2), env = {}, log = NO_LOG } = options
  const http = await createTestHttp({ nowMs })
  const store = new MemoryStore({ incarnation: NAMESPACE, nowMs })
  const views = new MemoryViewStore()
  const keys = new MemoryKeys()
  let ids = 0
  let applied = 0n
  await definition.build({
    name: definition.name,
    store,
    log,
    views,
    http: http.app,
    logger: SILENT,
    metrics: http.registry.forService(definition.name),
    env,
    clock: () => instantFromMs(nowMs()),
    newId: () => uuidFrom(NAMESPACE, String(++ids)),
    urlOf: () => 'http://nowhere.test',
    serviceToken: async () => 'none',
    personKey: PERSON_KEY,
    openKeys: async () => keys,
    caughtUp: async () => {
      for (const event of await store.readAll(applied, Number.MAX_SAFE_INTEGER)) {
        views.apply(definition.views, recorded(event))
        applied = event.position
      }
      return true
    },
  })
  return {
    ...http,
    store,
    keys,
    views,
    eventTypes: async () =>
      (await store.readAll(0n, Number.MAX_SAFE_INTEGER)).map(({ type }) => type),
    importLines: async (url, records, as) => {
      const token = await http.issuer.issueToken({
        role: 'agency',
        subject: 'a',
        ttlSeconds: 60,
        ...as,
      })
      const reply = await http.app.inject({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${token}`, 'content-type': NDJSON_CONTENT_TYPE },
        payload: bodyOf(records),
      })
      if (reply.statusCode !== 200) throw new Error(`${reply.statusCode}: ${reply.body}`)
      return reply.body
        .split('\n')
        .filter(Boolean)
        .map(text => JSON.parse(text))
    },
  }
}

function bodyOf(records: readonly object[] | string): string {
  if (typeof records === 'string') return records
  return records.map(record => `${JSON.stringify(record)}\n`).join('')
}

const NO_LOG: MessageLog = {
  subscribe: () => Promise.reject(new Fault('unavailable', 'no log in this test')),
  broadcast: () => Promise.reject(new Fault('unavailable', 'no log in this test')),
  head: async () => 0n,
  close: async () => {},
}

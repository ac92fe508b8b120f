/**
 * What kafkajs 2.2.4 must be kept from doing. Each guard replaces one method; the version is
 * asserted, because another one may have other insides. Found by measuring: design notes of the
 * Kafka spike, and `recoverFromFetch` by reading (a frozen leader was asked again for ever).
 */
import { createRequire } from 'node:module'

const VERSION = '2.2.4'
const require = createRequire(import.meta.url)

type Method = (this: never, ...given: never[]) => unknown
type Guarded = { readonly prototype: Record<string, Method> }

export type RequestQueue = {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  checkPendingRequests(): void
}

type Cluster = {
  findGroupCoordinator(group: { groupId: string }): Promise<unknown>
  refreshMetadata(): Promise<void>
}

export type GroupMember = {
  readonly cluster: Cluster
  readonly groupId: string
  coordinator: unknown
  readonly offsetManager?: { coordinator: unknown } | null
}

const CHECK_MS = 10
let installed = false

/** Once for the process; throws when kafkajs has another version. */
export function installGuards(version = versionFound()): void {
  if (version !== VERSION) {
    throw new Error(`kafkajs is ${version}: its guards are written for ${VERSION}, read them first`)
  }
  if (installed) return
  installed = true
  const queue = guarded('network/requestQueue')
  queue['scheduleCheckPendingRequests'] = function (this: RequestQueue) {
    checkLater(this)
  }
  const group = guarded('consumer/consumerGroup')
  group['heartbeat'] = withCoordinator(need(group, 'heartbeat'), 'swallow')
  group['recoverFromFetch'] = withFreshMetadata(need(group, 'recoverFromFetch'))
  const connection = guarded('network/connection')
  connection['connect'] = unlessRetired(need(connection, 'connect'))
  const offsets = guarded('consumer/offsetManager')
  offsets['commitOffsets'] = withCoordinator(need(offsets, 'commitOffsets'), 'throw')
}

function versionFound(): string {
  return (require('kafkajs/package.json') as { readonly version: string }).version
}

function guarded(file: string): Record<string, Method> {
  return (require(`kafkajs/src/${file}`) as Guarded).prototype
}

function need(prototype: Record<string, Method>, name: string): Method {
  const method = prototype[name]
  if (method === undefined) throw new Error(`kafkajs has no ${name} any more`)
  return method
}

/** Without it each connection has a timer every millisecond for ever: 5 % of a core for six. */
export function checkLater(queue: RequestQueue): void {
  if (queue.pending.length === 0 || queue.throttleCheckTimeoutId !== null) return
  const inMs = Math.max(queue.throttledUntil - Date.now(), CHECK_MS)
  queue.throttleCheckTimeoutId = setTimeout(() => {
    queue.throttleCheckTimeoutId = null
    queue.checkPendingRequests()
  }, inMs)
}

/**
 * kafkajs looks its group's coordinator up only when it joins: when another broker takes the
 * group over, heartbeats and commits go to the old one for ever. Looked up anew here; a heartbeat
 * is let pass then, a commit fails as it did and is tried again. While nobody can say who the
 * coordinator is, the first error stands, because that one is tried again and the other is not.
 */
export function withCoordinator(original: Method, after: 'swallow' | 'throw'): Method {
  return async function (this: GroupMember, ...given: never[]): Promise<unknown> {
    try {
      return await original.apply(this as never, given)
    } catch (error) {
      if (!hasMoved(error)) throw error
      const coordinator = await coordinatorOf(this)
      if (coordinator === undefined) throw error
      this.coordinator = coordinator
      if (this.offsetManager) this.offsetManager.coordinator = coordinator
      if (after === 'throw') throw error
      return undefined
    }
  }
}

async function coordinatorOf({ cluster, groupId }: GroupMember): Promise<unknown> {
  try {
    return await cluster.findGroupCoordinator({ groupId })
  } catch {
    return undefined
  }
}

const retired = new WeakSet<object>()

/**
 * What connects through the factory is given up by kafkajs at once. Without it retries within
 * retries go on for hours, and hold the process, when a client is closed while no broker answers.
 */
export function retire(socketFactory: object): void {
  retired.add(socketFactory)
}

export function unlessRetired(original: Method): Method {
  return function (this: { readonly socketFactory: object }): unknown {
    if (!retired.has(this.socketFactory)) return original.apply(this as never, [])
    const error = new Error('its client is closed or was replaced')
    return Promise.reject(Object.assign(error, { retriable: false }))
  }
}

/** A leader that does not answer may be one no more: without this it is asked again for minutes. */
export function withFreshMetadata(original: Method): Method {
  return async function (this: GroupMember, error: never): Promise<unknown> {
    if (textOf(error, 'name') !== 'KafkaJSRequestTimeoutError') {
      return original.apply(this as never, [error])
    }
    return this.cluster.refreshMetadata()
  }
}

const MOVED_TYPES: ReadonlySet<string> = new Set([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])
const MOVED_NAMES: ReadonlySet<string> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
])

export function hasMoved(error: unknown): boolean {
  return MOVED_TYPES.has(textOf(error, 'type')) || MOVED_NAMES.has(textOf(error, 'name'))
}

/** Error types that a producer does not get over: it must be replaced (codes 45, 47, 59). */
const SEQUENCE_LOST: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'UNKNOWN_PRODUCER_ID',
])

export function isSequenceLost(error: unknown): boolean {
  return typesOf(error).some(type => SEQUENCE_LOST.has(type))
}

/** The protocol's names of an error and of what caused it. */
export function typesOf(error: unknown, depth = 4): readonly string[] {
  if (typeof error !== 'object' || error === null || depth === 0) return []
  const { cause, originalError } = error as { cause?: unknown; originalError?: unknown }
  const behind = [cause, originalError].flatMap(each => typesOf(each, depth - 1))
  const own = textOf(error, 'type')
  return own === '' ? behind : [own, ...behind]
}

function textOf(error: unknown, field: 'type' | 'name'): string {
  if (typeof error !== 'object' || error === null) return ''
  const value = (error as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' ? value : ''
}

/**
 * Our schemas in any registry that speaks Confluent's API, over the usual client for Node. Which
 * compares levels with BACKWARD unless it is given one, and says that a server which is not there
 * answered 400.
 */
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import type { Level } from '@tongchou/contracts/avro/compatibility.ts'
import { levelOf } from '@tongchou/contracts/avro/compatibility.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { Fault } from '../service/fault.ts'

export const REGISTRY_SETTING = 'TONGCHOU_SCHEMA_REGISTRY'
const DEADLINE_MS = 10_000

/** Waiting does not help: the message says what does. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused'
}

export type SchemasOptions = {
  /** Of the registry, with its path and without credentials. */
  readonly url: string
  /** Bearer token for each request; null where the registry asks for none. */
  readonly token: (() => Promise<string>) | null
  readonly deadlineMs?: number
}

export type KnownSchema = {
  /** Full name of the record. */
  readonly name: string
  /** What resolution needs; attributes of one's own (`brand`, `values`) are not in it. */
  readonly schemaText: string
  /** CRC-64-AVRO as it stands behind `C3 01`. */
  readonly fingerprint: Buffer
}

export type Schemas = {
  readonly url: string
  /**
   * Registers, and gives the number; the same again gives the same. The subject gets the level, by
   * its name unless one is given. Throws SchemaRefused; Fault `unavailable` where waiting may help.
   */
  readonly register: (subject: string, schema: string, level?: Level) => Promise<number>
  /** The schema of a number, asked for once. Throws as `register` does. */
  readonly schemaOf: (id: number) => Promise<KnownSchema>
}

/** Subject of a record type on a topic that carries several (TopicRecordNameStrategy). */
export function subjectOf(topic: string, fullName: string): string {
  return `${topic}-${fullName}`
}

export function openSchemas(options: SchemasOptions): Schemas {
  const url = options.url.replace(/\/+$/, '')
  const { token, deadlineMs = DEADLINE_MS } = options
  const client = new SchemaRegistry({
    host: url,
    clientId: 'tongchou',
    middlewares: token === null ? [] : [withToken(token)],
  })
  const known = new Map<number, Promise<KnownSchema>>()

  function ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    return within(deadlineMs, work()).catch((cause: unknown) => {
      throw faultOf(`${REGISTRY_SETTING} ${url}: ${what}`, cause)
    })
  }

  return {
    url,
    async register(subject, schema, level = levelOf(subject)) {
      const { id } = await ask(`schema of subject ${subject}`, () =>
        client.register(
          { type: SchemaType.AVRO, schema },
          { subject, compatibility: COMPATIBILITY[level] },
        ),
      )
      return id
    },
    schemaOf(id) {
      const asked = known.get(id)
      if (asked !== undefined) return asked
      const answer = ask(`schema ${id}`, async () => knownSchema(await client.getSchema(id)))
      known.set(id, answer)
      answer.catch(() => known.delete(id)) // asked for again next time
      return answer
    },
  }
}

type AvroType = Parameters<typeof fingerprintOf>[0]

function knownSchema(schema: unknown): KnownSchema {
  const type = schema as AvroType // the client's type for "Avro or something else"
  return {
    name: type.name ?? '',
    schemaText: JSON.stringify(type.schema({ exportAttrs: true })),
    fingerprint: fingerprintOf(type),
  }
}

type Request<R> = { enhance(extras: { headers: { authorization: string } }): R }

function withToken(token: () => Promise<string>) {
  return () => ({
    prepareRequest: async <R extends Request<R>>(next: () => Promise<R>): Promise<R> => {
      const request = await next()
      return request.enhance({ headers: { authorization: `Bearer ${await token()}` } })
    },
  })
}

/** The client waits without end for a server that says nothing. */
async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = () => reject(new Fault('timeout', `no answer within ${deadlineMs} ms`))
  const timer = setTimeout(late, deadlineMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'the token is not taken: give this process one that the registry knows',
  403: 'the token may not register: give this process one that may write',
  404: 'no such schema there: is this the registry that the records were written with?',
  409: 'it may not follow the versions there: make a new version that can, or a new topic',
  422: 'the registry does not take it',
}

/** Says whose setting it is, what was refused and what to do. */
function faultOf(where: string, cause: unknown): Fault | SchemaRefused {
  const said = cause instanceof Error ? cause.message : String(cause)
  const status = statusOf(cause)
  const remedy = REMEDIES[status ?? 0]
  if (remedy !== undefined) {
    return new SchemaRefused(`${where}: ${remedy}. It says: ${said}`, { cause })
  }
  if (/Compatibility does not match/.test(said)) {
    const text = 'the subject has another level there: set ours, or let an operator decide'
    return new SchemaRefused(`${where}: ${text}. ${said}`, { cause })
  }
  if (mayPass(cause, status, said)) {
    return new Fault('unavailable', `${where}: no answer: ${said}`, { cause })
  }
  const text = status === undefined ? 'it cannot be asked' : 'it is no registry that we understand'
  return new SchemaRefused(`${where}: ${text}: ${said}`, { cause })
}

function mayPass(cause: unknown, status: number | undefined, said: string): boolean {
  if (cause instanceof Fault) return cause.retryable
  return status !== undefined && (status >= 500 || status === 429 || NOT_THERE.test(said))
}

/** The client says status 400 of a server that it never reached. */
const NOT_THERE = /ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|EPIPE|socket hang up/

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined
  return typeof error.status === 'number' ? error.status : undefined
}

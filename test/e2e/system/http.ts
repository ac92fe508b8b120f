/** Requests as callers send them: kept-alive connections, tokens by role, bodies as text. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Grant, Issuer } from '@tongchou/runtime/auth/issuer.ts'
import { Agent, request } from 'undici'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [name: string]: Json }

export type As = Omit<Grant, 'subject' | 'ttlSeconds'> & { readonly subject?: string }

export type Call = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Null: without a token. Text: that very token. */
  readonly as: As | string | null
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Reply = {
  readonly status: number
  readonly text: string
  readonly header: (name: string) => string | undefined
  /** The body; an empty object when it is no JSON. */
  readonly json: JsonObject
  /** Last part of a problem's type. */
  readonly kind: string | undefined
}

export const NDJSON = 'application/x-ndjson'
const CONNECTIONS = 64
const TOKEN_S = 3600
const RETRIES = 20

export class Caller {
  readonly #issuer: Issuer
  readonly #agent = new Agent({ connections: CONNECTIONS, headersTimeout: 110_000, bodyTimeout: 0 })
  readonly #tokens = new Map<string, Promise<string>>()

  constructor(issuer: Issuer) {
    this.#issuer = issuer
  }

  token(as: As): Promise<string> {
    const name = JSON.stringify(as)
    const known = this.#tokens.get(name)
    if (known !== undefined) return known
    const made = this.#issuer.issueToken({ subject: 'tester', ttlSeconds: TOKEN_S, ...as })
    this.#tokens.set(name, made)
    return made
  }

  async call(url: string, { as, body, headers, ...call }: Call): Promise<Reply> {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const sent = body === undefined || raw ? body : JSON.stringify(body)
    const token = as === null || typeof as === 'string' ? as : await this.token(as)
    const reply = await request(url, {
      method: call.method ?? (body === undefined ? 'GET' : 'POST'),
      dispatcher: this.#agent,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    })
    const text = await reply.body.text()
    const json = objectOf(text)
    const { type } = json
    return {
      status: reply.statusCode,
      text,
      header: name => reply.headers[name]?.toString(),
      json,
      kind: typeof type === 'string' ? type.split('/problems/')[1] : undefined,
    }
  }

  /** As a hospital does: what a door cannot answer now is sent again, as often as it says so. */
  async patient(url: string, call: Call): Promise<Reply> {
    for (let attempt = 0; ; attempt++) {
      const reply = await this.call(url, call)
      if (reply.status !== 503 || attempt === RETRIES) return reply
      await sleep(Number(reply.header('retry-after')) * 1000)
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

function objectOf(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Records as the body of an import. */
export function ndjson(records: readonly unknown[]): string {
  return records.map(record => `${JSON.stringify(record)}\n`).join('')
}

export type AnswerLine = JsonObject & { readonly line: number; readonly ok: boolean }

export function answerLines(text: string): readonly AnswerLine[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

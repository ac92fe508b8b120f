/** A request as an `Idempotency-Key` knows it: under which name, and what makes it the same. */
import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import type { HttpProblem } from '../http/problem.ts'
import { commonProblem } from '../http/problem.ts'

export const KEY_HEADER = 'idempotency-key'
export const KEY_LENGTH_MAX = 128
export const KEY_RULE = `1 to ${KEY_LENGTH_MAX} visible ASCII characters, bare or in quotes`

const BARE = /^[!#-~][!-~]*$/
/** A string of RFC 9651 §3.3.3: quotes and backslashes inside it have a backslash before them. */
const QUOTED = /^"((?:[!#-[\]-~]|\\["\\])+)"$/

/**
 * The key that the header's value stands for: a bare one and the same one in quotes are equal.
 * Undefined when it breaks `KEY_RULE`.
 * @source draft-ietf-httpapi-idempotency-key-header-07 §2.1, which knows the quoted form alone
 */
export function parseKey(value: string): string | undefined {
  const inner = QUOTED.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1')
  const key = inner ?? (BARE.test(value) ? value : undefined)
  return key === undefined || key.length > KEY_LENGTH_MAX ? undefined : key
}

/** SHA-256 over who asks what kind of thing under which key. JSON of texts is injective. */
export function nameOf(
  { subject, institution, region }: Caller,
  { method, route }: { readonly method: string; readonly route: string },
  key: string,
): Buffer {
  return sha256(JSON.stringify([subject, institution, region, method, route, key]))
}

/** SHA-256 of method, address and body; bodies that differ in layout or order alone are equal. */
export function digestOf({ method, url, body }: Pick<FastifyRequest, 'method' | 'url' | 'body'>) {
  return sha256(`${method} ${url}\n${body === undefined ? '' : canonicalJson(body)}`)
}

function sha256(text: string): Buffer {
  return Buffer.from(hash('sha256', text), 'hex')
}

/** Members by name, no spaces. Bodies hold integers and nest 64 deep at most. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  const texts = members.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`)
  return `{${texts.join()}}`
}

export function keyInvalid(): HttpProblem {
  return commonProblem('idempotency-key-invalid', {
    detail: `the header Idempotency-Key takes ${KEY_RULE}`,
    extensions: { field: `header.${KEY_HEADER}`, rule: KEY_RULE },
  })
}

export function keyReused(): HttpProblem {
  return commonProblem('idempotency-key-reused', {
    detail: 'nothing was stored; send this request under a key of its own',
    extensions: { field: `header.${KEY_HEADER}` },
  })
}

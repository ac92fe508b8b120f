/**
 * JSON request bodies, read strictly: UTF-8, whole numbers written plainly, bounded depth, no
 * `__proto__`.
 */
import { isUtf8 } from 'node:buffer'
import { parse } from 'secure-json-parse'
import { commonProblem } from './problem.ts'

const MAX_DEPTH = 64
const MAX_SAFE_DIGITS = 15

const QUOTE = 0x22
const BACKSLASH = 0x5c
const DOT = 0x2e
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const UPPER_E = 0x45
const LOWER_E = 0x65

/** `plain`: every number is a short plain integer, so that JSON.parse loses nothing. */
type Scan = 'plain' | 'numbers' | 'deep'

/**
 * One pass over the bytes outside strings: is there a number that needs a closer look, or too deep
 * a nest?
 */
function scan(bytes: Buffer): Scan {
  let depth = 0
  let digits = 0
  let found: Scan = 'plain'
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0
    if (byte >= ZERO && byte <= NINE) {
      digits += 1
      if (digits > MAX_SAFE_DIGITS) found = 'numbers'
      continue
    }
    if (byte === QUOTE) i = endOfString(bytes, i)
    // `{` and `[` differ from `}` and `]` in one bit; bit 5 makes the pairs alike.
    else if ((byte | 0x20) === 0x7b) depth += 1
    else if ((byte | 0x20) === 0x7d) depth -= 1
    else if (byte === DOT || (byte === MINUS && bytes[i + 1] === ZERO)) found = 'numbers'
    else if (digits > 0 && (byte === LOWER_E || byte === UPPER_E)) found = 'numbers'
    if (depth > MAX_DEPTH) return 'deep'
    digits = 0
  }
  return found
}

function endOfString(bytes: Buffer, start: number): number {
  for (let i = start + 1; i < bytes.length; i += 1) {
    const byte = bytes[i]
    if (byte === QUOTE) return i
    if (byte === BACKSLASH) i += 1
  }
  return bytes.length
}

/** A number that is refused, with the text it was written in. */
class RefusedNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]*)$/

/** Third argument of a JSON.parse reviver: the text that a primitive stood in. */
function sourceOf(context: unknown): string {
  if (typeof context !== 'object' || context === null || !('source' in context)) return ''
  return String(context.source)
}

function refusing(_key: string, value: unknown, ...rest: readonly unknown[]): unknown {
  if (typeof value !== 'number') return value
  const source = sourceOf(rest[0])
  return PLAIN_INTEGER.test(source) && Number.isSafeInteger(value)
    ? value
    : new RefusedNumber(source)
}

function decimalsAsText(_key: string, value: unknown, ...rest: readonly unknown[]): unknown {
  if (typeof value !== 'number') return value
  const source = sourceOf(rest[0])
  if (PLAIN_INTEGER.test(source)) {
    return Number.isSafeInteger(value) ? value : new RefusedNumber(source)
  }
  return /[eE]/.test(source) ? new RefusedNumber(source) : source
}

export type JsonBodyOptions = {
  /**
   * Fractions arrive as the text that was sent ("12.30"), for doors whose money has two decimals.
   */
  readonly decimalsAsText?: boolean
}

/** Throws HttpProblem `malformed`, naming field and rule where there is one. */
export function parseJsonBody(bytes: Buffer, options: JsonBodyOptions = {}): unknown {
  if (bytes.length === 0) throw malformed('the body is empty', '', 'json')
  if (!isUtf8(bytes)) throw malformed('the body is not UTF-8', '', 'utf-8')
  const found = scan(bytes)
  if (found === 'deep') {
    throw malformed(`the body nests deeper than ${MAX_DEPTH} levels`, '', `depth: ${MAX_DEPTH}`)
  }
  const text = bytes.toString('utf8')
  if (found === 'plain') return parsed(text)
  const value = parsed(text, options.decimalsAsText === true ? decimalsAsText : refusing)
  const refused = refusedIn(value)
  if (refused === null) return value
  throw numberProblem(refused.field, refused.source)
}

type Reviver = (key: string, value: unknown, ...rest: readonly unknown[]) => unknown

function parsed(text: string, reviver?: Reviver): unknown {
  try {
    const value: unknown = parse(text, reviver)
    return value
  } catch (error) {
    const forbidden = error instanceof Error && error.message.includes('forbidden prototype')
    throw forbidden
      ? malformed('the body has a property called __proto__ or constructor', '', 'property-name')
      : malformed('the body is not JSON', '', 'json')
  }
}

type Refused = { readonly field: string; readonly source: string }

/** The first refused number in reading order; depth is bounded by the scan. */
function refusedIn(value: unknown, field = ''): Refused | null {
  if (value instanceof RefusedNumber) return { field, source: value.source }
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const path = Array.isArray(value) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`
    const found = refusedIn(inner, path)
    if (found !== null) return found
  }
  return null
}

function numberProblem(field: string, source: string) {
  const large = PLAIN_INTEGER.test(source)
  const rule = large ? `maximum: ${Number.MAX_SAFE_INTEGER}` : 'integer'
  const must = large
    ? 'must be within plus or minus 9007199254740991'
    : 'must be an integer written plainly, without fraction, exponent or -0'
  return malformed(`${field === '' ? 'the body' : field} ${must}`, field, rule)
}

export function malformed(detail: string, field: string, rule: string) {
  return commonProblem('malformed', { detail, extensions: { field: cut(field), rule: cut(rule) } })
}

const MAX_NAME = 160

/** Field names can be the caller's own: bounded and printable. */
function cut(text: string): string {
  return text.slice(0, MAX_NAME).replaceAll(/[^\x20-\x7e\u4e00-\u9fff]/g, '?')
}

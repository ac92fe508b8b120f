/**
 * Schemas to checks: bodies as they are, query strings and paths with their types made; one fault
 * named.
 */
import { isBusinessDate, isInstant } from '@tongchou/contracts/time.ts'
import type { ErrorObject, Options } from 'ajv'
import { Ajv } from 'ajv'
import type { FastifySchemaValidationError } from 'fastify'
import { malformed } from './json-body.ts'
import type { HttpProblem } from './problem.ts'
import type { Http } from './server.ts'

const OPTIONS: Options = {
  allErrors: false,
  removeAdditional: false,
  useDefaults: true,
  strict: false,
  formats: { 'business-date': isBusinessDate, instant: isInstant },
}

type Route = { readonly schema: unknown; readonly httpPart?: string }
type Check = { (data: unknown): boolean; errors?: ErrorObject[] | null }

/** Fastify's validator compiler: bodies are never coerced, everything else comes as text and is. */
export function createValidatorCompiler(): (route: Route) => Check {
  const strict = new Ajv({ ...OPTIONS, coerceTypes: false })
  const coercing = new Ajv({ ...OPTIONS, coerceTypes: 'array' })
  return ({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? strict : coercing
    const check = ajv.compile(httpPart === 'headers' ? objectOf(schema) : objectOf(closed(schema)))
    return check
  }
}

/** No text of ours holds a NUL, and PostgreSQL takes none: not in paths, not in queries. */
export function refuseNul(app: Http): void {
  app.addHook('preValidation', (request, _reply, done) => {
    if (!request.url.includes('%00')) return done()
    const name = nameOfNul(request.params, 'path') ?? nameOfNul(request.query, 'query')
    done(name === undefined ? undefined : malformed(`${name} holds a NUL`, name, 'no NUL'))
  })
}

function nameOfNul(values: unknown, place: string): string | undefined {
  const found = Object.entries(Object(values)).find(part => part.join().includes('\0'))
  return found === undefined ? undefined : `${place}.${found[0]}`
}

function objectOf(schema: unknown): object {
  if (typeof schema !== 'object' || schema === null) throw new TypeError('a schema is an object')
  return schema
}

/**
 * The schema with every object in it taking no properties but its own, unless it says otherwise.
 */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, KEPT.has(key) ? value : closed(value)]),
  )
  const open = 'properties' in schema && !('additionalProperties' in schema) && !('allOf' in schema)
  return open ? { ...copy, additionalProperties: false } : copy
}

/** Keywords whose values are data, not schemas. */
const KEPT = new Set(['default', 'const', 'enum', 'examples', 'required', 'pattern'])

const PREFIX: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** What Ajv says of the keywords that occur here. */
type Params = {
  readonly missingProperty?: unknown
  readonly additionalProperty?: unknown
  readonly limit?: unknown
  readonly type?: unknown
  readonly pattern?: unknown
  readonly format?: unknown
  readonly allowedValues?: unknown
  readonly allowedValue?: unknown
  readonly multipleOf?: unknown
}

/** What Fastify hands over when a check fails, as the problem `malformed`. */
export function validationProblem(
  errors: readonly FastifySchemaValidationError[],
  context: string | undefined,
): HttpProblem {
  const error = errors.reduce((a, b) => (b.instancePath.length > a.instancePath.length ? b : a))
  const { keyword } = error
  const params: Params = error.params
  const named = params.missingProperty ?? params.additionalProperty
  const at = dotted(error.instancePath)
  const inner = typeof named === 'string' ? (at === '' ? named : `${at}.${named}`) : at
  const prefix = PREFIX[context ?? ''] ?? ''
  const field = prefix === '' ? inner : inner === '' ? prefix : `${prefix}.${inner}`
  const subject = field === '' ? 'the body' : field
  return malformed(`${subject} ${sentence(keyword, error.message)}`, field, ruleOf(keyword, params))
}

function sentence(keyword: string, message: string | undefined): string {
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties') return 'is not a known property'
  if (keyword === 'pattern') return 'has characters or a form that is not allowed'
  return message ?? 'is not valid'
}

/** `/lines/0/quantity` → `lines[0].quantity`. */
function dotted(pointer: string): string {
  let path = ''
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (/^[0-9]+$/.test(name)) path += `[${name}]`
    else path += path === '' ? name : `.${name}`
  }
  return path
}

/** The keyword with its limit: `maxLength: 40`, `type: integer`, `required`. */
function ruleOf(keyword: string, params: Params): string {
  const limit =
    params.limit ??
    params.type ??
    params.pattern ??
    params.format ??
    params.allowedValues ??
    params.allowedValue ??
    params.multipleOf
  if (limit === undefined) return keyword
  return `${keyword}: ${Array.isArray(limit) ? limit.join('|') : String(limit)}`
}

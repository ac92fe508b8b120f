/**
 * Requests that fit a route's schema and name the data of one region: bodies, parameters, lines.
 */
import assert from 'node:assert/strict'
import type { Json, JsonObject } from './http.ts'
import { isObject } from './http.ts'
import type { Parameter, Route } from './routes.ts'
import { members } from './routes.ts'

/** Values by the name of a property or parameter; a name that is absent is filled by its schema. */
export type Names = Readonly<Record<string, Json>>

export type Samples = {
  readonly namesFor: (route: Route) => Names
  /** Bodies that a schema cannot tell, by `service METHOD path`. */
  readonly bodies: Readonly<Record<string, JsonObject>>
  /** One record for each import and batch, by `service METHOD path`. */
  readonly lines: Readonly<Record<string, JsonObject>>
  /** Routes that take no body at all. */
  readonly bodiless: ReadonlySet<string>
}

export type Sample = {
  readonly path: string
  readonly body?: JsonObject
  /** A record of an NDJSON body. */
  readonly line?: JsonObject
}

/** The route asked for the data that `names` tell, with required parameters only. */
export function sampleOf(route: Route, samples: Samples): Sample {
  const names = samples.namesFor(route)
  const path = pathOf(route, names)
  const { name, body, method } = route
  if (method === 'GET' || method === 'DELETE' || samples.bodiless.has(name)) return { path }
  const line = samples.lines[name]
  if (line !== undefined) return { path, line }
  const known = samples.bodies[name]
  if (known !== undefined) return { path, body: known }
  assert.ok(body !== null, `${name}: say in the samples what is sent to this route`)
  const made = fitting('', body, names)
  assert.ok(isObject(made), `${name} takes no object`)
  return { path, body: made }
}

export function pathOf(route: Route, names: Names): string {
  const filled = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = route.parameters.find(known => known.name === name)
    return encodeURIComponent(String(parameterOf(parameter, name, names)))
  })
  const query = route.parameters.filter(({ place, required }) => place === 'query' && required)
  const text = query.map(parameter => {
    return `${parameter.name}=${encodeURIComponent(String(parameterOf(parameter, '', names)))}`
  })
  return text.length === 0 ? filled : `${filled}?${text.join('&')}`
}

function parameterOf(parameter: Parameter | undefined, name: string, names: Names): Json {
  return fitting(parameter?.name ?? name, parameter?.schema ?? {}, names)
}

/** A value that the schema takes: of the name, or the default, or the least there is. */
export function fitting(name: string, schema: JsonObject, names: Names): Json {
  const { default: preset, enum: values, anyOf, type } = schema
  const named = atTime(names[name], schema)
  if (named !== undefined && (!Array.isArray(values) || values.includes(named))) return named
  if (preset !== undefined) return preset
  if (Array.isArray(values)) return values[0]
  if (Array.isArray(anyOf)) return fitting(name, members(anyOf[0]), names)
  const kind = Array.isArray(type) ? type.at(-1) : type
  switch (kind) {
    case 'object':
      return objectOf(schema, names)
    case 'array':
      return Number(schema['minItems'] ?? 0) > 0
        ? [fitting('', members(schema['items']), names)]
        : []
    case 'integer':
      return schema['minimum'] ?? 1
    case 'boolean':
      return false
    case 'string':
      return textOf(name, schema)
    default:
      return assert.fail(`${name}: say in the samples what stands here`)
  }
}

/** A day is named by its beginning where an instant is asked for. */
function atTime(value: Json | undefined, { format }: JsonObject): Json | undefined {
  const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
  return isDay && format === 'instant' ? `${value}T00:00:00.000Z` : value
}

function objectOf(schema: JsonObject, names: Names): JsonObject {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  const properties = members(schema['properties'])
  return Object.fromEntries(
    required.map(name => [name, fitting(name, members(properties[name]), names)]),
  )
}

function textOf(name: string, schema: JsonObject): string {
  if (schema['format'] === 'business-date') return '2025-03-03'
  if (schema['format'] === 'instant') return '2025-03-03T00:00:00.000Z'
  const { pattern = '' } = schema
  const text = 'TEXT1'
  const fits = pattern === '' || new RegExp(String(pattern), 'u').test(text)
  assert.ok(fits, `${name}: say in the samples what fits ${pattern}`)
  return text
}

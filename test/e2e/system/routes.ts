/**
 * Every route of every service, as its openapi.json tells it: a new route is under test by itself.
 */
import assert from 'node:assert/strict'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { Json, JsonObject } from './http.ts'
import { isObject } from './http.ts'
import type { System } from './system.ts'

export type Parameter = {
  readonly name: string
  readonly place: 'path' | 'query'
  readonly required: boolean
  readonly schema: JsonObject
}

export type Route = {
  /** `clearing POST /v1/claims/{claimId}/reversal` */
  readonly name: string
  readonly service: ServiceName
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** Schema of a JSON body; null where there is none, or lines. */
  readonly body: JsonObject | null
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const

export async function routesOf(system: System): Promise<readonly Route[]> {
  const routes: Route[] = []
  for (const service of SERVICES) {
    const { json } = await system.call(service, '/openapi.json', { as: null })
    const own = Object.entries(members(json['paths'])).flatMap(([path, operations]) =>
      METHODS.flatMap(method => {
        const operation = members(operations)[method.toLowerCase()]
        return operation === undefined ? [] : [routeOf(service, method, path, members(operation))]
      }),
    )
    assert.ok(own.length > 0, `${service} tells no route`)
    assertAllTold(system, service, own)
    routes.push(...own)
  }
  return routes
}

function routeOf(
  service: ServiceName,
  method: Route['method'],
  path: string,
  operation: JsonObject,
): Route {
  const given = Array.isArray(operation['parameters']) ? operation['parameters'] : []
  const asked = given.filter(isObject).filter(({ in: place }) => place !== 'header')
  const parameters = asked.map(({ name, in: place, required, schema }) => ({
    name: String(name),
    place: place === 'path' ? ('path' as const) : ('query' as const),
    required: required === true,
    schema: members(schema),
  }))
  const content = members(members(operation['requestBody'])['content'])
  const schema = members(content['application/json'])['schema']
  return {
    name: `${service} ${method} ${path}`,
    service,
    method,
    path,
    parameters,
    body: isObject(schema) ? schema : null,
  }
}

/** What needs no token and stands in no openapi.json. */
const UNTOLD = new Set([
  ...['/health/live', '/health/ready', '/metrics'],
  ...['/openapi.json', '/asyncapi.json', '/asyncapi'],
])
const LEAF = /^([│ ]*)[├└]── (\S+) \([A-Z, ]+\)$/

/** A route without a schema would be in no test: Fastify's own list is compared. */
function assertAllTold(system: System, service: ServiceName, told: readonly Route[]): void {
  const http = system.hosted.find(({ name }) => name === service)?.http
  const printed = http?.printRoutes({ commonPrefix: false }) ?? ''
  const paths = new Set(told.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')))
  const above: { readonly depth: number; readonly path: string }[] = []
  let compared = 0
  for (const line of printed.split('\n')) {
    const [, indent = '', part = ''] = LEAF.exec(line) ?? []
    if (part === '') continue
    while ((above.at(-1)?.depth ?? -1) >= indent.length) above.pop()
    const path = `${above.at(-1)?.path ?? ''}${part}`
    above.push({ depth: indent.length, path })
    const known = UNTOLD.has(path) || paths.has(path)
    assert.ok(known, `${service} ${path} is in no openapi.json: give the route a schema`)
    compared += 1
  }
  assert.ok(compared > UNTOLD.size, `the routes of ${service} were not read`)
}

export function members(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

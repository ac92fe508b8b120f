/** Schemas by id, and whether one may follow others. */
import type { Incompatibility } from '@tongchou/contracts/avro/compatibility.ts'
import { obstacles } from '@tongchou/contracts/avro/compatibility.ts'
import type { Http } from '../../http/server.ts'
import type { Registry } from '../registry.ts'
import { obstaclesOf, sentence, versionOf } from '../rules/decide.ts'
import { RegistryRefusal } from '../rules/refusal.ts'
import type { Registered } from '../rules/state.ts'
import {
  Deleted,
  SchemaBody,
  SchemaId,
  Subject,
  SubjectVersion,
  sentSchema,
  sentSubject,
  sentVersion,
  Verbose,
} from './inputs.ts'

/** A question with a body. */
const ASKS = { changes: 'nothing' } as const

export function addSchemaRoutes(app: Http, registry: Registry): void {
  app.get('/schemas/types', { schema: {} }, () => ['AVRO'])
  app.get('/schemas/ids/:id', { schema: { params: SchemaId } }, async ({ params }) => {
    return { schema: (await withId(registry, params.id)).text }
  })
  app.get('/schemas/ids/:id/schema', { schema: { params: SchemaId } }, async (request, reply) =>
    reply.serializer(String).send((await withId(registry, request.params.id)).text),
  )
  app.get(
    '/schemas/ids/:id/versions',
    { schema: { params: SchemaId, querystring: Deleted } },
    async ({ params: { id }, query }) => {
      await withId(registry, id)
      return (await registry.state()).uses(id, query.deleted)
    },
  )
  app.get(
    '/schemas/ids/:id/subjects',
    { schema: { params: SchemaId, querystring: Deleted } },
    async ({ params: { id }, query }) => {
      await withId(registry, id)
      const uses = (await registry.state()).uses(id, query.deleted)
      return [...new Set(uses.map(({ subject }) => subject))]
    },
  )
}

async function withId(registry: Registry, id: number): Promise<Registered> {
  const registered = (await registry.state()).withId(id)
  if (registered !== undefined) return registered
  throw new RegistryRefusal('schema-not-found', `Schema ${id} not found`)
}

export function addCompatibilityRoutes(app: Http, registry: Registry): void {
  app.post(
    '/compatibility/subjects/:subject/versions',
    { config: ASKS, schema: { params: Subject, querystring: Verbose, body: SchemaBody } },
    async ({ params, query, body }) => {
      const candidate = sentSchema(body)
      const state = await registry.state()
      return verdict(obstaclesOf(sentSubject(params), candidate, state), query.verbose)
    },
  )
  app.post(
    '/compatibility/subjects/:subject/versions/:version',
    { config: ASKS, schema: { params: SubjectVersion, querystring: Verbose, body: SchemaBody } },
    async ({ params, query, body }) => {
      const subject = sentSubject(params)
      const version = sentVersion(params)
      const { schema } = sentSchema(body)
      const state = await registry.state()
      // What has no versions yet takes everything.
      if (version === 'latest' && state.versions(subject, false).length === 0) {
        return verdict([], query.verbose)
      }
      const against = versionOf(subject, version, { state, withHidden: false })
      const earlier = state.earlier(subject).filter(one => one.version === against.version)
      return verdict(obstacles(state.level(subject), schema, earlier), query.verbose)
    },
  )
}

function verdict(found: readonly Incompatibility[], verbose: boolean) {
  const told = { is_compatible: found.length === 0 }
  return verbose ? { ...told, messages: found.map(sentence) } : told
}

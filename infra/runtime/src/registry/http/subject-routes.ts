/** Subjects, their versions, and what may follow them. */
import { assert } from '@tongchou/contracts/decision.ts'
import { requireRole } from '../../auth/caller.ts'
import type { Http } from '../../http/server.ts'
import type { Registry } from '../registry.ts'
import { versionOf } from '../rules/decide.ts'
import { RegistryRefusal, subjectNotFound } from '../rules/refusal.ts'
import type { RegistryState, Version } from '../rules/state.ts'
import {
  Deleted,
  importedAs,
  Permanent,
  pageOf,
  SchemaBody,
  Subject,
  SubjectList,
  SubjectVersion,
  sentSchema,
  sentSubject,
  sentVersion,
} from './inputs.ts'

const MAY_WRITE = requireRole('service')

/** A question with a body. */
const ASKS = { changes: 'nothing' } as const

export function addSubjectRoutes(app: Http, registry: Registry): void {
  app.get('/subjects', { schema: { querystring: SubjectList } }, async ({ query }) =>
    pageOf((await registry.state()).subjects(query.deleted), query),
  )
  app.post(
    '/subjects/:subject',
    { config: ASKS, schema: { params: Subject, querystring: Deleted, body: SchemaBody } },
    async ({ params, query, body }) => {
      const subject = sentSubject(params)
      const { text } = sentSchema(body)
      const state = await registry.state()
      const versions = state.versions(subject, query.deleted)
      if (versions.length === 0) throw subjectNotFound(subject)
      const found = versions.findLast(({ id }) => id === state.idOf(text))
      if (found === undefined) throw new RegistryRefusal('schema-not-found', 'Schema not found')
      return shown(subject, found, state)
    },
  )
  app.delete(
    '/subjects/:subject',
    { preHandler: MAY_WRITE, schema: { params: Subject, querystring: Permanent } },
    async ({ params, query: { permanent } }) =>
      registry.change({ type: 'delete', subject: sentSubject(params), version: null, permanent }),
  )
  addVersionRoutes(app, registry)
}

function addVersionRoutes(app: Http, registry: Registry): void {
  const one = '/subjects/:subject/versions/:version'
  app.get(
    '/subjects/:subject/versions',
    { schema: { params: Subject, querystring: Deleted } },
    async ({ params, query }) => {
      const subject = sentSubject(params)
      const versions = (await registry.state()).versions(subject, query.deleted)
      if (versions.length === 0) throw subjectNotFound(subject)
      return versions.map(({ version }) => version)
    },
  )
  app.post(
    '/subjects/:subject/versions',
    { preHandler: MAY_WRITE, schema: { params: Subject, body: SchemaBody } },
    async ({ params, body }) => {
      const subject = sentSubject(params)
      const candidate = sentSchema(body)
      const command = { type: 'register', subject, candidate, ...importedAs(body) } as const
      const [id] = await registry.change(command)
      return { id }
    },
  )
  app.get(one, { schema: { params: SubjectVersion, querystring: Deleted } }, async request => {
    const { subject, version, state } = await found(registry, request)
    return shown(subject, version, state)
  })
  app.get(
    `${one}/schema`,
    { schema: { params: SubjectVersion, querystring: Deleted } },
    async (request, reply) => {
      const { subject, version, state } = await found(registry, request)
      return reply.serializer(String).send(shown(subject, version, state).schema)
    },
  )
  /** Nothing refers to a schema: references are not taken. */
  app.get(
    `${one}/referencedby`,
    { schema: { params: SubjectVersion, querystring: Deleted } },
    async request => {
      await found(registry, request)
      return []
    },
  )
  app.delete(
    one,
    { preHandler: MAY_WRITE, schema: { params: SubjectVersion, querystring: Permanent } },
    async ({ params, query: { permanent } }) => {
      const subject = sentSubject(params)
      const version = sentVersion(params)
      return (await registry.change({ type: 'delete', subject, version, permanent }))[0]
    },
  )
}

type Asked = {
  readonly params: { readonly subject: string; readonly version: string }
  readonly query: { readonly deleted: boolean }
}

async function found(registry: Registry, { params, query }: Asked) {
  const subject = sentSubject(params)
  const asked = sentVersion(params)
  const state = await registry.state()
  const version = versionOf(subject, asked, { state, withHidden: query.deleted })
  return { subject, version, state }
}

function shown(subject: string, { version, id }: Version, state: RegistryState) {
  const registered = state.withId(id)
  assert(registered !== undefined, `version ${version} of ${subject} has no schema`)
  return { subject, version, id, schema: registered.text }
}

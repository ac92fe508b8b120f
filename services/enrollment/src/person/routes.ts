import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import {
  EnrolmentJson,
  ErasureQueryJson,
  PersonIdJson,
  PersonJson,
  PersonNoJson,
  PersonPageJson,
} from '@tongchou/contracts/http/person.ts'
import { RegionJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { batchMeta, commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { IMPORT_ROUTE, importLines } from '@tongchou/runtime/door/import-lines.ts'
import { PAGE_QUERY, readPage } from '@tongchou/runtime/door/page.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actingRegion, actsFor } from '@tongchou/runtime/door/region.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { NONCE_BYTES } from '@tongchou/runtime/keys/wrap.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import { Type } from 'typebox'
import type { PersonalData } from '../personal-data/seal.ts'
import { digestOf, seal, unseal } from '../personal-data/seal.ts'
import type { Ports } from '../ports.ts'
import { personJson, refuseReading } from './answer.ts'
import type { PersonCommand } from './commands.ts'
import { decide } from './decide.ts'
import { PERSON_PROBLEMS } from './problems.ts'
import type { PersonRefusal } from './refusals.ts'
import type { Enrolled } from './state.ts'
import { personView } from './view.ts'

const agencies = requireRole('agency', 'centre')
const readers = requireRole('agency', 'centre', 'auditor', 'service')

export function personProblem(refusal: PersonRefusal): HttpProblem {
  return refusalProblem(PERSON_PROBLEMS, refusal)
}

export function addPersonRoutes(ports: Ports): void {
  addEnrolment(ports)
  addReading(ports)
  addErasure(ports)
}

function addEnrolment(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (records: readonly EnrolmentJson[], caller: Caller) => enrol(ports, records, caller)
  http.post(
    '/v1/persons',
    {
      preHandler: agencies,
      schema: { body: EnrolmentJson, response: { 201: PersonIdJson } },
    },
    async (request, reply) => {
      const [answer] = await take([request.body], request.caller)
      if (answer === undefined || answer instanceof HttpProblem) throw answer
      reply.header('location', `/v1/persons/${request.body.personNo}`)
      return reply.code(201).send(answer)
    },
  )
  http.post(
    '/v1/persons::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: EnrolmentJson, take, logger, chunksAtOnce: 2 }),
  )
}

type Answered = { readonly personId: PersonId }

/**
 * Enrols any number of persons: their keys in one round trip, durable before anything is sealed
 * under them, then their events in another. Answers in order.
 */
async function enrol(
  ports: Ports,
  records: readonly EnrolmentJson[],
  caller: Caller,
): Promise<readonly (Answered | HttpProblem)[]> {
  const { runtime, persons, keys } = ports
  const ids = records.map(({ personNo }) => personIdOf(runtime.personKey, personNo))
  const own = records.map(({ regionCode }) => actsFor(caller, regionCode))
  const keyOf = await keys.obtain([...new Set(ids.filter((_, index) => own[index]))])
  const metaOf = batchMeta(runtime, caller)
  const nonces = randomBytes(NONCE_BYTES * records.length)
  const answers = new Array<Answered | HttpProblem>(records.length)
  const requests: Request<PersonCommand>[] = []
  const asked: number[] = []
  records.forEach((record, index) => {
    const personId = ids[index]
    const key = personId === undefined ? undefined : keyOf.get(personId)
    if (personId === undefined || key === undefined) {
      answers[index] = personProblem({ kind: 'other-region' })
    } else if (key === 'destroyed') {
      answers[index] = personProblem({ kind: 'personal-data-erased' })
    } else {
      const nonce = nonces.subarray(index * NONCE_BYTES, (index + 1) * NONCE_BYTES)
      const sealing = { key: createSecretKey(key), nonce }
      const data = enrolmentOf(record, personId, sealing)
      const command = { type: 'EnrolPerson', data, meta: metaOf() } as const
      requests.push({ stream: persons.streamOf(personId), command })
      asked.push(index)
    }
  })
  const handled = await persons.handleAll(requests, { probablyNew: true })
  handled.forEach(({ decision }, at) => {
    const index = asked[at] ?? 0
    const personId = ids[index]
    if (!decision.accepted) answers[index] = personProblem(decision.refusal)
    else if (personId !== undefined) answers[index] = { personId }
  })
  return answers
}

type Sealing = { readonly key: KeyObject; readonly nonce: Buffer }

function enrolmentOf(record: EnrolmentJson, personId: PersonId, { key, nonce }: Sealing) {
  const { personNo, idNumber, name, lastYearWageFen: wage } = record
  const lastYearWageFen = wage === undefined || wage === null ? null : fen(wage)
  const personal: PersonalData = { personNo, idNumber, name, lastYearWageFen }
  const { regionCode, scheme, status, sex, bornOn, coveredFrom, coveredTo } = record
  return {
    personId,
    regionCode,
    scheme,
    status,
    sex,
    bornOn: businessDate(bornOn),
    coveredFrom: businessDate(coveredFrom),
    coveredTo: coveredTo === undefined || coveredTo === null ? null : businessDate(coveredTo),
    premiumPaidOn: paidOn(record.premiumPaidOn),
    personal: seal(personal, personId, key, nonce),
    personalDigest: digestOf(personal, key),
    statusChanges: (record.statusChanges ?? []).map(change => ({
      status: change.status,
      changedOn: businessDate(change.on),
    })),
  }
}

function paidOn(day: EnrolmentJson['premiumPaidOn']) {
  return day === undefined || day === null ? null : businessDate(day)
}

function addReading(ports: Ports): void {
  const { runtime, persons } = ports
  runtime.http.get(
    '/v1/persons/:personNo',
    { preHandler: readers, schema: { params: PersonNoJson, response: { 200: PersonJson } } },
    async request => {
      const { caller } = request
      const personId = personIdOf(runtime.personKey, request.params.personNo)
      const { state } = await persons.reload(persons.streamOf(personId))
      const refused = refuseReading(state, caller.region)
      if (refused !== null) throw personProblem(refused.refusal)
      if (state.status === 'unknown') throw personProblem({ kind: 'unknown-person' })
      return personJson(state, caller.role === 'agency' ? await personalOf(ports, state) : null)
    },
  )
  const query = Shape({ ...PAGE_QUERY, regionCode: Type.Optional(RegionJson) })
  runtime.http.get(
    '/v1/persons',
    { preHandler: readers, schema: { querystring: query, response: { 200: PersonPageJson } } },
    async request => {
      const { regionCode, ...page } = request.query
      const { region } = request.caller
      const wanted = regionCode ?? region
      if (region !== null && wanted !== region) throw personProblem({ kind: 'other-region' })
      await runtime.caughtUp(TOPICS.coverage, CAUGHT_UP_MS)
      const equals = wanted === null ? {} : { regionCode: wanted }
      const found = await readPage(runtime.views, personView, { equals, by: 'personId', ...page })
      return { persons: found.rows.map(({ statusFrom, ...row }) => row), next: found.next }
    },
  )
}

const CAUGHT_UP_MS = 1000

/** Null when they are erased, or their key is gone although the fact is not recorded yet. */
async function personalOf({ keys }: Ports, state: Enrolled): Promise<PersonalData | null> {
  const { personId } = state.facts
  if (state.personal === null) return null
  const key = (await keys.find([personId])).get(personId)
  if (key === undefined || key === 'destroyed') return null
  return unseal(state.personal.sealed, personId, createSecretKey(key)) ?? null
}

/**
 * The key is destroyed first, the fact recorded after: what the event says is then true. A crash
 * between the two leaves data that nobody can open; the same request again records it.
 */
function addErasure(ports: Ports): void {
  const { runtime, persons, keys } = ports
  runtime.http.delete(
    '/v1/persons/:personNo/personal-data',
    {
      preHandler: agencies,
      schema: {
        params: PersonNoJson,
        querystring: ErasureQueryJson,
        response: { 200: PersonIdJson },
      },
    },
    async request => {
      const personId = personIdOf(runtime.personKey, request.params.personNo)
      const askedBy = actingRegion(request.caller)
      const meta: CommandMeta = commandMeta(runtime, request.caller)
      const data = { reason: request.query.reason, askedBy }
      const command = { type: 'ErasePersonalData', data, meta } as const
      const stream = persons.streamOf(personId)
      const first = decide(command, (await persons.reload(stream)).state)
      if (!first.accepted) throw personProblem(first.refusal)
      await keys.destroy(personId)
      const { decision } = await persons.handle(stream, command)
      if (!decision.accepted) throw personProblem(decision.refusal)
      runtime.logger.info({ event: 'person.erased', stream })
      return { personId }
    },
  )
}

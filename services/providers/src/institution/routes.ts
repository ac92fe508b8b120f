import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import {
  AgreementJson,
  DesignationJson,
  DoctorsJson,
  InstitutionCodeJson,
  InstitutionIdJson,
  InstitutionJson,
  InstitutionPageJson,
  ReinstatementJson,
  RenameJson,
  SuspensionJson,
} from '@tongchou/contracts/http/reference/institution.ts'
import { RegionJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import type { Institution } from '@tongchou/contracts/reference/institutions.ts'
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
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import { Type } from 'typebox'
import type { Ports } from '../ports.ts'
import type { DesignateInstitution, InstitutionCommand } from './commands.ts'
import type { InstitutionRefusal } from './decide.ts'
import { INSTITUTION_PROBLEMS } from './problems.ts'
import { institutionOf, institutionView } from './view.ts'

const agencies = requireRole('agency', 'centre')

/** A rename of a rename of …: a longer chain is refused as unknown. */
const MAX_RENAMES = 64
const CAUGHT_UP_MS = 1000

function problemOf(refusal: InstitutionRefusal): HttpProblem {
  return refusalProblem(INSTITUTION_PROBLEMS, refusal)
}

export function addInstitutionRoutes(ports: Ports): void {
  addDesignation(ports)
  addAgreements(ports)
  addSuspensions(ports)
  addRenames(ports)
  addReading(ports)
}

function streamOf(code: string): string {
  return `institution-${uuidFrom(NAMESPACE.institution, code)}`
}

type Answered = { readonly institutionCode: string }

function addDesignation(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (records: readonly DesignationJson[], caller: Caller) =>
    designate(ports, records, caller)
  http.post(
    '/v1/institutions',
    {
      preHandler: agencies,
      schema: { body: DesignationJson, response: { 201: InstitutionIdJson } },
    },
    async (request, reply) => {
      const [answer] = await take([request.body], request.caller)
      if (answer === undefined || answer instanceof HttpProblem) throw answer
      reply.header('location', `/v1/institutions/${answer.institutionCode}`)
      return reply.code(201).send(answer)
    },
  )
  http.post(
    '/v1/institutions::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: DesignationJson, take, logger }),
  )
}

/** Designates any number of institutions. Answers in order. */
async function designate(
  { runtime, institutions }: Ports,
  records: readonly DesignationJson[],
  caller: Caller,
): Promise<readonly (Answered | HttpProblem)[]> {
  const metaOf = batchMeta(runtime, caller)
  const answers = new Array<Answered | HttpProblem>(records.length)
  const requests: Request<DesignateInstitution>[] = []
  const asked: number[] = []
  records.forEach((record, index) => {
    const { institutionCode, regionCode } = record
    answers[index] = { institutionCode }
    if (!actsFor(caller, regionCode)) {
      answers[index] = problemOf({ kind: 'other-region' })
      return
    }
    const meta = metaOf()
    const data = designationOf(record)
    const command: DesignateInstitution = { type: 'DesignateInstitution', data, meta }
    requests.push({ stream: streamOf(institutionCode), command })
    asked.push(index)
  })
  const handled = await institutions.handleAll(requests, { probablyNew: true })
  handled.forEach(({ decision }, at) => {
    if (!decision.accepted) answers[asked[at] ?? 0] = problemOf(decision.refusal)
  })
  return answers
}

function designationOf(record: DesignationJson): DesignateInstitution['data'] {
  return {
    ...record,
    agreementFrom: businessDate(record.agreementFrom),
    agreementTo: businessDate(record.agreementTo),
    grade: record.grade ?? null,
  }
}

type Found = { readonly canonicalCode: string; readonly institution: Institution }

/** The institution behind any of its codes, read from the streams; undefined when there is none. */
async function resolve({ institutions }: Ports, code: string): Promise<Found | undefined> {
  let canonicalCode = code
  for (let links = 0; links <= MAX_RENAMES; links++) {
    const { state } = await institutions.reload(streamOf(canonicalCode))
    if (state.status === 'designated') return { canonicalCode, institution: state.institution }
    if (state.status === 'free') return undefined
    canonicalCode = state.formerCode
  }
  return undefined
}

type Asking = (meta: CommandMeta, askedBy: string | null) => InstitutionCommand

/** Handles one command to the institution behind a code. Throws the refusal as a problem. */
async function handle(
  ports: Ports,
  code: string,
  asking: { readonly caller: Caller; readonly command: Asking },
): Promise<Answered> {
  const { caller, command } = asking
  const found = await resolve(ports, code)
  if (found === undefined) throw problemOf({ kind: 'unknown-institution' })
  const { canonicalCode: institutionCode } = found
  const { decision } = await ports.institutions.handle(
    streamOf(institutionCode),
    command(commandMeta(ports.runtime, caller), actingRegion(caller)),
  )
  if (!decision.accepted) throw problemOf(decision.refusal)
  return { institutionCode }
}

const ANSWER = { params: InstitutionCodeJson, response: { 200: InstitutionIdJson } }

function addAgreements(ports: Ports): void {
  const { http } = ports.runtime
  http.post(
    '/v1/institutions/:code/agreement',
    { preHandler: agencies, schema: { ...ANSWER, body: AgreementJson } },
    ({ params, body, caller }) => {
      const agreementFrom = businessDate(body.agreementFrom)
      const agreementTo = businessDate(body.agreementTo)
      const command: Asking = (meta, askedBy) => ({
        type: 'RenewAgreement',
        data: { agreementFrom, agreementTo, askedBy },
        meta,
      })
      return handle(ports, params.code, { caller, command })
    },
  )
  http.post(
    '/v1/institutions/:code/doctors',
    { preHandler: agencies, schema: { ...ANSWER, body: DoctorsJson } },
    ({ params, body, caller }) => {
      const { doctors } = body
      const command: Asking = (meta, askedBy) => ({
        type: 'RegisterDoctors',
        data: { doctors, askedBy },
        meta,
      })
      return handle(ports, params.code, { caller, command })
    },
  )
}

function addSuspensions(ports: Ports): void {
  const { http } = ports.runtime
  http.post(
    '/v1/institutions/:code/suspensions',
    { preHandler: agencies, schema: { ...ANSWER, body: SuspensionJson } },
    ({ params, body, caller }) => {
      const { reason, suspendedTo: to } = body
      const suspendedFrom = businessDate(body.suspendedFrom)
      const suspendedTo = to === undefined || to === null ? null : businessDate(to)
      const command: Asking = (meta, askedBy) => ({
        type: 'SuspendInstitution',
        data: { suspendedFrom, suspendedTo, reason, askedBy },
        meta,
      })
      return handle(ports, params.code, { caller, command })
    },
  )
  http.post(
    '/v1/institutions/:code/reinstatement',
    { preHandler: agencies, schema: { ...ANSWER, body: ReinstatementJson } },
    ({ params, body, caller }) => {
      const reinstatedOn = businessDate(body.reinstatedOn)
      const command: Asking = (meta, askedBy) => ({
        type: 'ReinstateInstitution',
        data: { reinstatedOn, askedBy },
        meta,
      })
      return handle(ports, params.code, { caller, command })
    },
  )
}

/**
 * The rename is decided on the stream of the new code; what stands behind the former one never
 * changes hands.
 */
function addRenames(ports: Ports): void {
  const { runtime, institutions } = ports
  runtime.http.post(
    '/v1/institutions/:code/renames',
    { preHandler: agencies, schema: { ...ANSWER, body: RenameJson } },
    async ({ params, body, caller }) => {
      const { newCode } = body
      const found = await resolve(ports, params.code)
      const former = found === undefined ? null : { regionCode: found.institution.regionCode }
      const askedBy = actingRegion(caller)
      const { decision } = await institutions.handle(streamOf(newCode), {
        type: 'RenameInstitution',
        data: { newCode, formerCode: params.code, former, askedBy },
        meta: commandMeta(runtime, caller),
      })
      if (!decision.accepted) throw problemOf(decision.refusal)
      return { institutionCode: found?.canonicalCode ?? params.code }
    },
  )
}

/** Which institutions may treat is public: every caller with a token reads all regions. */
function addReading(ports: Ports): void {
  const { runtime } = ports
  runtime.http.get(
    '/v1/institutions/:code',
    { schema: { params: InstitutionCodeJson, response: { 200: InstitutionJson } } },
    async ({ params }) => {
      const found = await resolve(ports, params.code)
      if (found === undefined) throw problemOf({ kind: 'unknown-institution' })
      return answerOf(found.institution)
    },
  )
  const querystring = Shape({ ...PAGE_QUERY, regionCode: Type.Optional(RegionJson) })
  runtime.http.get(
    '/v1/institutions',
    { schema: { querystring, response: { 200: InstitutionPageJson } } },
    async ({ query }) => {
      const { regionCode, ...page } = query
      await runtime.caughtUp(TOPICS.institution, CAUGHT_UP_MS)
      const equals = regionCode === undefined ? {} : { regionCode }
      const by = 'institutionCode'
      const { rows, next } = await readPage(runtime.views, institutionView, { equals, by, ...page })
      return { institutions: rows.map(row => answerOf(institutionOf(row))), next }
    },
  )
}

function answerOf(institution: Institution): InstitutionJson {
  const { network, grade, doctors, agreements, suspensions, ...rest } = institution
  return {
    ...rest,
    network: network as InstitutionJson['network'],
    grade: grade as InstitutionJson['grade'],
    doctors: [...doctors],
    agreements: [...agreements],
    suspensions: [...suspensions],
  }
}

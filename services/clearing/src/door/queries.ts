/**
 * HTTP to answers: one claim, lists, daily totals, eligibility, pre-settlement, explanation,
 * entitlement.
 */
import { ClaimJson, ClaimStatusJson } from '@tongchou/contracts/http/claim.ts'
import { CodeJson, DateJson, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { coveredOn, filingsFor, statusOn } from '@tongchou/contracts/reference/coverage.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { businessDateOf } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import type { Criteria } from '@tongchou/runtime/view/port.ts'
import { Type } from 'typebox'
import type { Submission } from '../claim/state.ts'
import type { ClaimsApi } from '../claims-api.ts'
import type { ParkedApi, Wait } from '../parked-api.ts'
import { checkParsed, refusalProblem } from './check.ts'
import type { ClaimRoutePorts } from './routes.ts'
import { send, waitMs } from './routes.ts'
import { isOwn, judgeAll } from './submit.ts'
import type { ClaimRow, DailyTotalRow } from './view.ts'
import { claimView, dailyTotalView } from './view.ts'

const CATCH_UP_MS = 1000
const READERS = ['hospital', 'agency', 'centre', 'auditor', 'reviewer', 'service'] as const

export type QueryPorts = ClaimRoutePorts & {
  readonly claimsApi: ClaimsApi
  readonly parkedApi: ParkedApi
}

type Place = Pick<Submission, 'institutionCode' | 'treatingRegion' | 'insuredRegion'>

/** A hospital sees its own claims, an agency those in which its region insures or treats. */
export function refuseOthers(caller: Caller, place: Place, ports: ClaimRoutePorts): void {
  if (caller.role === 'hospital') {
    if (isOwn(caller, place.institutionCode, ports.known)) return
    throw refusalProblem({ kind: 'other-institution', field: 'institutionCode' })
  }
  if (mayReadRegion(caller, place.treatingRegion) || mayReadRegion(caller, place.insuredRegion))
    return
  throw refusalProblem({ kind: 'other-region' })
}

async function placeOf(ports: ClaimRoutePorts, claimId: string, caller: Caller) {
  const { state } = await ports.handler.load(ports.handler.streamOf(claimId))
  if (state.status === 'none') throw refusalProblem({ kind: 'unknown-claim' })
  refuseOthers(caller, state.submission, ports)
  return state
}

export function addClaimQueries(http: Http, ports: QueryPorts): void {
  const params = Type.Object({ claimId: UuidJson })
  http.get(
    '/v1/claims/:claimId',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'One claim as it stands; Prefer: wait=N waits for its answer',
        tags: ['claims'],
        params,
        response: { 200: ClaimStatusJson, 202: ClaimStatusJson },
      },
    },
    async (request, reply) => {
      const { claimId } = request.params
      const found = await placeOf(ports, claimId, request.caller)
      const stream = ports.handler.streamOf(claimId)
      const state = await ports.waiting.answered(stream, found, waitMs(request))
      const waits = await ports.parkedApi.waitsOf(claimId, state)
      const waitsFor = waits.map(wait => toldTo(request.caller, wait))
      return { ...send(reply, state), waitsFor }
    },
  )
  http.get(
    '/v1/claims/:claimId/explanation',
    {
      preHandler: requireRole(...READERS),
      schema: { summary: 'How the shares came about, step by step', tags: ['claims'], params },
    },
    async request => {
      const { submission } = await placeOf(ports, request.params.claimId, request.caller)
      return ports.claimsApi.explanation(submission.personId, request.params.claimId as ClaimId)
    },
  )
  addLists(http, ports)
  addCounter(http, ports)
}

/** Why a message failed is for those who mend it: a reason may name parts inside. */
function toldTo({ role }: Caller, wait: Wait): Wait {
  const inside = role === 'centre' || role === 'auditor' || role === 'service'
  return inside ? wait : { ...wait, reason: null }
}

const ListQuery = Type.Object({
  institutionCode: Type.Optional(CodeJson),
  claimNo: Type.Optional(CodeJson),
  state: Type.Optional(Type.String({ maxLength: 20 })),
  after: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})

function addLists(http: Http, ports: QueryPorts): void {
  http.get(
    '/v1/claims',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'Claims in the order of submission',
        tags: ['claims'],
        querystring: ListQuery,
      },
    },
    async ({ query, caller }) => {
      const { limit = 100, after = 0 } = query
      const scope = scopeOf(caller, query.institutionCode)
      const equals = {
        ...scope,
        ...(query.claimNo === undefined ? {} : { claimNo: query.claimNo }),
        ...(query.state === undefined ? {} : { state: query.state }),
      }
      const criteria: Criteria<ClaimRow> = {
        equals,
        from: { submittedPosition: BigInt(after) + 1n },
        orderBy: ['submittedPosition'],
        limit,
      }
      const claims = await ports.views.find(claimView, criteria)
      return {
        claims: claims.map(rowJson),
        next: Number(claims.at(-1)?.submittedPosition ?? after),
      }
    },
  )
  http.get(
    '/v1/daily-totals',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary:
          'Settled and reversed by institution, day and kind: what an institution reconciles',
        tags: ['claims'],
        querystring: Type.Object({
          institutionCode: Type.Optional(CodeJson),
          from: DateJson,
          to: DateJson,
        }),
      },
    },
    async ({ query, caller }) => {
      const { treatingRegion, ...institution } = scopeOf(caller, query.institutionCode)
      const region = treatingRegion === undefined ? {} : { regionCode: treatingRegion }
      const criteria: Criteria<DailyTotalRow> = {
        equals: { ...institution, ...region },
        from: { on: query.from },
        to: { on: query.to },
        limit: 10_000,
      }
      const totals = await ports.views.find(dailyTotalView, criteria)
      return { totals: totals.map(rowJson) }
    },
  )
}

/** What lists are limited to by the token: the institution, or claims treated in the region. */
function scopeOf(
  caller: Caller,
  institutionCode: string | undefined,
): { institutionCode?: string; treatingRegion?: string } {
  if (caller.role === 'hospital') {
    if (institutionCode !== undefined && institutionCode !== caller.institution) {
      throw refusalProblem({ kind: 'other-institution', field: 'institutionCode' })
    }
    return { institutionCode: caller.institution }
  }
  const institution = institutionCode === undefined ? {} : { institutionCode }
  return caller.region === null ? institution : { ...institution, treatingRegion: caller.region }
}

export function rowJson(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  )
}

/** What is asked at the counter, before a claim exists. */
function addCounter(http: Http, ports: QueryPorts): void {
  http.post(
    '/v1/claims::presettle',
    {
      preHandler: requireRole('hospital', 'service'),
      config: { decimalsAsText: true },
      schema: {
        summary: 'What a claim would come to; nothing is stored',
        tags: ['claims'],
        body: ClaimJson,
      },
    },
    async request => {
      const claim = checkParsed(request.body)
      if (claim instanceof HttpProblem) throw claim
      const [judged] = await judgeAll(ports, [{ claim, caller: request.caller }])
      if (judged === undefined) throw new Error('one item has one judgement')
      if (!judged.ok) throw refusalProblem(judged.refusal)
      return ports.claimsApi.quote(judged.facts)
    },
  )
  http.post(
    '/v1/eligibility',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'Is the person covered on the day, under what, and filed for where?',
        tags: ['claims'],
        body: Type.Object({
          personNo: CodeJson,
          on: DateJson,
          institutionCode: Type.Optional(CodeJson),
        }),
      },
    },
    async ({ body, caller }) => {
      const on = body.on as BusinessDate
      const personId = personIdOf(ports.personKey, body.personNo)
      const { facts } = await personOf(ports, personId)
      const period = coveredOn(facts, on)
      if (period === undefined) throw refusalProblem({ kind: 'not-covered', field: 'on', on })
      if (caller.role === 'agency') refuseOtherRegion(caller, period.regionCode)
      const code = body.institutionCode ?? caller.institution ?? undefined
      const institution =
        code === undefined ? undefined : ports.known.institutions.resolve(code)?.institution
      return {
        covered: true,
        insuredRegion: period.regionCode,
        scheme: period.scheme,
        status: statusOn(facts, on, period.scheme),
        filings: institution === undefined ? [] : filingsFor(facts, institution.regionCode),
      }
    },
  )
  addEntitlement(http, ports)
}

function addEntitlement(http: Http, ports: QueryPorts): void {
  http.get(
    '/v1/persons/:personNo/entitlement',
    {
      preHandler: requireRole('hospital', 'agency', 'centre', 'auditor', 'service'),
      schema: {
        summary: 'Running totals of the year and the personal account',
        tags: ['claims'],
        params: Type.Object({ personNo: CodeJson }),
        querystring: Type.Object({ on: Type.Optional(DateJson) }),
      },
    },
    async ({ params, query, caller }) => {
      const personId = personIdOf(ports.personKey, params.personNo)
      const { facts } = await personOf(ports, personId)
      const on = (query.on ?? businessDateOf(ports.clock())) as BusinessDate
      const period = coveredOn(facts, on)
      if (caller.role === 'agency') refuseOtherRegion(caller, period?.regionCode)
      if (period === undefined) return ports.claimsApi.entitlement(personId, { on })
      const { regionCode: region, scheme } = period
      const status = statusOn(facts, on, scheme)
      return ports.claimsApi.entitlement(personId, { on, region, scheme, status })
    },
  )
}

function refuseOtherRegion(caller: Caller, regionCode: string | undefined): void {
  if (regionCode !== undefined && mayReadRegion(caller, regionCode)) return
  throw refusalProblem({ kind: 'other-region' })
}

/** Law 2: unknown only after the view has caught up. */
async function personOf(ports: QueryPorts, personId: PersonId) {
  const known = (await ports.known.persons([personId])).get(personId)
  if (known !== undefined) return known
  if (!(await ports.known.caughtUp(CATCH_UP_MS))) throw new Fault('unavailable', 'views are behind')
  const later = (await ports.known.persons([personId])).get(personId)
  if (later === undefined) throw refusalProblem({ kind: 'unknown-person', field: 'personNo' })
  return later
}

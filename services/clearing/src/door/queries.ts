/** HTTP to answers about claims: one claim, its explanation, lists, daily totals. */

import { PRESETTLEMENT } from '@tongchou/contracts/http/account.ts'
import { PositionJson } from '@tongchou/contracts/http/balance.ts'
import { ClaimStatusJson } from '@tongchou/contracts/http/claim.ts'
import { CodeJson, DateJson, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import { commonProblem, type HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { Criteria } from '@tongchou/runtime/view/port.ts'
import { Type } from 'typebox'
import type { Submission } from '../claim/state.ts'
import type { ClaimsApi } from '../claims-api.ts'
import type { ParkedApi, Wait } from '../parked-api.ts'
import { submittedIn } from '../submission/routes.ts'
import { refusalProblem } from './check.ts'
import type { ClaimRoutePorts } from './routes.ts'
import { send, waitMs } from './routes.ts'
import { isOwn } from './submit.ts'
import type { ClaimRow, DailyTotalRow } from './view.ts'
import { claimView, dailyTotalsOf, dailyTotalView } from './view.ts'

/** A year of an institution with all kinds has about 12,000. */
const DAILY_ROWS_MAX = 50_000
export const READERS = ['hospital', 'agency', 'centre', 'auditor', 'reviewer', 'service'] as const

export type QueryPorts = ClaimRoutePorts & {
  readonly claimsApi: ClaimsApi
  readonly parkedApi: ParkedApi
  readonly store: Pick<EventStore, 'readStreams'>
}

type Place = Pick<Submission, 'institutionCode' | 'treatingRegion' | 'insuredRegion'>

/** A hospital sees its own claims, an agency those in which its region insures or treats. */
export function refuseOthers(caller: Caller, place: Place, ports: ClaimRoutePorts): void {
  if (caller.role === 'hospital') {
    if (isOwn(caller, place.institutionCode, ports.known)) return
    throw otherInstitution()
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
      schema: {
        summary: 'How the shares came about, step by step and line by line',
        description: 'With what a pre-settlement said of itself: which assumption has changed',
        tags: ['claims'],
        params,
        querystring: Type.Object({ presettlement: Type.Optional(PRESETTLEMENT) }),
      },
    },
    async ({ params: { claimId }, query, caller }) => {
      await placeOf(ports, claimId, caller)
      const { data } = await submittedIn(ports, ports.handler.streamOf(claimId))
      return ports.claimsApi.explanation(data, query.presettlement)
    },
  )
  addLists(http, ports)
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
  after: Type.Optional(PositionJson),
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
        limit: DAILY_ROWS_MAX,
      }
      const rows = await ports.views.find(dailyTotalView, criteria)
      if (rows.length === DAILY_ROWS_MAX) {
        throw commonProblem('too-large', { detail: 'ask for fewer days, or for one institution' })
      }
      return { totals: dailyTotalsOf(rows).map(rowJson) }
    },
  )
}

export function otherInstitution(): HttpProblem {
  return refusalProblem({ kind: 'other-institution', field: 'institutionCode' })
}

/** What lists are limited to by the token: the institution, or claims treated in the region. */
function scopeOf(
  caller: Caller,
  institutionCode: string | undefined,
): { institutionCode?: string; treatingRegion?: string } {
  if (caller.role === 'hospital') {
    if (institutionCode !== undefined && institutionCode !== caller.institution) {
      throw otherInstitution()
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

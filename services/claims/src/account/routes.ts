/**
 * HTTP to accounts: one, many, an explanation, the closing of a year. Read for the insured region.
 */
import {
  AccountJson,
  AccountPageJson,
  type AccountRowJson,
  YearJson,
} from '@tongchou/contracts/http/account.ts'
import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import { type PersonId, uuid } from '@tongchou/contracts/id.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import { businessDateOf, yearOf } from '@tongchou/contracts/time.ts'
import { type Caller, mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { PAGE_QUERY, readPage } from '@tongchou/runtime/door/page.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actsFor } from '@tongchou/runtime/door/region.ts'
import type { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { Type } from 'typebox'
import type { AccountPorts } from '../ports.ts'
import { accountJson, amountsJson } from './answer.ts'
import type { AccountRefusal } from './decide.ts'
import { readAccount } from './load.ts'
import { ACCOUNT_PROBLEMS, type AccountDoorRefusal } from './problems.ts'
import type { AccountState } from './state.ts'
import { type AccountRow, accountView, yearsOf } from './view.ts'

const TAGS = ['accounts']
/**
 * Benefits are personal: who pays them reads them, who checks them, and the door for the person's
 * own sake.
 */
export const ACCOUNT_READERS = ['service', 'agency', 'auditor'] as const

export function addAccountRoutes(http: Http, ports: AccountPorts): void {
  addReading(http, ports)
  addClosing(http, ports)
}

function addReading(http: Http, ports: AccountPorts): void {
  http.get(
    '/v1/accounts/:personId',
    {
      preHandler: requireRole(...ACCOUNT_READERS),
      schema: {
        summary: 'Balance and running totals of a year, the newest with claims unless told',
        tags: TAGS,
        params: Shape({ personId: UuidJson }),
        querystring: Shape({ year: Type.Optional(YearJson) }),
        response: { 200: AccountJson },
      },
    },
    async ({ params, query, caller }) => {
      const personId = uuid<PersonId>(params.personId)
      const { events, state } = await readAccount(ports.store, personId)
      if (events.length === 0) throw accountProblem({ kind: 'unknown-account' })
      refuseOthers(caller, state.insured?.regionCode)
      return accountJson(personId, state, query.year ?? newestYear(state, ports))
    },
  )
  http.get(
    '/v1/accounts',
    {
      preHandler: requireRole(...ACCOUNT_READERS),
      schema: {
        summary: 'Accounts of the region of the token, by person; a page at a time',
        tags: TAGS,
        querystring: Shape({ ...PAGE_QUERY, after: Type.Optional(UuidJson) }),
        response: { 200: AccountPageJson },
      },
    },
    async ({ query, caller }) => {
      const equals = caller.region === null ? {} : { regionCode: caller.region }
      const page = await readPage(ports.views, accountView, { equals, by: 'personId', ...query })
      return { accounts: page.rows.map(rowJson), next: page.next }
    },
  )
}

function newestYear({ years }: AccountState, { clock }: AccountPorts): number {
  const newest = years.reduce((last, { year }) => Math.max(last, year), 0)
  return newest === 0 ? yearOf(businessDateOf(clock())) : newest
}

function rowJson(row: AccountRow): AccountRowJson {
  const { personId, regionCode, scheme, balanceFen } = row
  return {
    personId,
    regionCode: regionCode === '' ? null : regionCode,
    scheme: scheme === '' ? null : scheme,
    balanceFen: fenToJson(fen(balanceFen)),
    years: Object.fromEntries(
      Object.entries(yearsOf(row)).map(([year, amounts]) => [year, amountsJson(amounts)]),
    ),
  }
}

function addClosing(http: Http, ports: AccountPorts): void {
  http.post(
    '/v1/accounts/:personId/years/:year/closing',
    {
      preHandler: requireRole('agency', 'centre'),
      schema: {
        summary: 'Write down the totals of a year that is over; late claims still count',
        tags: TAGS,
        params: Shape({ personId: UuidJson, year: YearJson }),
        response: { 200: AccountJson },
      },
    },
    async ({ params, caller }) => {
      const personId = uuid<PersonId>(params.personId)
      const { year } = params
      const { events, state } = await readAccount(ports.store, personId)
      if (events.length === 0) throw accountProblem({ kind: 'unknown-account' })
      if (!actsFor(caller, state.insured?.regionCode ?? '')) {
        throw accountProblem({ kind: 'other-region' })
      }
      const meta = commandMeta(ports, caller)
      const command = { type: 'CloseYear', data: { personId, year }, meta } as const
      const handled = await ports.accounts.handle(ports.accounts.streamOf(personId), command)
      if (!handled.decision.accepted) throw accountProblem(handled.decision.refusal)
      return accountJson(personId, handled.state, year)
    },
  )
}

/** The insured region pays and reads; nobody is told of an account that no region is known of. */
export function refuseOthers(caller: Caller, regionCode: string | undefined): void {
  if (caller.region === null) return
  if (regionCode === undefined || !mayReadRegion(caller, regionCode)) {
    throw accountProblem({ kind: 'other-region' })
  }
}

export function accountProblem(refusal: AccountRefusal | AccountDoorRefusal): HttpProblem {
  return refusalProblem(ACCOUNT_PROBLEMS, refusal)
}

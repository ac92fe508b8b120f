/** HTTP to entitlements: what a person still gets this year. */
import { EntitlementJson } from '@tongchou/contracts/http/account.ts'
import { SCHEMES } from '@tongchou/contracts/http/policy.ts'
import { DateJson, RegionJson, Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import { type PersonId, uuid } from '@tongchou/contracts/id.ts'
import { INSURED_YEARS, INSURED_YEARS_TEXT } from '@tongchou/contracts/reference/insured-years.ts'
import { decodeAttributes, TOLD_ATTRIBUTES } from '@tongchou/contracts/reference/told-attributes.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { dayAsked } from '@tongchou/runtime/door/day.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { type Static, Type } from 'typebox'
import { readAccount } from '../account/load.ts'
import { ACCOUNT_READERS, accountProblem, refuseOthers } from '../account/routes.ts'
import type { Insured } from '../account/state.ts'
import type { AccountPorts } from '../ports.ts'
import { entitlementJson, type Told } from './answer.ts'

const QueryJson = Shape({
  on: Type.Optional(DateJson),
  region: Type.Optional(RegionJson),
  scheme: Type.Optional(Type.Enum(SCHEMES)),
  status: Type.Optional(Type.String({ maxLength: 20 })),
  bornOn: Type.Optional(DateJson),
  insuredYears: Type.Optional(Type.String({ maxLength: 4000, pattern: INSURED_YEARS_TEXT })),
  attributes: Type.Optional(Type.String({ maxLength: 4000, pattern: TOLD_ATTRIBUTES })),
})

export function addEntitlementRoutes(http: Http, ports: AccountPorts): void {
  http.get(
    '/v1/accounts/:personId/entitlement',
    {
      preHandler: requireRole(...ACCOUNT_READERS),
      schema: {
        summary: 'Balance, totals, what is left of deductibles and caps at home; today unless told',
        description:
          'Region, scheme and status of the newest claim or credit unless named. The door tells ' +
          'what a claim of that day would carry besides: birth date, insured years, attributes ' +
          '(name:value,name:value). Without it, what asks for it says that it cannot compute',
        tags: ['accounts'],
        params: Shape({ personId: UuidJson }),
        querystring: QueryJson,
        response: { 200: EntitlementJson },
      },
    },
    async ({ params, query, caller }) => {
      const personId = uuid<PersonId>(params.personId)
      const { events, state } = await readAccount(ports.store, personId)
      if (events.length === 0 && caller.role !== 'service') {
        throw accountProblem({ kind: 'unknown-account' })
      }
      refuseOthers(caller, state.insured?.regionCode)
      const insured = insuredBy(query, state.insured)
      refuseOthers(caller, insured?.regionCode)
      const on = dayAsked(query.on, ports.clock)
      const plan =
        insured === null
          ? undefined
          : ports.shelf.planInForce(insured.regionCode, insured.scheme, on)
      const told = toldBy(query)
      return { personId, ...entitlementJson({ state, events, on, insured, plan, told }) }
    },
  )
}

function toldBy({ bornOn, insuredYears, attributes }: Static<typeof QueryJson>): Told {
  const years = insuredYears === undefined ? {} : { [INSURED_YEARS]: insuredYears }
  return {
    bornOn: bornOn === undefined ? null : businessDate(bornOn),
    attributes: { ...decodeAttributes(attributes ?? ''), ...years },
  }
}

function insuredBy(query: Static<typeof QueryJson>, known: Insured | null): Insured | null {
  const regionCode = query.region ?? known?.regionCode
  const scheme = query.scheme ?? known?.scheme
  if (regionCode === undefined || scheme === undefined) return null
  const told = known?.scheme === scheme ? known.status : null
  return { regionCode, scheme, status: query.status ?? told }
}

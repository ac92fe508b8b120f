/**
 * HTTP to what is asked at the counter, before a claim exists: pre-settlement, eligibility,
 * entitlement.
 */
import { ClaimJson } from '@tongchou/contracts/http/claim.ts'
import { CodeJson, DateJson } from '@tongchou/contracts/http/scalars.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import type { CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { coveredOn, filingsFor, statusOn } from '@tongchou/contracts/reference/coverage.ts'
import { INSURED_YEARS } from '@tongchou/contracts/reference/insured-years.ts'
import {
  decodeAttributes,
  encodeAttributes,
  TOLD_ATTRIBUTES,
} from '@tongchou/contracts/reference/told-attributes.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { dayAsked } from '@tongchou/runtime/door/day.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { Type } from 'typebox'
import { attributesFor } from '../claim/attributes.ts'
import type { ClaimsApi, Insured } from '../claims-api.ts'
import { checkParsed, refusalProblem } from './check.ts'
import { otherInstitution, READERS } from './queries.ts'
import type { DoorPorts } from './submit.ts'
import { isOwn, judgeAll } from './submit.ts'

const CATCH_UP_MS = 1000

export type CounterPorts = DoorPorts & { readonly claimsApi: ClaimsApi }

export function addCounterRoutes(http: Http, ports: CounterPorts): void {
  http.post(
    '/v1/claims::presettle',
    {
      preHandler: requireRole('hospital', 'service'),
      config: { decimalsAsText: true, changes: 'nothing' },
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
      config: { changes: 'nothing' },
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
      if (caller.region !== null) refuseOtherRegion(caller, period.regionCode)
      const code = body.institutionCode ?? caller.institution ?? undefined
      if (code !== undefined && !isOwn(caller, code, ports.known)) throw otherInstitution()
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

function addEntitlement(http: Http, ports: CounterPorts): void {
  http.get(
    '/v1/persons/:personNo/entitlement',
    {
      preHandler: requireRole('hospital', 'agency', 'centre', 'auditor', 'service'),
      schema: {
        summary: 'What is left of deductibles, bands, caps and account, as a claim then meets it',
        description:
          'Enrolment and the account say what they know of the person; what else the policy asks ' +
          'of a claim may be told as `attributes=name:value,name:value`',
        tags: ['claims'],
        params: Type.Object({ personNo: CodeJson }),
        querystring: Type.Object({
          on: Type.Optional(DateJson),
          attributes: Type.Optional(Type.String({ maxLength: 4000, pattern: TOLD_ATTRIBUTES })),
        }),
      },
    },
    async ({ params, query, caller }) => {
      const personId = personIdOf(ports.personKey, params.personNo)
      const { facts } = await personOf(ports, personId)
      const on = dayAsked(query.on, ports.clock)
      const period = coveredOn(facts, on)
      if (caller.region !== null) refuseOtherRegion(caller, period?.regionCode)
      const sent = decodeAttributes(query.attributes ?? '')
      const answer = await ports.claimsApi.entitlement(
        personId,
        await insuredOn(ports, facts, { on, sent }),
      )
      if (caller.role !== 'hospital') return answer
      return { ...answer, claims: [], credits: [], accountUses: [] }
    },
  )
}

/** What a claim on the day would carry; a word that the policy does not know is refused. */
async function insuredOn(
  { known }: Pick<CounterPorts, 'known'>,
  facts: CoverageFacts,
  { on, sent }: { readonly on: BusinessDate; readonly sent: Readonly<Record<string, string>> },
): Promise<Insured> {
  const period = coveredOn(facts, on)
  if (period === undefined) return { on }
  const { regionCode: region, scheme } = period
  const insured = { on, region, scheme, status: statusOn(facts, on, scheme), bornOn: facts.bornOn }
  const inForce = () => known.packs.inForce(region, scheme, on)
  if (inForce() === undefined) await catchUp(known)
  const pack = inForce()
  if (pack === undefined) return insured
  const claim = { attributes: sent, beginOn: on, endOn: on }
  const told = attributesFor(claim, pack.attributes, { coverage: facts, period })
  if ('kind' in told) throw refusalProblem(told)
  const { [INSURED_YEARS]: insuredYears, ...attributes } = told.attributes
  const text = encodeAttributes(attributes)
  return {
    ...insured,
    ...(insuredYears === undefined ? {} : { insuredYears }),
    ...(text === '' ? {} : { attributes: text }),
  }
}

function refuseOtherRegion(caller: Caller, regionCode: string | undefined): void {
  if (regionCode !== undefined && mayReadRegion(caller, regionCode)) return
  throw refusalProblem({ kind: 'other-region' })
}

/** Law 2: unknown only after the view has caught up. */
async function personOf(ports: CounterPorts, personId: PersonId) {
  const known = (await ports.known.persons([personId])).get(personId)
  if (known !== undefined) return known
  await catchUp(ports.known)
  const later = (await ports.known.persons([personId])).get(personId)
  if (later === undefined) throw refusalProblem({ kind: 'unknown-person', field: 'personNo' })
  return later
}

async function catchUp(known: CounterPorts['known']): Promise<void> {
  if (!(await known.caughtUp(CATCH_UP_MS))) throw new Fault('unavailable', 'views are behind')
}

import {
  CoverageEndJson,
  CoverageJson,
  CoverageQueryJson,
  FurtherPeriodJson,
  PersonIdJson,
  PersonNoJson,
  StatusChangeJson,
} from '@tongchou/contracts/http/person.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { dayAsked } from '@tongchou/runtime/door/day.ts'
import { actingRegion, actsFor } from '@tongchou/runtime/door/region.ts'
import { coverageJson, refuseReading } from '../person/answer.ts'
import type { PersonCommand } from '../person/commands.ts'
import { personProblem } from '../person/routes.ts'
import type { Ports } from '../ports.ts'

const agencies = requireRole('agency', 'centre')
const readers = requireRole('agency', 'centre', 'auditor', 'service')

export function addCoverageRoutes(ports: Ports): void {
  addChanges(ports)
  addFurtherPeriods(ports)
  addReading(ports)
}

/** Handles one command to a person. Throws the refusal as a problem. */
async function handle({ runtime, persons }: Ports, personNo: string, command: PersonCommand) {
  const personId = personIdOf(runtime.personKey, personNo)
  const { decision } = await persons.handle(persons.streamOf(personId), command)
  if (!decision.accepted) throw personProblem(decision.refusal)
  return { personId }
}

function addChanges(ports: Ports): void {
  const { runtime } = ports
  const answers = { params: PersonNoJson, response: { 200: PersonIdJson } }
  runtime.http.post(
    '/v1/persons/:personNo/status-changes',
    { preHandler: agencies, schema: { ...answers, body: StatusChangeJson } },
    request => {
      const { status, on } = request.body
      const askedBy = actingRegion(request.caller)
      return handle(ports, request.params.personNo, {
        type: 'ChangeStatus',
        data: { status, changedOn: businessDate(on), askedBy },
        meta: commandMeta(runtime, request.caller),
      })
    },
  )
  runtime.http.post(
    '/v1/persons/:personNo/coverage-ends',
    { preHandler: agencies, schema: { ...answers, body: CoverageEndJson } },
    request => {
      const coveredTo = businessDate(request.body.coveredTo)
      return handle(ports, request.params.personNo, {
        type: 'EndCoverage',
        data: { coveredTo, askedBy: actingRegion(request.caller) },
        meta: commandMeta(runtime, request.caller),
      })
    },
  )
}

function addFurtherPeriods(ports: Ports): void {
  const { runtime } = ports
  runtime.http.post(
    '/v1/persons/:personNo/coverage',
    {
      preHandler: agencies,
      schema: { params: PersonNoJson, body: FurtherPeriodJson, response: { 201: PersonIdJson } },
    },
    async (request, reply) => {
      const { regionCode, scheme, status, coveredFrom, coveredTo, premiumPaidOn } = request.body
      if (!actsFor(request.caller, regionCode)) throw personProblem({ kind: 'other-region' })
      const days = {
        coveredFrom: businessDate(coveredFrom),
        coveredTo: dayOrNull(coveredTo),
        premiumPaidOn: dayOrNull(premiumPaidOn),
      }
      const answer = await handle(ports, request.params.personNo, {
        type: 'ResumeCoverage',
        data: { regionCode, scheme, status, ...days },
        meta: commandMeta(runtime, request.caller),
      })
      return reply.code(201).send(answer)
    },
  )
}

function dayOrNull(day: string | null | undefined) {
  return day === undefined || day === null ? null : businessDate(day)
}

function addReading({ runtime, persons }: Ports): void {
  runtime.http.get(
    '/v1/persons/:personNo/coverage',
    {
      preHandler: readers,
      schema: {
        params: PersonNoJson,
        querystring: CoverageQueryJson,
        response: { 200: CoverageJson },
      },
    },
    async request => {
      const personId = personIdOf(runtime.personKey, request.params.personNo)
      const { state } = await persons.reload(persons.streamOf(personId))
      const refused = refuseReading(state, request.caller.region)
      if (refused !== null) throw personProblem(refused.refusal)
      if (state.status === 'unknown') throw personProblem({ kind: 'unknown-person' })
      const { on } = request.query
      const day = dayAsked(on, runtime.clock)
      return coverageJson(state.facts, day)
    },
  )
}

/** The register of special and chronic outpatient diseases of a person; read with the person. */
import {
  DiseaseEndJson,
  DiseaseJson,
  DiseaseNoJson,
  PersonIdJson,
  PersonNoJson,
} from '@tongchou/contracts/http/person.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { actingRegion } from '@tongchou/runtime/door/region.ts'
import type { PersonCommand } from '../person/commands.ts'
import { personProblem } from '../person/routes.ts'
import type { Ports } from '../ports.ts'

const agencies = requireRole('agency', 'centre')

export function addDiseaseRoutes(ports: Ports): void {
  const { runtime } = ports
  runtime.http.post(
    '/v1/persons/:personNo/diseases',
    {
      preHandler: agencies,
      schema: { params: PersonNoJson, body: DiseaseJson, response: { 200: PersonIdJson } },
    },
    request => {
      const { approvedOn, validFrom, validTo, ...rest } = request.body
      const data = {
        ...rest,
        approvedOn: businessDate(approvedOn),
        validFrom: businessDate(validFrom),
        validTo: validTo === undefined || validTo === null ? null : businessDate(validTo),
        askedBy: actingRegion(request.caller),
      }
      const meta = commandMeta(runtime, request.caller)
      return handle(ports, request.params.personNo, { type: 'RegisterDisease', data, meta })
    },
  )
  runtime.http.post(
    '/v1/persons/:personNo/diseases/:registrationNo/end',
    {
      preHandler: agencies,
      schema: { params: DiseaseNoJson, body: DiseaseEndJson, response: { 200: PersonIdJson } },
    },
    request => {
      const { personNo, registrationNo } = request.params
      const endedOn = businessDate(request.body.endedOn)
      const data = { registrationNo, endedOn, askedBy: actingRegion(request.caller) }
      const meta = commandMeta(runtime, request.caller)
      return handle(ports, personNo, { type: 'EndDiseaseRegistration', data, meta })
    },
  )
}

/** Throws the refusal as a problem. */
async function handle({ runtime, persons }: Ports, personNo: string, command: PersonCommand) {
  const personId = personIdOf(runtime.personKey, personNo)
  const { decision } = await persons.handle(persons.streamOf(personId), command)
  if (!decision.accepted) throw personProblem(decision.refusal)
  return { personId }
}

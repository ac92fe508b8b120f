/**
 * Two-way referrals (双向转诊). The agency enters what a hospital asks for: enrolment does not know
 * in which region a hospital lies, so no hospital's token writes here.
 */
import {
  PersonNoJson,
  ReferralApprovalJson,
  ReferralIdJson,
  ReferralJson,
  ReferralNoJson,
  ReferralReturnJson,
} from '@tongchou/contracts/http/person.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { actingRegion } from '@tongchou/runtime/door/region.ts'
import { numberStreamOf } from '../filing/number.ts'
import type { PersonCommand, RequestReferral } from '../person/commands.ts'
import { decide } from '../person/decide.ts'
import { personProblem } from '../person/routes.ts'
import type { Ports } from '../ports.ts'

const agencies = requireRole('agency', 'centre')

export function addReferralRoutes(ports: Ports): void {
  addAsking(ports)
  addDeciding(ports)
}

function addAsking(ports: Ports): void {
  const { runtime } = ports
  runtime.http.post(
    '/v1/persons/:personNo/referrals',
    {
      preHandler: agencies,
      schema: { params: PersonNoJson, body: ReferralJson, response: { 200: ReferralIdJson } },
    },
    async ({ params, body, caller }) => {
      const { referralNo, treatmentRegion, requestedBy = null } = body
      const { reason = null, disease = null, validTo = null } = body
      const data: RequestReferral['data'] = {
        ...{ referralNo, treatmentRegion, requestedBy, reason, disease },
        validFrom: businessDate(body.validFrom),
        validTo: validTo === null ? null : businessDate(validTo),
        askedBy: actingRegion(caller),
      }
      const meta = commandMeta(runtime, caller)
      await handle(ports, params.personNo, { type: 'RequestReferral', data, meta })
      return { referralNo }
    },
  )
}

function addDeciding(ports: Ports): void {
  const { runtime, persons, numbers } = ports
  const answers = { params: ReferralNoJson, response: { 200: ReferralIdJson } }
  runtime.http.post(
    '/v1/persons/:personNo/referrals/:referralNo/approval',
    { preHandler: agencies, schema: { ...answers, body: ReferralApprovalJson } },
    async ({ params: { personNo, referralNo }, body, caller }) => {
      const { certificateNo } = body
      const approvedOn = businessDate(body.approvedOn)
      const data = { referralNo, certificateNo, approvedOn, askedBy: actingRegion(caller) }
      const meta = commandMeta(runtime, caller)
      const command = { type: 'ApproveReferral', data, meta } as const
      const personId = personIdOf(runtime.personKey, personNo)
      const first = decide(command, (await persons.reload(persons.streamOf(personId))).state)
      if (!first.accepted) throw personProblem(first.refusal)
      const taking = { filingNo: referralNo, personId }
      const taken = await numbers.handle(numberStreamOf(referralNo), {
        ...{ type: 'TakeNumber', data: taking },
        meta: commandMeta(runtime, caller),
      })
      if (!taken.decision.accepted) throw personProblem(taken.decision.refusal)
      await handle(ports, personNo, command)
      return { referralNo }
    },
  )
  runtime.http.post(
    '/v1/persons/:personNo/referrals/:referralNo/return',
    { preHandler: agencies, schema: { ...answers, body: ReferralReturnJson } },
    async ({ params: { personNo, referralNo }, body, caller }) => {
      const returnedOn = businessDate(body.returnedOn)
      const data = { referralNo, returnedOn, askedBy: actingRegion(caller) }
      const meta = commandMeta(runtime, caller)
      await handle(ports, personNo, { type: 'ReturnReferral', data, meta })
      return { referralNo }
    },
  )
}

/** Throws the refusal as a problem. */
async function handle(
  { runtime, persons }: Ports,
  personNo: string,
  command: PersonCommand,
): Promise<void> {
  const personId = personIdOf(runtime.personKey, personNo)
  const { decision } = await persons.handle(persons.streamOf(personId), command)
  if (!decision.accepted) throw personProblem(decision.refusal)
}

import { assert } from '@tongchou/contracts/decision.ts'
import {
  CancellationJson,
  FilingIdJson,
  FilingJson,
  FilingNoJson,
  FilingStateJson,
  PersonIdJson,
} from '@tongchou/contracts/http/person.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { batchMeta, commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { IMPORT_ROUTE, importLines } from '@tongchou/runtime/door/import-lines.ts'
import { actingRegion } from '@tongchou/runtime/door/region.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import { refuseReading } from '../person/answer.ts'
import type { MakeFiling } from '../person/commands.ts'
import type { PersonRefusal } from '../person/refusals.ts'
import { personProblem } from '../person/routes.ts'
import type { Ports } from '../ports.ts'
import { numberStreamOf } from './number.ts'

const agencies = requireRole('agency', 'centre')
const readers = requireRole('agency', 'centre', 'auditor', 'service')

export function addFilingRoutes(ports: Ports): void {
  addMaking(ports)
  addCancelling(ports)
  addReading(ports)
}

type Answered = { readonly filingNo: string; readonly personId: PersonId }

function addMaking(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (records: readonly FilingJson[], caller: Caller) => make(ports, records, caller)
  http.post(
    '/v1/filings',
    { preHandler: agencies, schema: { body: FilingJson, response: { 201: FilingIdJson } } },
    async (request, reply) => {
      const [answer] = await take([request.body], request.caller)
      if (answer === undefined || answer instanceof HttpProblem) throw answer
      reply.header('location', `/v1/filings/${request.body.filingNo}`)
      return reply.code(201).send(answer)
    },
  )
  http.post(
    '/v1/filings::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: FilingJson, take, logger, chunksAtOnce: 2 }),
  )
}

/**
 * Makes any number of filings. What the persons' streams would refuse takes no number; then the
 * numbers are taken, then the filings recorded. Answers in order.
 */
async function make(
  { runtime, persons, numbers }: Ports,
  records: readonly FilingJson[],
  caller: Caller,
): Promise<readonly (Answered | HttpProblem)[]> {
  const askedBy = actingRegion(caller)
  const metaOf = batchMeta(runtime, caller)
  const asked = records.map(record => {
    const personId = personIdOf(runtime.personKey, record.personNo)
    const meta = metaOf()
    const command: MakeFiling = { type: 'MakeFiling', data: filingOf(record, askedBy), meta }
    return { personId, request: { stream: persons.streamOf(personId), command } }
  })
  const refusals = new Array<PersonRefusal | undefined>(records.length)
  const trial = await persons.session(asked.map(({ request }) => request.stream))
  const wanted = asked.flatMap(({ request, personId }, index) => {
    const decision = trial.execute(request)
    if (!decision.accepted) refusals[index] = decision.refusal
    return decision.accepted && decision.events.length > 0 ? [{ request, personId, index }] : []
  })
  const taken = await numbers.handleAll(
    wanted.map(({ request, personId }) => {
      const { filingNo } = request.command.data
      const data = { filingNo, personId }
      const meta = metaOf()
      return { stream: numberStreamOf(filingNo), command: { type: 'TakeNumber', data, meta } }
    }),
    { probablyNew: true },
  )
  const requests: Request<MakeFiling>[] = []
  const open = wanted.flatMap(({ request, index }, at) => {
    const decision = taken[at]?.decision
    if (decision?.accepted === false) {
      refusals[index] = decision.refusal
      return []
    }
    requests.push(request)
    return [index]
  })
  const made = await persons.handleAll(requests)
  made.forEach(({ decision }, at) => {
    if (!decision.accepted) refusals[open[at] ?? 0] = decision.refusal
  })
  return asked.map(({ personId, request }, index) => {
    const refusal = refusals[index]
    if (refusal !== undefined) return personProblem(refusal)
    return { filingNo: request.command.data.filingNo, personId }
  })
}

function filingOf(record: FilingJson, askedBy: string | null): MakeFiling['data'] {
  const { filingNo, kind, treatmentRegion, filedOn, validFrom, validTo } = record
  return {
    askedBy,
    filingNo,
    kind,
    treatmentRegion,
    filedOn: businessDate(filedOn),
    validFrom: businessDate(validFrom),
    validTo: validTo === undefined || validTo === null ? null : businessDate(validTo),
  }
}

/** To whom a number belongs. Throws `unknown-filing`. */
async function holderOf({ numbers }: Ports, filingNo: string): Promise<PersonId> {
  const { state } = await numbers.reload(numberStreamOf(filingNo))
  if (state.personId === null) throw personProblem({ kind: 'unknown-filing', filingNo })
  return state.personId
}

function addCancelling(ports: Ports): void {
  const { runtime, persons } = ports
  runtime.http.post(
    '/v1/filings/:filingNo/cancellation',
    {
      preHandler: agencies,
      schema: { params: FilingNoJson, body: CancellationJson, response: { 200: PersonIdJson } },
    },
    async request => {
      const { filingNo } = request.params
      const personId = await holderOf(ports, filingNo)
      const cancelledOn = businessDate(request.body.cancelledOn)
      const { decision } = await persons.handle(persons.streamOf(personId), {
        type: 'CancelFiling',
        data: { filingNo, cancelledOn, askedBy: actingRegion(request.caller) },
        meta: commandMeta(runtime, request.caller),
      })
      if (!decision.accepted) throw personProblem(decision.refusal)
      return { personId }
    },
  )
}

/** Told to the insured region and to the region of treatment. */
function addReading(ports: Ports): void {
  const { runtime, persons } = ports
  runtime.http.get(
    '/v1/filings/:filingNo',
    { preHandler: readers, schema: { params: FilingNoJson, response: { 200: FilingStateJson } } },
    async request => {
      const { filingNo } = request.params
      const { state } = await persons.reload(persons.streamOf(await holderOf(ports, filingNo)))
      assert(state.status === 'enrolled', `${filingNo} is held by nobody`)
      const filing = state.filings.get(filingNo)
      if (filing === undefined) throw personProblem({ kind: 'unknown-filing', filingNo })
      const { region } = request.caller
      const refused = refuseReading(state, region)
      if (refused !== null && filing.made.treatmentRegion !== region) {
        throw personProblem(refused.refusal)
      }
      return { ...filing.made, cancelledOn: filing.cancelledOn }
    },
  )
}

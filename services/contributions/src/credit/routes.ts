import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import type { CreditStateJson } from '@tongchou/contracts/http/contributions/receipt.ts'
import {
  AccountCreditJson,
  CreditIdJson,
  CreditNoJson,
  CreditPageJson,
  CreditQueryJson,
  CreditStateJson as CreditState,
} from '@tongchou/contracts/http/contributions/receipt.ts'
import { RegionJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { batchMeta } from '@tongchou/runtime/door/command-meta.ts'
import { IMPORT_ROUTE, importLines } from '@tongchou/runtime/door/import-lines.ts'
import { PAGE_QUERY, readPage } from '@tongchou/runtime/door/page.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actsFor } from '@tongchou/runtime/door/region.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import { Type } from 'typebox'
import type { Ports } from '../ports.ts'
import type { CreditAccount, CreditRefusal } from './decide.ts'
import { creditStreamOf } from './decide.ts'
import type { DoorRefusal } from './problems.ts'
import { CREDIT_PROBLEMS } from './problems.ts'
import { creditView } from './view.ts'

const agencies = requireRole('agency', 'centre')
const readers = requireRole('agency', 'centre', 'auditor', 'service')
const CAUGHT_UP_MS = 1000

type Answered = { readonly creditNo: string; readonly personId: PersonId }

function problemOf(refusal: CreditRefusal | DoorRefusal): HttpProblem {
  return refusalProblem(CREDIT_PROBLEMS, refusal)
}

export function addCreditRoutes(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (records: readonly AccountCreditJson[], caller: Caller) =>
    credit(ports, records, caller)
  http.post(
    '/v1/account-credits',
    { preHandler: agencies, schema: { body: AccountCreditJson, response: { 201: CreditIdJson } } },
    async (request, reply) => {
      const [answer] = await take([request.body], request.caller)
      if (answer === undefined || answer instanceof HttpProblem) throw answer
      reply.header('location', `/v1/account-credits/${answer.creditNo}`)
      return reply.code(201).send(answer)
    },
  )
  http.post(
    '/v1/account-credits::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: AccountCreditJson, take, logger, chunksAtOnce: 2 }),
  )
  addReading(ports)
}

/** Records any number of credits. Answers in order. */
async function credit(
  { runtime, credits }: Ports,
  records: readonly AccountCreditJson[],
  caller: Caller,
): Promise<readonly (Answered | HttpProblem)[]> {
  const metaOf = batchMeta(runtime, caller)
  const asked: number[] = []
  const requests: Request<CreditAccount>[] = []
  const answers = records.map((record, index): Answered | HttpProblem => {
    const { regionCode, creditNo, personNo } = record
    if (!actsFor(caller, regionCode)) return problemOf({ kind: 'other-region' })
    const personId = personIdOf(runtime.personKey, personNo)
    const data = creditOf(record, personId)
    const command = { type: 'CreditAccount', data, meta: metaOf() } as const
    requests.push({ stream: creditStreamOf(creditNo), command })
    asked.push(index)
    return { creditNo, personId }
  })
  const handled = await credits.handleAll(requests, { probablyNew: true })
  handled.forEach(({ decision }, at) => {
    if (!decision.accepted) answers[asked[at] ?? 0] = problemOf(decision.refusal)
  })
  return answers
}

function creditOf(record: AccountCreditJson, personId: PersonId): AccountCredited {
  const { creditNo, regionCode, scheme, kind, amountFen, creditedOn } = record
  return {
    creditNo,
    personId,
    regionCode,
    scheme,
    kind,
    amountFen: fen(amountFen),
    creditedOn: businessDate(creditedOn),
  }
}

function jsonOf(credited: AccountCredited): CreditStateJson {
  return { ...credited, amountFen: fenToJson(credited.amountFen) }
}

/** One that a bill's payment gave stands in the bill's stream: the view knows it. */
async function creditNamed(
  { runtime, credits }: Pick<Ports, 'runtime' | 'credits'>,
  creditNo: string,
): Promise<AccountCredited | null> {
  const { state } = await credits.reload(creditStreamOf(creditNo))
  if (state !== null) return state
  await runtime.caughtUp(TOPICS.accountCredit, CAUGHT_UP_MS)
  return (await runtime.views.get(creditView, [creditNo])) ?? null
}

function addReading({ runtime, credits }: Ports): void {
  runtime.http.get(
    '/v1/account-credits/:creditNo',
    { preHandler: readers, schema: { params: CreditNoJson, response: { 200: CreditState } } },
    async ({ params, caller }) => {
      const state = await creditNamed({ runtime, credits }, params.creditNo)
      if (state === null) throw problemOf({ kind: 'unknown-credit' })
      if (!mayReadRegion(caller, state.regionCode)) throw problemOf({ kind: 'other-region' })
      return jsonOf(state)
    },
  )
  const regionCode = Type.Optional(RegionJson)
  const querystring = Shape({ ...PAGE_QUERY, ...CreditQueryJson, regionCode })
  runtime.http.get(
    '/v1/account-credits',
    { preHandler: readers, schema: { querystring, response: { 200: CreditPageJson } } },
    async ({ query, caller }) => {
      const { regionCode: region = caller.region, personNo, ...page } = query
      if (region !== null && !mayReadRegion(caller, region)) {
        throw problemOf({ kind: 'other-region' })
      }
      await runtime.caughtUp(TOPICS.accountCredit, CAUGHT_UP_MS)
      const equals = {
        ...(region === null ? {} : { regionCode: region }),
        ...(personNo === undefined ? {} : { personId: personIdOf(runtime.personKey, personNo) }),
      }
      const found = await readPage(runtime.views, creditView, { equals, by: 'creditNo', ...page })
      return { credits: found.rows.map(jsonOf), next: found.next }
    },
  )
}

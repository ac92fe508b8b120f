import type { PremiumReceived } from '@tongchou/contracts/events.generated.ts'
import {
  PremiumJson,
  PremiumPageJson,
  PremiumStateJson,
  ReceiptNoJson,
} from '@tongchou/contracts/http/contributions/receipt.ts'
import { RegionJson, Shape } from '@tongchou/contracts/http/scalars.ts'
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
import type { PremiumRefusal, ReceivePremium } from './decide.ts'
import { premiumStreamOf } from './decide.ts'
import type { DoorRefusal } from './problems.ts'
import { PREMIUM_PROBLEMS } from './problems.ts'
import { premiumView } from './view.ts'

const agencies = requireRole('agency', 'centre')
const readers = requireRole('agency', 'centre', 'auditor', 'service')
const CAUGHT_UP_MS = 1000

type Answered = { readonly receiptNo: string }

function problemOf(refusal: PremiumRefusal | DoorRefusal): HttpProblem {
  return refusalProblem(PREMIUM_PROBLEMS, refusal)
}

export function addPremiumRoutes(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (records: readonly PremiumJson[], caller: Caller) => receive(ports, records, caller)
  http.post(
    '/v1/premiums',
    { preHandler: agencies, schema: { body: PremiumJson, response: { 201: ReceiptNoJson } } },
    async (request, reply) => {
      const [answer] = await take([request.body], request.caller)
      if (answer === undefined || answer instanceof HttpProblem) throw answer
      reply.header('location', `/v1/premiums/${answer.receiptNo}`)
      return reply.code(201).send(answer)
    },
  )
  http.post(
    '/v1/premiums::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: PremiumJson, take, logger, chunksAtOnce: 2 }),
  )
  addReading(ports)
}

/** Records any number of receipts. Answers in order. */
async function receive(
  { runtime, premiums }: Ports,
  records: readonly PremiumJson[],
  caller: Caller,
): Promise<readonly (Answered | HttpProblem)[]> {
  const answers = records.map(({ regionCode, receiptNo }): Answered | HttpProblem =>
    actsFor(caller, regionCode) ? { receiptNo } : problemOf({ kind: 'other-region' }),
  )
  const metaOf = batchMeta(runtime, caller)
  const asked: number[] = []
  const requests = records.flatMap((record, index): Request<ReceivePremium>[] => {
    if (answers[index] instanceof HttpProblem) return []
    asked.push(index)
    const meta = metaOf()
    const command = { type: 'ReceivePremium', data: premiumOf(record), meta } as const
    return [{ stream: premiumStreamOf(record.receiptNo), command }]
  })
  const handled = await premiums.handleAll(requests, { probablyNew: true })
  handled.forEach(({ decision }, at) => {
    if (!decision.accepted) answers[asked[at] ?? 0] = problemOf(decision.refusal)
  })
  return answers
}

function premiumOf(record: PremiumJson): PremiumReceived {
  const { fund = 'pooled', level = null, amountFen, receivedOn } = record
  const money = { amountFen: fen(amountFen), receivedOn: businessDate(receivedOn) }
  return { ...record, fund, level, ...money }
}

function jsonOf(premium: PremiumReceived): PremiumStateJson {
  return { ...premium, amountFen: fenToJson(premium.amountFen) }
}

/** One that a bill's payment gave stands in the bill's stream: the view knows it. */
async function premiumNamed(
  { runtime, premiums }: Pick<Ports, 'runtime' | 'premiums'>,
  receiptNo: string,
): Promise<PremiumReceived | null> {
  const { state } = await premiums.reload(premiumStreamOf(receiptNo))
  if (state !== null) return state
  await runtime.caughtUp(TOPICS.premium, CAUGHT_UP_MS)
  return (await runtime.views.get(premiumView, [receiptNo])) ?? null
}

function addReading({ runtime, premiums }: Ports): void {
  runtime.http.get(
    '/v1/premiums/:receiptNo',
    { preHandler: readers, schema: { params: ReceiptNoJson, response: { 200: PremiumStateJson } } },
    async ({ params, caller }) => {
      const state = await premiumNamed({ runtime, premiums }, params.receiptNo)
      if (state === null) throw problemOf({ kind: 'unknown-receipt' })
      if (!mayReadRegion(caller, state.regionCode)) throw problemOf({ kind: 'other-region' })
      return jsonOf(state)
    },
  )
  const querystring = Shape({ ...PAGE_QUERY, regionCode: Type.Optional(RegionJson) })
  runtime.http.get(
    '/v1/premiums',
    { preHandler: readers, schema: { querystring, response: { 200: PremiumPageJson } } },
    async ({ query, caller }) => {
      const { regionCode = caller.region, ...page } = query
      if (regionCode !== null && !mayReadRegion(caller, regionCode)) {
        throw problemOf({ kind: 'other-region' })
      }
      await runtime.caughtUp(TOPICS.premium, CAUGHT_UP_MS)
      const equals = regionCode === null ? {} : { regionCode }
      const found = await readPage(runtime.views, premiumView, { equals, by: 'receiptNo', ...page })
      return { premiums: found.rows.map(jsonOf), next: found.next }
    },
  )
}

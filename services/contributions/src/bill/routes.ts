/** HTTP to bills: issue, notice of arrears, payment; each one by one or as NDJSON. */
import type {
  BillPaymentLineJson,
  NoticeLineJson,
} from '@tongchou/contracts/http/contributions/bill.ts'
import {
  BillIdJson,
  BillJson,
  BillPaymentJson,
  IssueBillJson,
  NoticeJson,
  NoticeLineJson as NoticeLine,
  BillPaymentLineJson as PaymentLine,
} from '@tongchou/contracts/http/contributions/bill.ts'
import { personIdOf, uuid } from '@tongchou/contracts/id.ts'
import { type Fen, fen } from '@tongchou/contracts/money.ts'
import { businessDate, businessDateOf } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { batchMeta } from '@tongchou/runtime/door/command-meta.ts'
import { IMPORT_ROUTE, importLines } from '@tongchou/runtime/door/import-lines.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actingRegion, actsFor } from '@tongchou/runtime/door/region.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Handled } from '@tongchou/runtime/service/handle-command.ts'
import type { Ports } from '../ports.ts'
import { billJson } from './answer.ts'
import { assess, beginOf } from './assess.ts'
import type { BillAsked, BillCommand } from './commands.ts'
import { billIdOf, billStreamOf } from './decide.ts'
import { BILL_PROBLEMS } from './problems.ts'
import type { BillRefusal } from './refusals.ts'
import type { BillEventType, BillState } from './state.ts'

const agencies = requireRole('agency', 'centre')

export type Answer = BillJson | HttpProblem

export function billProblem(refusal: BillRefusal): HttpProblem {
  return refusalProblem(BILL_PROBLEMS, refusal)
}

export function addBillRoutes(ports: Ports): void {
  addIssuing(ports)
  addActing(ports)
}

function addIssuing(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (records: readonly IssueBillJson[], caller: Caller) => issue(ports, records, caller)
  http.post(
    '/v1/bills',
    { preHandler: agencies, schema: { body: IssueBillJson, response: { 201: BillJson } } },
    async (request, reply) => {
      const answer = onlyOne(await take([request.body], request.caller))
      reply.header('location', `/v1/bills/${answer.billId}`)
      return reply.code(201).send(answer)
    },
  )
  http.post(
    '/v1/bills::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: IssueBillJson, take, logger }),
  )
}

function addActing(ports: Ports): void {
  const { http, logger } = ports.runtime
  const notice = (lines: readonly NoticeLineJson[], caller: Caller) =>
    act(ports, caller, lines.map(noticeOf))
  const pay = (lines: readonly BillPaymentLineJson[], caller: Caller) =>
    act(ports, caller, lines.map(paymentOf))
  http.post(
    '/v1/bills/:billId/notices',
    {
      preHandler: agencies,
      schema: { params: BillIdJson, body: NoticeJson, response: { 200: BillJson } },
    },
    async ({ params, body, caller }) => onlyOne(await notice([{ ...params, ...body }], caller)),
  )
  http.post(
    '/v1/arrears-notices::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: NoticeLine, take: notice, logger }),
  )
  http.post(
    '/v1/bills/:billId/payments',
    {
      preHandler: agencies,
      schema: { params: BillIdJson, body: BillPaymentJson, response: { 200: BillJson } },
    },
    async ({ params, body, caller }) => onlyOne(await pay([{ ...params, ...body }], caller)),
  )
  http.post(
    '/v1/bill-payments::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: PaymentLine, take: pay, logger }),
  )
}

export function onlyOne([answer]: readonly Answer[]): BillJson {
  if (answer === undefined || answer instanceof HttpProblem) throw answer
  return answer
}

/** Issues any number of bills. Answers in order. */
async function issue(
  ports: Ports,
  records: readonly IssueBillJson[],
  caller: Caller,
): Promise<readonly Answer[]> {
  const { runtime, bills, packs } = ports
  await packs.caughtUp()
  const metaOf = batchMeta(runtime, caller)
  const own = records.filter(({ regionCode }) => actsFor(caller, regionCode))
  const requests = own.map(record => {
    const asked = askedOf(record, runtime.personKey)
    const { regionCode, scheme, period } = asked
    const assessed = assess(packs.shelf.inForce(regionCode, scheme, beginOf(period)), asked)
    const data = { asked, assessed }
    const command: BillCommand = { type: 'IssueBill', data, meta: metaOf() }
    return { stream: billStreamOf(asked.billId), command }
  })
  const handled = await bills.handleAll(requests, { probablyNew: true })
  const answers = handled.map(one => answerOf(ports, one)).values()
  return records.map(({ regionCode }) =>
    actsFor(caller, regionCode) ? nextOf(answers) : billProblem({ kind: 'other-region' }),
  )
}

function nextOf(answers: Iterator<Answer>): Answer {
  const { value } = answers.next()
  if (value === undefined) throw new Error('one request has one answer')
  return value
}

function askedOf(record: IssueBillJson, personKey: Buffer): BillAsked {
  const { regionCode, scheme, period, status } = record
  const { employerNo = null, age = null, given = {}, attributes = {}, dueOn = null } = record
  const place = { regionCode, scheme, period, personId: personIdOf(personKey, record.personNo) }
  return {
    billId: billIdOf(place),
    ...place,
    ...{ employerNo, status, age },
    averageWageFen: fenOrNull(record.averageWageFen),
    wageFen: fenOrNull(record.wageFen),
    given: mapped(given, BigInt),
    attributes: mapped(attributes, String),
    dueOn: dueOn === null ? null : businessDate(dueOn),
  }
}

export function fenOrNull(amount: number | null | undefined): Fen | null {
  return amount === null || amount === undefined ? null : fen(amount)
}

export function mapped<A, B>(
  from: Readonly<Record<string, A>>,
  to: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value)]))
}

export type Act = { readonly billId: string; readonly command: (acting: Acting) => BillCommand }
type Acting = {
  readonly actingRegion: string | null
  readonly meta: BillCommand['meta']
}

function noticeOf({ billId, supplementNo = 0, deliveredOn }: NoticeLineJson): Act {
  const data = { supplementNo, deliveredOn: businessDate(deliveredOn) }
  return {
    billId,
    command: ({ actingRegion, meta }) => ({
      type: 'NoticeArrears',
      data: { ...data, actingRegion },
      meta,
    }),
  }
}

function paymentOf(line: BillPaymentLineJson): Act {
  const { billId, supplementNo = 0, receiptNo, payers = null, amountFen, paidOn } = line
  const money = { amountFen: fen(amountFen), paidOn: businessDate(paidOn) }
  const data = { supplementNo, receiptNo, payers, ...money }
  return {
    billId,
    command: ({ actingRegion, meta }) => ({
      type: 'PayBill',
      data: { ...data, actingRegion },
      meta,
    }),
  }
}

export async function act(
  ports: Ports,
  caller: Caller,
  acts: readonly Act[],
): Promise<readonly Answer[]> {
  const metaOf = batchMeta(ports.runtime, caller)
  const requests = acts.map(({ billId, command }) => ({
    stream: billStreamOf(uuid(billId)),
    command: command({ actingRegion: actingRegion(caller), meta: metaOf() }),
  }))
  const handled = await ports.bills.handleAll(requests)
  return handled.map(one => answerOf(ports, one))
}

function answerOf(
  { runtime }: Ports,
  { decision, state }: Handled<BillState, BillEventType, BillRefusal>,
): Answer {
  if (!decision.accepted) return billProblem(decision.refusal)
  if (state === null) throw new Error('what was accepted has a state')
  return billJson(state, businessDateOf(runtime.clock()))
}

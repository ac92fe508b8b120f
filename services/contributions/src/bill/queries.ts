/** HTTP to what is billed: one bill, lists, arrears with the late fee of a day. */
import {
  ArrearsPageJson,
  ArrearsQueryJson,
  BillIdJson,
  BillJson,
  BillOnJson,
  BillPageJson,
  BillQueryJson,
} from '@tongchou/contracts/http/contributions/bill.ts'
import { Shape } from '@tongchou/contracts/http/scalars.ts'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { dayAsked } from '@tongchou/runtime/door/day.ts'
import { PAGE_QUERY, readPage } from '@tongchou/runtime/door/page.ts'
import type { Ports } from '../ports.ts'
import { arrearsJson, billJson, rowJson } from './answer.ts'
import { billStreamOf } from './decide.ts'
import { billProblem } from './routes.ts'
import type { Bills } from './state.ts'
import type { BillRow } from './view.ts'
import { billView } from './view.ts'

const readers = requireRole('agency', 'centre', 'auditor', 'service')
const CAUGHT_UP_MS = 1000

export function addBillQueries(ports: Ports): void {
  addOne(ports)
  addList(ports)
  addArrears(ports)
}

function regionOf({ bills }: Bills): string {
  const [bill] = bills
  if (bill === undefined) throw new Error('what is known was billed')
  return bill.issued.regionCode
}

/** The region to list; none for who may see all. Throws other-region. */
function placeOf(caller: Caller, asked: string | undefined): Partial<BillRow> {
  const regionCode = asked ?? caller.region
  if (regionCode === null) return {}
  if (!mayReadRegion(caller, regionCode)) throw billProblem({ kind: 'other-region' })
  return { regionCode }
}

function addOne(ports: Ports): void {
  const schema = { params: BillIdJson, querystring: BillOnJson, response: { 200: BillJson } }
  ports.runtime.http.get(
    '/v1/bills/:billId',
    { preHandler: readers, schema },
    async ({ params, query, caller }) => {
      const { state } = await ports.bills.reload(billStreamOf(params.billId))
      if (state === null) throw billProblem({ kind: 'unknown-bill' })
      if (!mayReadRegion(caller, regionOf(state))) {
        throw billProblem({ kind: 'other-region' })
      }
      return billJson(state, dayAsked(query.on, ports.runtime.clock))
    },
  )
}

function addList({ runtime }: Ports): void {
  const querystring = Shape({ ...PAGE_QUERY, ...BillQueryJson })
  runtime.http.get(
    '/v1/bills',
    { preHandler: readers, schema: { querystring, response: { 200: BillPageJson } } },
    async ({ query, caller }) => {
      const { regionCode, personNo, employerNo, period, ...page } = query
      const place = placeOf(caller, regionCode)
      await runtime.caughtUp(TOPICS.bill, CAUGHT_UP_MS)
      const equals: Partial<BillRow> = {
        ...place,
        ...(employerNo === undefined ? {} : { employerNo }),
        ...(period === undefined ? {} : { period }),
        ...(personNo === undefined ? {} : { personId: personIdOf(runtime.personKey, personNo) }),
      }
      const found = await readPage(runtime.views, billView, { equals, by: 'billNo', ...page })
      return { bills: found.rows.map(rowJson), next: found.next }
    },
  )
}

/** Bills that are open after their due date, the longest overdue first. */
function addArrears(ports: Ports): void {
  const { runtime } = ports
  const querystring = Shape({ ...PAGE_QUERY, ...ArrearsQueryJson })
  runtime.http.get(
    '/v1/arrears',
    { preHandler: readers, schema: { querystring, response: { 200: ArrearsPageJson } } },
    async ({ query, caller }) => {
      const { regionCode, employerNo, on: asked, ...page } = query
      const place = placeOf(caller, regionCode)
      const on = dayAsked(asked, ports.runtime.clock)
      await runtime.caughtUp(TOPICS.bill, CAUGHT_UP_MS)
      const equals: Partial<BillRow> = {
        ...place,
        ...(employerNo === undefined ? {} : { employerNo }),
        open: true,
      }
      const found = await readPage(runtime.views, billView, { equals, by: 'dueKey', ...page })
      const late = found.rows.filter(({ dueKey }) => dueKey < on)
      const next = late.length === found.rows.length ? found.next : null
      return { on, arrears: late.map(row => arrearsJson(row, on)), next }
    },
  )
}

/** HTTP to windows: close, list, statement, notices, payments. */
import { PositionJson } from '@tongchou/contracts/http/balance.ts'
import { CodeJson, DateJson, RegionJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import { Text } from '@tongchou/contracts/http/text.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { EventStore } from '@tongchou/runtime/event-store/port.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { ViewStore } from '@tongchou/runtime/view/port.ts'
import { Type } from 'typebox'
import type { WindowHandler } from '../consume/clearing-window.ts'
import { refusalProblem } from '../door/check.ts'
import { rowJson } from '../door/queries.ts'
import { waitMs } from '../door/routes.ts'
import type { DoorPorts } from '../door/submit.ts'
import { metaOf } from '../door/submit.ts'
import { closeWindow, windowStream } from './close.ts'
import { claimsBetween } from './drill-down.ts'
import { windowProblem } from './problems.ts'
import type { WindowState } from './state.ts'
import { statementCsv, statementOf } from './statement.ts'
import { paymentView, windowView } from './view.ts'

export type WindowRoutePorts = Pick<DoorPorts, 'clock' | 'newId'> & {
  readonly windows: WindowHandler
  readonly store: EventStore
  readonly views: ViewStore
  readonly caughtUp: (topic: Topic, timeoutMs: number) => Promise<boolean>
}

const READERS = ['agency', 'centre', 'auditor', 'service'] as const
const NETTED_POLL_MS = 20
const WindowNoJson = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
const byNumber = Type.Object({ windowNo: WindowNoJson })
const byRegion = Type.Object({ windowNo: WindowNoJson, regionCode: RegionJson })

export function addWindowRoutes(http: Http, ports: WindowRoutePorts): void {
  http.post(
    '/v1/windows',
    {
      preHandler: requireRole('centre', 'service'),
      schema: {
        summary: 'Close the window here',
        tags: ['windows'],
        body: Shape({ label: Text(60) }),
      },
    },
    async (request, reply) => {
      const windowNo = await closeWindow(ports, request.body.label, request.caller)
      const state = await netted(ports, windowNo, waitMs(request))
      reply
        .code(state.status === 'netted' ? 201 : 202)
        .header('location', `/v1/windows/${windowNo}`)
      return windowJson(state)
    },
  )
  http.get(
    '/v1/windows',
    { preHandler: requireRole(...READERS), schema: { summary: 'Windows', tags: ['windows'] } },
    async () => {
      const rows = await ports.views.find(windowView, { descending: true, limit: 500 })
      return { windows: rows.map(rowJson) }
    },
  )
  http.get(
    '/v1/windows/:windowNo',
    {
      preHandler: requireRole('centre', 'auditor', 'service'),
      schema: {
        summary: 'Pairs, nets and digest of a window',
        tags: ['windows'],
        params: byNumber,
      },
    },
    async request => {
      const { caller, params } = request
      // Rows of all regions: who has one of them reads its statement.
      if (caller.region !== null) throw refusalProblem({ kind: 'other-region' })
      return windowJson(await netted(ports, params.windowNo, waitMs(request)))
    },
  )
  addStatements(http, ports)
  addPayments(http, ports)
}

/** The window once it is netted, or as it is after the time. */
async function netted(
  ports: WindowRoutePorts,
  windowNo: number,
  timeoutMs: number,
): Promise<WindowState> {
  const stream = windowStream(ports.windows, windowNo)
  const end = performance.now() + timeoutMs
  for (;;) {
    const { state } = await ports.windows.reload(stream)
    if (state.status === 'open') throw windowProblem({ kind: 'unknown-window', windowNo })
    if (state.status === 'netted' || performance.now() > end) return state
    await new Promise(resolve => setTimeout(resolve, NETTED_POLL_MS))
  }
}

function windowJson(state: WindowState): unknown {
  if (state.status === 'open') return {}
  if (state.status === 'closed') {
    const { windowNo, label } = state.closed
    return { windowNo, label, status: 'closed' }
  }
  const { pairs, nets, ...head } = state.netted
  return {
    ...rowJson(head),
    status: 'netted',
    pairs: pairs.map(({ funds, ...pair }) => ({ ...rowJson(pair), funds: funds.map(rowJson) })),
    nets: nets.map(rowJson),
  }
}

function refuseOtherRegion(caller: Caller, regionCode: string): void {
  if (!mayReadRegion(caller, regionCode)) throw refusalProblem({ kind: 'other-region' })
}

function addStatements(http: Http, ports: WindowRoutePorts): void {
  http.get(
    '/v1/windows/:windowNo/statements/:regionCode',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'Statement of a region; ?format=csv for a table',
        tags: ['windows'],
        params: byRegion,
        querystring: Type.Object({ format: Type.Optional(Type.Enum(['json', 'csv'])) }),
      },
    },
    async (request, reply) => {
      const { windowNo, regionCode } = request.params
      refuseOtherRegion(request.caller, regionCode)
      const state = await netted(ports, windowNo, waitMs(request))
      if (state.status !== 'netted') throw windowProblem({ kind: 'window-not-netted' })
      const statement = statementOf(state.netted, regionCode)
      if (statement === undefined) throw windowProblem({ kind: 'region-not-in-window', regionCode })
      if (request.query.format === 'csv') {
        return reply.type('text/csv; charset=utf-8').send(statementCsv(statement))
      }
      const { lines, ...head } = statement
      return reply.send({ ...rowJson(head), lines: lines.map(rowJson) })
    },
  )
  http.get(
    '/v1/windows/:windowNo/statements/:regionCode/claims',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'Settlements and reversals behind a statement; ask again with after = next',
        tags: ['windows'],
        params: byRegion,
        querystring: Type.Object({
          after: Type.Optional(PositionJson),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          side: Type.Optional(Type.Enum(['insured', 'treating'])),
        }),
      },
    },
    async ({ params, query, caller }) => {
      refuseOtherRegion(caller, params.regionCode)
      const state = await netted(ports, params.windowNo, 0)
      if (state.status !== 'netted') throw windowProblem({ kind: 'window-not-netted' })
      const { fromPosition, cutPosition } = state.netted
      const { after = 0, limit = 100, side = 'insured' } = query
      const start = BigInt(after) > fromPosition ? BigInt(after) : fromPosition
      const range = { after: start, cut: cutPosition, limit }
      return claimsBetween(ports.store, range, { side, regionCode: params.regionCode })
    },
  )
}

function addPayments(http: Http, ports: WindowRoutePorts): void {
  http.get(
    '/v1/windows/:windowNo/payments',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'Notices of the window, and who has not confirmed',
        tags: ['windows'],
        params: byNumber,
      },
    },
    async ({ params, caller }) => {
      const equals = {
        windowNo: BigInt(params.windowNo),
        ...(caller.region === null ? {} : { regionCode: caller.region }),
      }
      const rows = await ports.views.find(paymentView, { equals, limit: 1000 })
      const missing = rows
        .filter(({ paidOn }) => paidOn === null)
        .map(({ regionCode }) => regionCode)
      return { payments: rows.map(rowJson), notConfirmed: missing }
    },
  )
  http.post(
    '/v1/windows/:windowNo/payments',
    {
      preHandler: requireRole('agency', 'centre', 'service'),
      schema: {
        summary: 'Confirm that the net was paid or received',
        tags: ['windows'],
        params: byNumber,
        body: Shape({ regionCode: RegionJson, reference: CodeJson, paidOn: DateJson }),
      },
    },
    async ({ params, body, caller }) => {
      const { regionCode, reference } = body
      refuseOtherRegion(caller, regionCode)
      const stream = windowStream(ports.windows, params.windowNo)
      const data = { regionCode, reference, paidOn: body.paidOn as BusinessDate }
      const { decision, state } = await ports.windows.handle(stream, {
        type: 'ConfirmPayment',
        data,
        meta: metaOf(ports, caller),
      })
      if (!decision.accepted) throw windowProblem(decision.refusal)
      const payment = state.status === 'netted' ? state.payments.get(regionCode) : undefined
      return {
        windowNo: params.windowNo,
        regionCode,
        reference,
        netFen: Number(payment?.netFen ?? 0n),
      }
    },
  )
}

/** HTTP to corrections: a payment undone, a bill withdrawn, a supplement after a finding. */
import {
  BillIdJson,
  BillJson,
  SupplementBillJson,
  UndoPaymentJson,
  WithdrawBillJson,
} from '@tongchou/contracts/http/contributions/bill.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { Ports } from '../../ports.ts'
import { billStreamOf } from '../decide.ts'
import { type Act, act, fenOrNull, mapped, onlyOne } from '../routes.ts'

const agencies = requireRole('agency', 'centre')

export function addCorrectionRoutes(ports: Ports): void {
  addTakingBack(ports)
  addSupplements(ports)
}

function addTakingBack(ports: Ports): void {
  const { http } = ports.runtime
  http.post(
    '/v1/bills/:billId/payments::undo',
    {
      preHandler: agencies,
      schema: { params: BillIdJson, body: UndoPaymentJson, response: { 200: BillJson } },
    },
    async ({ params: { billId }, body: { supplementNo = 0, ...told }, caller }) => {
      const undo: Act = {
        billId,
        command: ({ actingRegion, meta }) => ({
          type: 'UndoPayment',
          data: { actingRegion, supplementNo, ...told },
          meta,
        }),
      }
      return onlyOne(await act(ports, caller, [undo]))
    },
  )
  http.post(
    '/v1/bills/:billId/withdrawals',
    {
      preHandler: agencies,
      schema: { params: BillIdJson, body: WithdrawBillJson, response: { 200: BillJson } },
    },
    async ({ params: { billId }, body: { supplementNo = 0, ...told }, caller }) => {
      const withdraw: Act = {
        billId,
        command: ({ actingRegion, meta }) => ({
          type: 'WithdrawBill',
          data: { actingRegion, supplementNo, ...told },
          meta,
        }),
      }
      return onlyOne(await act(ports, caller, [withdraw]))
    },
  )
}

function addSupplements(ports: Ports): void {
  ports.runtime.http.post(
    '/v1/bills/:billId/supplements',
    {
      preHandler: agencies,
      schema: { params: BillIdJson, body: SupplementBillJson, response: { 200: BillJson } },
    },
    async ({ params: { billId }, body, caller }) => {
      await ports.packs.caughtUp()
      const { state } = await ports.bills.reload(billStreamOf(uuid(billId)))
      const packHash = state?.bills[0]?.issued.packHash
      const pack = packHash === undefined ? undefined : ports.packs.shelf.named(packHash)
      const supplement: Act = {
        billId,
        command: ({ actingRegion, meta }) => ({
          type: 'SupplementBill',
          data: { actingRegion, ...foundOf(body), pack },
          meta,
        }),
      }
      return onlyOne(await act(ports, caller, [supplement]))
    },
  )
}

function foundOf({ findingNo, foundOn, given = {}, ...wages }: SupplementBillJson) {
  const facts = {
    averageWageFen: fenOrNull(wages.averageWageFen),
    wageFen: fenOrNull(wages.wageFen),
    given: mapped(given, BigInt),
  }
  return { findingNo, foundOn: businessDate(foundOn), facts }
}

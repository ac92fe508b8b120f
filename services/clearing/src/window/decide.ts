/** A window: the cut, its netting, the payments of the regions. */
import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { ZERO } from '@tongchou/contracts/money.ts'
import type { CloseWindow, ConfirmPayment, NetWindow, WindowCommand } from './commands.ts'
import type { WindowEvent } from './events.ts'
import type { WindowState } from './state.ts'

export type WindowRefusal =
  | { readonly kind: 'window-number-taken'; readonly windowNo: number }
  | { readonly kind: 'window-not-netted' }
  | { readonly kind: 'region-not-in-window'; readonly regionCode: string }
  | { readonly kind: 'already-confirmed'; readonly reference: string }

export type WindowDecision = Decision<WindowEvent, WindowRefusal>

export function decide(command: WindowCommand, state: WindowState): WindowDecision {
  switch (command.type) {
    case 'CloseWindow':
      return close(command, state)
    case 'NetWindow':
      return net(command, state)
    case 'ConfirmPayment':
      return confirm(command, state)
    default:
      return unreachable(command)
  }
}

/** Refuses a number that is taken by another cut. */
function close({ data }: CloseWindow, state: WindowState): WindowDecision {
  if (state.status === 'open') return accept({ type: 'WindowClosed', data })
  if (state.closed.previousCut === data.previousCut && state.closed.label === data.label)
    return accept()
  return refuse({ kind: 'window-number-taken', windowNo: data.windowNo })
}

/** A rerun gives the same digest and changes nothing. */
function net({ data }: NetWindow, state: WindowState): WindowDecision {
  if (state.status === 'closed') return accept({ type: 'WindowNetted', data })
  return accept()
}

/**
 * A region confirms its net of the window once; the same reference again is a resend. The event
 * carries what the region's funds owed and what the region was owed, for the books. Refuses
 * `window-not-netted`, `region-not-in-window`, `already-confirmed`.
 */
function confirm({ data }: ConfirmPayment, state: WindowState): WindowDecision {
  if (state.status !== 'netted') return refuse({ kind: 'window-not-netted' })
  const { regionCode, reference, paidOn } = data
  const { windowId, windowNo, pairs, nets } = state.netted
  const row = nets.find(net => net.regionCode === regionCode)
  if (row === undefined) return refuse({ kind: 'region-not-in-window', regionCode })
  const earlier = state.payments.get(regionCode)
  if (earlier?.reference === reference) return accept()
  if (earlier !== undefined)
    return refuse({ kind: 'already-confirmed', reference: earlier.reference })
  const owed = new Map<string, Fen>()
  let receivable = 0n
  for (const pair of pairs) {
    if (pair.treating === regionCode) receivable += pair.owedFen
    if (pair.insured !== regionCode) continue
    for (const { fund, amountFen } of pair.funds) {
      owed.set(fund, ((owed.get(fund) ?? ZERO) + amountFen) as Fen)
    }
  }
  const payables = [...owed].sort(([a], [b]) => (a < b ? -1 : 1))
  return accept({
    type: 'PaymentConfirmed',
    data: {
      windowId,
      windowNo,
      regionCode,
      netFen: row.netFen,
      reference,
      paidOn,
      payables: payables.map(([fund, amountFen]) => ({ fund, amountFen })),
      receivableFen: receivable as Fen,
    },
  })
}

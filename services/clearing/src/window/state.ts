import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  PaymentConfirmed,
  WindowClosed,
  WindowNetted,
} from '@tongchou/contracts/events.generated.ts'
import type { WindowEvent } from './events.ts'

export type WindowState =
  | { readonly status: 'open' }
  | { readonly status: 'closed'; readonly closed: WindowClosed }
  | {
      readonly status: 'netted'
      readonly closed: WindowClosed
      readonly netted: WindowNetted
      readonly payments: ReadonlyMap<string, PaymentConfirmed>
    }

export const initialState: WindowState = { status: 'open' }

export function evolve(state: WindowState, event: WindowEvent): WindowState {
  switch (event.type) {
    case 'WindowClosed':
      assert(state.status === 'open', 'a window is closed once')
      return { status: 'closed', closed: event.data }
    case 'WindowNetted':
      assert(state.status === 'closed', 'a closed window is netted once')
      return { status: 'netted', closed: state.closed, netted: event.data, payments: new Map() }
    case 'PaymentConfirmed': {
      assert(state.status === 'netted', 'payments follow netting')
      const payments = new Map(state.payments).set(event.data.regionCode, event.data)
      return { ...state, payments }
    }
    default:
      return unreachable(event)
  }
}

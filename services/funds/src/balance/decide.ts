/** Balances struck at a cut, once: every replica that folds the same journal strikes the same. */
import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, assert } from '@tongchou/contracts/decision.ts'
import type { BalancesCommand } from './commands.ts'
import type { BalancesEvent } from './events.ts'

export type BalancesState = { readonly struck: boolean }

export const initialState: BalancesState = { struck: false }

export type BalancesDecision = Extract<Decision<BalancesEvent, never>, { readonly accepted: true }>

export function decide({ data }: BalancesCommand, state: BalancesState): BalancesDecision {
  if (state.struck) return accept()
  return accept({ type: 'BalancesStruck', data })
}

export function evolve(state: BalancesState, _event: BalancesEvent): BalancesState {
  assert(!state.struck, 'a cut is struck once')
  return { struck: true }
}

/**
 * Streams `balances-<cut position>`, each with one event. All have one key: they are read in order.
 */
export const balances = {
  category: 'balances',
  initialState,
  decide,
  evolve,
  keyOf: (_event: BalancesEvent) => 'balances',
  closes: (_event: BalancesEvent) => true,
  lastTells: true,
} as const

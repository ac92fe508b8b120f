import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { instant } from '@tongchou/contracts/time.ts'
import type { StrikeBalances } from './commands.ts'
import { decide, evolve, initialState } from './decide.ts'

const NOW = instant('2025-01-31T08:00:00.000Z')
const ID = uuidFrom(NAMESPACE.command, 'strike')
const STRIKE: StrikeBalances = {
  type: 'StrikeBalances',
  data: { cutPosition: 7n, bookedAt: NOW, events: 3n, entries: 9n, accounts: [] },
  meta: { commandId: ID, correlationId: ID, causationId: null, actor: 'service:funds', now: NOW },
}

test('balances are struck at a cut once', () => {
  const { events } = decide(STRIKE, initialState)
  assert.deepEqual(events, [{ type: 'BalancesStruck', data: STRIKE.data }])
  const state = events.reduce(evolve, initialState)
  assert.deepEqual(decide(STRIKE, state).events, [])
})

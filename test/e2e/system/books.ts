/** What accounts and books stand at, to be compared with what they stood at before. */
import assert from 'node:assert/strict'
import { personIdOf } from '@tongchou/contracts/id.ts'
import type { JsonObject } from './http.ts'
import { isObject } from './http.ts'
import type { System } from './system.ts'
import { CENTRE, personKeyOf, SERVICE } from './world.ts'

const PAGE = 1000
const YEAR = 2025

/** Benefit accounts by person number; null for persons of whom `claims` knows nothing. */
export async function accountsOf(
  system: System,
  personNos: readonly string[],
): Promise<Readonly<Record<string, JsonObject | null>>> {
  const key = personKeyOf(system)
  const accounts: Record<string, JsonObject | null> = {}
  for (const personNo of personNos) {
    const path = `/v1/accounts/${personIdOf(key, personNo)}?year=${YEAR}`
    const reply = await system.call('claims', path, { as: SERVICE })
    assert.ok(reply.status === 200 || reply.kind === 'unknown-account', reply.text)
    const { years: _, ...account } = reply.json
    accounts[personNo] = reply.status === 200 ? account : null
  }
  return accounts
}

/** Balance of every account of the books that is not 0, by its name. */
export async function balancesOf(system: System): Promise<Readonly<Record<string, number>>> {
  const balances: Record<string, number> = {}
  for (let after = ''; ; ) {
    const query = `?limit=${PAGE}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`
    const { json, status, text } = await system.call('funds', `/v1/balances${query}`, {
      as: CENTRE,
    })
    assert.equal(status, 200, text)
    for (const row of rowsOf(json['balances'])) {
      const { entity, account, counterparty, balanceFen } = row
      const name = `${entity} ${account} ${counterparty}`
      if (Number(balanceFen) !== 0) balances[name] = Number(balanceFen)
    }
    if (typeof json['next'] !== 'string') return balances
    after = json['next']
  }
}

/** Debits equal credits in each entity and over all, and the funds' own checks hold. */
export async function assertBooksHold(system: System): Promise<void> {
  const trial = await system.call('funds', '/v1/trial-balance?limit=500', { as: CENTRE })
  assert.equal(trial.status, 200, trial.text)
  assert.equal(trial.json['balanced'], true)
  assert.equal(trial.json['debitFen'], trial.json['creditFen'])
  const check = await system.call('funds', '/v1/self-check?run=true', { as: CENTRE })
  assert.equal(check.json['ok'], true, check.text)
  assert.equal(check.json['imbalanceFen'], 0)
}

export function rowsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/**
 * A small history with one of everything that an audit looks at, made by the services themselves.
 */
import assert from 'node:assert/strict'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import type { As, JsonObject } from '../system/http.ts'
import type { System } from '../system/system.ts'
import {
  AWAY,
  CENTRE,
  type ClaimBody,
  enrolMany,
  HOME,
  HOSPITAL,
  importAll,
  loadReferences,
  personKeyOf,
  personNumber,
  SERVICE,
  stay,
  visit,
} from '../system/world.ts'

const PERSONS = 8
const LOCAL_HOSPITAL = 'H61010000001'
const REVIEWER: As = { role: 'reviewer', subject: 'r-1', region: AWAY }

const numberOf = (n: number) => personNumber(n).personNo

/**
 * Settled at home and elsewhere, held, released, rejected, withdrawn, reversed; two windows, a
 * payment; account money that goes to another region and to the pooled fund.
 */
export async function makeHistory(system: System): Promise<void> {
  await loadReferences(system)
  const persons = Array.from({ length: PERSONS }, (_, n) => personNumber(n))
  await enrolMany(system, persons, 300_000)
  await importAll(system, 'contributions', '/v1/premiums:import', [PREMIUM])
  await importAll(system, 'enrollment', '/v1/filings:import', [FILING])
  await system.stores.quiet()
  for (let n = 0; n < PERSONS; n++) {
    await submit(system, stay({ personNo: numberOf(n), claimNo: `AWAY-${n}` }))
    const local = visit({ personNo: numberOf(n), claimNo: `HOME-${n}`, on: '2025-03-09' })
    await submit(system, { ...local, institutionCode: LOCAL_HOSPITAL })
  }
  for (const n of [1, 2, 3]) {
    const again = stay({ personNo: numberOf(n), claimNo: `AGAIN-${n}` })
    assert.equal(await submit(system, again), 'held')
  }
  await system.stores.quiet()
  await decide(system, 'AGAIN-1', 'release')
  await decide(system, 'AGAIN-2', 'rejection')
  await reverse(system, HOSPITAL, 'AGAIN-3')
  await system.stores.quiet()
  await closeWindow(system, 'first')
  const confirmed = { regionCode: HOME, reference: 'BANK-1', paidOn: '2025-04-01' }
  await ask(system, 'clearing', '/v1/windows/1/payments', { as: CENTRE, body: confirmed })
  await reverse(system, LOCAL_HOSPITAL, 'HOME-4')
  await reverse(system, HOSPITAL, 'AWAY-4')
  await closeWindow(system, 'second')
  await move(system, 6, 'region-transfers', { movementNo: 'AUDIT-MOVE', toRegion: AWAY })
  await move(system, 7, 'inheritances', { movementNo: 'AUDIT-HEIR', heirNo: null })
  await system.stores.quiet()
}

const FILING = {
  filingNo: 'AUDIT-FILING',
  personNo: numberOf(5),
  kind: 'longTermResidence',
  treatmentRegion: AWAY,
  filedOn: '2025-01-01',
  validFrom: '2025-01-01',
}

const PREMIUM = {
  receiptNo: 'AUDIT-RECEIPT',
  regionCode: HOME,
  scheme: 'employee',
  payer: 'employer',
  period: '2025-01',
  amountFen: 9_876_543,
  receivedOn: '2025-01-03',
}

export async function submit(system: System, body: ClaimBody): Promise<unknown> {
  const headers = { prefer: 'wait=30' }
  return (await ask(system, 'clearing', '/v1/claims', { as: SERVICE, body, headers }))['state']
}

async function ask(system: System, ...[service, path, call]: Parameters<System['call']>) {
  const reply = await system.call(service, path, call)
  assert.ok(reply.status < 300, reply.text)
  return reply.json
}

async function decide(system: System, claimNo: string, what: string): Promise<void> {
  const path = `/v1/cases/${claimIdOf(HOSPITAL, claimNo)}/${what}`
  await ask(system, 'fraud', path, { as: REVIEWER, body: { note: 'looked at it' } })
}

async function reverse(system: System, hospital: string, claimNo: string): Promise<void> {
  await system.stores.quiet()
  const path = `/v1/claims/${claimIdOf(hospital, claimNo)}/reversal`
  await ask(system, 'clearing', path, { as: SERVICE, body: { reason: 'sent by mistake' } })
}

async function move(system: System, n: number, door: string, body: JsonObject): Promise<void> {
  const path = `/v1/accounts/${personIdOf(personKeyOf(system), numberOf(n))}/${door}`
  await ask(system, 'claims', path, { as: CENTRE, body })
}

async function closeWindow(system: System, label: string): Promise<void> {
  const headers = { prefer: 'wait=30' }
  await ask(system, 'clearing', '/v1/windows', { as: CENTRE, body: { label }, headers })
}

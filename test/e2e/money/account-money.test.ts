/**
 * Account money without a claim, over HTTP: out of the account, out of its fund, into the bank of
 * nobody, of another region or of the pooled fund; the books hold all the while.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { assertBooksHold, balancesOf } from '../system/books.ts'
import type { JsonObject, Reply } from '../system/http.ts'
import { startSystem } from '../system/system.ts'
import { CENTRE, importAll, personKeyOf } from '../system/world.ts'

const P03 = new URL('../../../contracts/policies/packs/P03-employee.json', import.meta.url)
const [HOME, AWAY] = ['430100', '420200']

const system = await startSystem({ after })
const pack = JSON.parse(readFileSync(P03, 'utf8'))
const policy = { pack, regionCode: HOME, effectiveFrom: '2020-01-01' }
const published = await system.call('claims', '/v1/policies', { as: CENTRE, body: policy })
assert.equal(published.status, 200, published.text)

const credit = (personNo: string, creditNo: string, amountFen: number, kind = 'monthly') => ({
  ...{ creditNo, regionCode: HOME, scheme: 'employee', kind, amountFen, personNo },
  creditedOn: '2025-01-10',
})
const credits = [
  credit('PAYER', 'C-1', 10_005),
  credit('MOVER', 'C-2', 5_000),
  credit('DEAD', 'C-3', 3_000),
  credit('DEAD', 'C-4', 7, 'interest'),
]
await importAll(system, 'contributions', '/v1/account-credits:import', credits)
await system.stores.quiet()

function move(personNo: string, door: string, body: JsonObject): Promise<Reply> {
  const path = `/v1/accounts/${personIdOf(personKeyOf(system), personNo)}/${door}`
  return system.call('claims', path, { as: CENTRE, body })
}

test('movements leave account and fund alike; what they are refused leaves both alone', async () => {
  const moves = [
    ['PAYER', 'payments', { purpose: 'healthCheck', payee: 'H1', amountFen: 1_000 }],
    ['PAYER', 'card-transfers', { creditNo: 'C-1' }],
    ['MOVER', 'region-transfers', { toRegion: AWAY }],
    ['DEAD', 'inheritances', { heirNo: null }],
  ] as const
  for (const [who, door, body] of moves) {
    for (const _ of [1, 2]) {
      const reply = await move(who, door, { movementNo: `${who}-${door}`, ...body })
      assert.equal(reply.status, 200, reply.text)
    }
  }
  const more = { movementNo: 'X', purpose: 'healthCheck', payee: 'H1', amountFen: 2_002 }
  assert.equal((await move('PAYER', 'payments', more)).kind, 'balance-too-low')
  assert.equal((await move('PAYER', 'withdrawals', { movementNo: 'X' })).status, 422)
  await system.stores.quiet()
  const books = await balancesOf(system)
  const bank = (entity: string) => books[`${entity} 1003 null`] ?? 0
  assert.deepEqual(
    {
      home: bank(`${HOME}/employee.account`),
      away: bank(`${AWAY}/employee.account`),
      pooled: bank(`${HOME}/employee.pooled`),
      paidOut: books[`${HOME}/employee.account 5001 null`],
      interest: books[`${HOME}/employee.account 4003 null`],
    },
    { home: 10_005 - 1_000 - 7_004, away: 5_000, pooled: 3_007, paidOut: 8_004, interest: 7 },
  )
  await assertBooksHold(system)
})

/** What others can make of the public facts alone, against what the services say of themselves. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { makeHistory } from '../audit/history.ts'
import { balancesOf, rowsOf } from '../system/books.ts'
import type { As, JsonObject } from '../system/http.ts'
import { startSystem } from '../system/system.ts'
import { AWAY, CENTRE, HOME } from '../system/world.ts'

const system = await startSystem({ after })
await makeHistory(system)

type Fact = { readonly kind: string; readonly id: string; readonly data: JsonObject }

/** All public facts of a service, page by page. */
async function factsOf(service: ServiceName, as: As = CENTRE): Promise<readonly Fact[]> {
  const facts: Fact[] = []
  for (let after = 0; ; ) {
    const { json, text } = await system.call(service, `/v1/events?limit=7&after=${after}`, { as })
    for (const { type, id, data } of rowsOf(json['events'])) {
      assert.ok(typeof data === 'object' && data !== null && !Array.isArray(data), text)
      const kind = String(type).split('.').at(-2) ?? ''
      facts.push({ kind, id: String(id), data: data as JsonObject })
    }
    if (json['next'] === after) return facts
    after = Number(json['next'])
  }
}

function add(sums: Map<string, number>, key: string, amount: unknown): void {
  sums.set(key, (sums.get(key) ?? 0) + Number(amount))
}

const entries = await factsOf('funds')
const facts = await factsOf('clearing')

describe('public facts alone', () => {
  test('come to the balance of every account of every fund', async () => {
    const chart = await system.call('funds', '/v1/chart', { as: CENTRE })
    const sides = new Map(rowsOf(chart.json['accounts']).map(({ code, side }) => [code, side]))
    const sums = new Map<string, number>()
    for (const { data } of entries) {
      for (const posting of rowsOf(data['postings'])) {
        const { fund, account, counterparty, debitFen, creditFen } = posting
        const sign = sides.get(String(account)) === 'debit' ? 1 : -1
        const name = `${data['region']}/${fund} ${account} ${counterparty}`
        add(sums, name, sign * (Number(debitFen) - Number(creditFen)))
      }
    }
    assert.ok(sums.size > 10)
    const rebuilt = Object.fromEntries([...sums].filter(([, balance]) => balance !== 0))
    assert.deepEqual(rebuilt, await balancesOf(system))
  })

  test('come to the net of every region in every window', () => {
    const windows = facts.filter(({ kind }) => kind === 'window-netted')
    assert.equal(windows.length, 2)
    for (const { data: window } of windows) {
      const nets = new Map<string, number>()
      for (const { kind, data } of facts) {
        if (kind !== 'claim-settled' && kind !== 'claim-reversed') continue
        const { position, insuredRegion, treatingRegion, owedFen } = data
        if (insuredRegion === treatingRegion) continue
        if (!(Number(position) > Number(window['fromPosition']))) continue
        if (!(Number(position) < Number(window['cutPosition']))) continue
        const sign = kind === 'claim-settled' ? 1 : -1
        add(nets, String(insuredRegion), -sign * Number(owedFen))
        add(nets, String(treatingRegion), sign * Number(owedFen))
      }
      const told = rowsOf(window['nets']).map(({ regionCode, netFen }) => [regionCode, netFen])
      assert.ok(told.length > 0)
      assert.deepEqual(Object.fromEntries(nets), Object.fromEntries(told))
    }
  })

  test('name the fact of clearing that each entry books', () => {
    const known = new Map(facts.map(({ id, kind, data }) => [id, { kind, claim: data['claimId'] }]))
    const booked = entries.filter(({ data }) => data['causedBy'] !== null)
    assert.ok(booked.length > 20)
    const kinds: Readonly<Record<string, string>> = {
      ...{ settlement: 'claim-settled', reversal: 'claim-reversed' },
      ...{ netting: 'window-netted', payment: 'payment-confirmed' },
    }
    for (const { data } of booked) {
      const fact = known.get(String(data['causedBy']))
      assert.equal(fact?.kind, kinds[String(data['kind'])])
      assert.equal(fact?.claim ?? null, data['claimId'])
    }
  })
})

test('an agency is told the entries of its region alone', async () => {
  for (const region of [HOME, AWAY]) {
    const told = await factsOf('funds', { role: 'agency', region })
    assert.ok(told.length > 0)
    assert.deepEqual(
      told.map(({ id }) => id),
      entries.filter(({ data }) => data['region'] === region).map(({ id }) => id),
    )
  }
})

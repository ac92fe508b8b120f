/**
 * Bill, payment, fund, account: what the vectors about premiums say is what the books of the
 * funds and the personal account hold in the end, to the fen.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { assertBooksHold, balancesOf } from './system/books.ts'
import type { JsonObject, Reply } from './system/http.ts'
import { isObject } from './system/http.ts'
import { startSystem } from './system/system.ts'
import { CENTRE, importAll, personKeyOf, SERVICE } from './system/world.ts'

const POLICIES = new URL('../../contracts/policies/', import.meta.url)
const jsonOf = (path: string) => JSON.parse(readFileSync(new URL(path, POLICIES), 'utf8'))

type Vector = { readonly id: string; readonly fn: string; input: Figures; expect: Figures }
type Figures = Readonly<Record<string, number & string & boolean>>

/** The vectors of a file about one thing; there is at least one. */
function vectors(file: string, fn: string): readonly Vector[] {
  const found = (jsonOf(`vectors/${file}.json`) as Vector[]).filter(vector => vector.fn === fn)
  assert.ok(found.length > 0, `${file} ${fn}`)
  return found
}

/** Each pack in a region of its own, so that its books are its own. */
const PLACES = {
  P01: { regionCode: '420200', scheme: 'employee', effectiveFrom: '2020-01-01' },
  P04: { regionCode: '430200', scheme: 'resident', effectiveFrom: '2008-01-01' },
  P05: { regionCode: '440300', scheme: 'employee', effectiveFrom: '2011-01-01' },
  'P06-employee': { regionCode: '330300', scheme: 'employee', effectiveFrom: '2015-01-01' },
  'P06-resident': { regionCode: '330300', scheme: 'resident', effectiveFrom: '2015-01-01' },
  P11: { regionCode: '330900', scheme: 'employee', effectiveFrom: '2006-12-25' },
  P20: { regionCode: '230100', scheme: 'resident', effectiveFrom: '2010-01-01' },
} as const
type Pack = keyof typeof PLACES

const system = await startSystem({ after })
for (const [name, { regionCode, effectiveFrom }] of Object.entries(PLACES)) {
  const pack = jsonOf(`packs/${name}.json`)
  const place = pack.effectiveFrom === null ? { effectiveFrom } : {}
  const body = { pack, regionCode, ...place }
  const reply = await system.call('claims', '/v1/policies', { as: CENTRE, body })
  assert.equal(reply.status, 200, `${name}: ${reply.text}`)
}

let people = 0
const nextPerson = () => `BILLED${++people}`

function issue(pack: Pack, facts: object): Promise<Reply> {
  const { regionCode, scheme } = PLACES[pack]
  const body = { personNo: nextPerson(), status: 'active', regionCode, scheme, ...facts }
  return system.call('contributions', '/v1/bills', { as: CENTRE, body })
}

async function billed(pack: Pack, facts: object): Promise<JsonObject> {
  const reply = await issue(pack, facts)
  assert.equal(reply.status, 201, reply.text)
  return reply.json
}

type Line = { readonly part: string; payer: string; fund: string; amountFen: number }

function sumOf(bill: JsonObject, wanted: (line: Line) => boolean): number {
  const lines = bill['lines'] as unknown as readonly Line[]
  return lines.filter(wanted).reduce((sum, { amountFen }) => sum + amountFen, 0)
}

/** All payers pay what the bill owes on the day. */
async function payAll(bill: JsonObject, paidOn: string): Promise<JsonObject> {
  const path = `/v1/bills/${bill['billId']}`
  const { json } = await system.call('contributions', `${path}?on=${paidOn}`, { as: CENTRE })
  assert.ok(isObject(json['owed']))
  const body = { receiptNo: 'BANK-1', amountFen: json['owed']['owedFen'] ?? null, paidOn }
  const paid = await system.call('contributions', `${path}/payments`, { as: CENTRE, body })
  assert.equal(paid.status, 200, paid.text)
  return paid.json
}

/** Money in the bank of a region's fund. */
async function bankOf(entity: string): Promise<number> {
  const balances = await balancesOf(system)
  const bank = Object.entries(balances).filter(([name]) => name.startsWith(`${entity} 1`))
  return bank.reduce((sum, [, amountFen]) => sum + amountFen, 0)
}

async function accountFen(personNo: string): Promise<number> {
  const personId = personIdOf(personKeyOf(system), personNo)
  const path = `/v1/accounts/${personId}?year=2025`
  const { json, text } = await system.call('claims', path, { as: SERVICE })
  assert.equal(typeof json['account'], 'number', text)
  return Number(json['account'])
}

describe('the vectors, from the bill to the books', () => {
  for (const { id, input, expect } of vectors('P01', 'contribution')) {
    test(`${id}: base, payers, credit; the account holds it, the funds the rest`, async () => {
      const { status, age, civilServant, averageWageFen, wageFen } = input
      const personNo = nextPerson()
      const before = await booksOfP01()
      const bill = await billed('P01', {
        ...{ personNo, period: '2024', status, age, averageWageFen, wageFen },
        attributes: { civilServant },
      })
      const lines = bill['lines'] as unknown as Line[]
      assert.deepEqual(
        {
          baseFen: bill['baseFen'],
          employerFen: sumOf(bill, ({ part }) => part === 'employer'),
          personFen: sumOf(bill, ({ part }) => part === 'person'),
          largeAmountFen: sumOf(bill, ({ fund }) => fund === 'largeAmount'),
          largeAmountPayer: lines.find(({ fund }) => fund === 'largeAmount')?.payer,
          accountCreditFen: sumOf(bill, ({ fund }) => fund === 'account'),
          civilServantFundFen: sumOf(bill, ({ fund }) => fund === 'civilServantFund'),
        },
        expect,
      )
      await payAll(bill, '2024-06-30')
      await system.stores.quiet()
      const { accountCreditFen } = expect
      assert.equal(await accountFen(personNo), accountCreditFen)
      const moved = (await booksOfP01()).map((fen, at) => fen - Number(before[at]))
      const large = (line: Line) => line.fund === 'largeAmount' && !line.payer.endsWith('Fund')
      const ofFunds = [sumOf(bill, large), Number(expect['civilServantFundFen'])]
      const total = Number(bill['totalFen'])
      const pooled = total - ofFunds.reduce((sum, fen) => sum + fen, Number(accountCreditFen))
      assert.deepEqual(moved, [pooled, ...ofFunds, accountCreditFen], 'not a fen twice')
    })
  }

  test('P04: the premium of each category of 2008 adds up, and is in the fund', async () => {
    const before = await bankOf('430200/resident.pooled')
    let total = 0
    for (const [category, statedFen] of [
      ['otherAllowance', 18_000],
      ['disabled', 18_000],
      ['lowIncome60', 18_000],
      ['otherAdult', 18_000],
      ['child', 8_000],
      ['poorOrDisabledChild', 8_000],
    ] as const) {
      const status = statedFen === 8_000 ? 'child' : 'adult'
      const bill = await billed('P04', { period: '2008', status, attributes: { category } })
      assert.equal(bill['totalFen'], statedFen, category)
      await payAll(bill, '2008-03-01')
      total += statedFen
    }
    await system.stores.quiet()
    assert.equal((await bankOf('430200/resident.pooled')) - before, total)
    const unknown = await issue('P04', {
      ...{ period: '2009', status: 'adult', attributes: { category: 'child' } },
    })
    assert.equal(unknown.kind, 'no-policy')
  })

  test('P05: a unit of a hundred pays late or in time, as the vectors say', async () => {
    for (const { id, input, expect } of vectors('P05', 'lateFee')) {
      const { regionCode, scheme } = PLACES.P05
      const employerNo = `UNIT-${id}`
      const before = await bankOf('440300/employee.supplement')
      const roster = Array.from({ length: 100 }, () => ({
        ...{ personNo: nextPerson(), regionCode, scheme, period: '2012' },
        ...{ status: 'active', employerNo, dueOn: input['dueDate'] },
      }))
      await importAll(system, 'contributions', '/v1/bills:import', roster)
      const query = `/v1/bills?employerNo=${employerNo}`
      const list = await system.call('contributions', query, { as: CENTRE })
      const bills = list.json['bills'] as JsonObject[]
      const deliveredOn = input['noticeDelivered']
      const notices = bills.map(({ billId }) => ({ billId, deliveredOn }))
      await importAll(system, 'contributions', '/v1/arrears-notices:import', notices)
      const late = `/v1/arrears?employerNo=${employerNo}&on=${input['paid']}`
      const arrears = await system.call('contributions', late, { as: CENTRE })
      const rows = arrears.json['arrears'] as { lateDays: number; lateFeeFen: number }[]
      const feeFen = rows.reduce((sum, { lateFeeFen }) => sum + lateFeeFen, 0)
      assert.deepEqual({ days: rows[0]?.lateDays, feeFen }, expect, id)
      const each = Number(expect['feeFen']) / 100
      const payments = bills.map(({ billId }) => ({
        ...{ billId, receiptNo: employerNo, amountFen: 7_500 + each, paidOn: input['paid'] },
      }))
      await importAll(system, 'contributions', '/v1/bill-payments:import', payments)
      await system.stores.quiet()
      const paid = Number(input['amountFen']) + Number(expect['feeFen'])
      assert.equal((await bankOf('440300/employee.supplement')) - before, paid)
      const left = await system.call('contributions', late, { as: CENTRE })
      assert.deepEqual(left.json['arrears'], [])
    }
  })

  test('P06: a month of an employee; the year of a resident', async () => {
    const [{ expect }] = vectors('P06', 'cangnanEmployeeMonth') as [Vector]
    const bill = await billed('P06-employee', { period: '2015-03' })
    const { employerFen, personFen, totalFen } = expect
    assert.equal(
      sumOf(bill, ({ payer }) => payer === 'employer'),
      employerFen,
    )
    assert.equal(
      sumOf(bill, ({ payer }) => payer === 'person'),
      personFen,
    )
    await payAll(bill, '2015-03-31')
    const [year] = vectors('P06', 'cangnanReconcile')
    const resident = await billed('P06-resident', { period: '2015', status: 'adult' })
    await payAll(resident, '2015-01-31')
    await system.stores.quiet()
    assert.equal(await bankOf('330300/employee.pooled'), totalFen)
    const members = Number(year?.input['members'])
    const perMemberFen = await bankOf('330300/resident.pooled')
    assert.equal(perMemberFen * members, year?.expect['expectedFen'])
  })

  test('P11: a month of one who pays for himself', async () => {
    const [{ input, expect }] = vectors('P11', 'zhoushan2010') as [Vector]
    const bill = await billed('P11', {
      ...{ period: '2010-05', given: input, attributes: { payerKind: 'individual' } },
    })
    assert.equal(bill['totalFen'], expect['monthFen'])
    await payAll(bill, '2010-05-31')
    await system.stores.quiet()
    assert.equal(await bankOf('330900/employee.pooled'), expect['monthFen'])
  })

  for (const { id, input, expect } of vectors('P20', 'hljSubsidy')) {
    test(`${id}: family and three levels of finance pay, each its own part`, async () => {
      const before = await bankOf('230100/resident.pooled')
      const { category, premiumFen } = input
      const bill = await billed('P20', {
        ...{ period: '2012', status: 'adult', given: { premiumFen }, attributes: { category } },
      })
      const payments = ['central', 'province', 'local', 'family'].map(payer => {
        const amountFen = sumOf(bill, line => line.payer === payer)
        assert.equal(amountFen, expect[`${payer}Fen`], payer)
        const { billId } = bill
        return { billId, receiptNo: payer, payers: [payer], amountFen, paidOn: '2012-02-01' }
      })
      await importAll(system, 'contributions', '/v1/bill-payments:import', payments)
      await system.stores.quiet()
      assert.equal((await bankOf('230100/resident.pooled')) - before, premiumFen)
      for (const level of ['central', 'province', 'local']) {
        const path = `/v1/balances?entity=230100/resident.pooled&account=4002&counterparty=${level}`
        const { json } = await system.call('funds', path, { as: CENTRE })
        assert.match(JSON.stringify(json), new RegExp(`"counterparty":"${level}"`))
      }
    })
  }

  test('the books hold in the end', async () => {
    await assertBooksHold(system)
  })
})

/** Pooled, large-amount, civil servants', accounts. */
function booksOfP01(): Promise<readonly number[]> {
  const funds = ['pooled', 'largeAmount', 'civilServant', 'account']
  return Promise.all(funds.map(fund => bankOf(`420200/employee.${fund}`)))
}

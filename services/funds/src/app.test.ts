import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { instant } from '@tongchou/contracts/time.ts'
import { BOOKS_PROBLEMS } from './balance/problems.ts'
import { balanceView } from './balance/view.ts'
import { CHART } from './chart/accounts.ts'
import { type MemoryBed, NOW, openBed, say } from './testing/bed.ts'
import { credit, netted, paid, premium, reversed, settled } from './testing/events.ts'

const BEIJING = '110100'
const SHANGHAI = '310100'
const LOCAL = { no: 'L1', insured: BEIJING, treating: BEIJING, pooled: 700, account: 50 }
const REMOTE = { no: 'R1', insured: BEIJING, treating: SHANGHAI, pooled: 600, account: 30 }
const UNDONE = { no: 'R2', insured: SHANGHAI, treating: BEIJING, pooled: 40 }
const CENTRE = { role: 'centre' as const, institution: null, region: null, subject: 'c' }
const AGENCY = { role: 'agency' as const, institution: null, region: BEIJING, subject: 'a' }
const LATER = instant('2025-02-02T05:00:00.000Z')
const TOMORROW = instant('2025-02-02T04:00:00.000Z')

let bed: MemoryBed
/** Positions of the journal after each step, by name. */
const stood = { money: 0, claims: 0, netting: 0, payment: 0 }

type Member =
  | 'entity'
  | 'fund'
  | 'account'
  | 'counterparty'
  | 'balanceFen'
  | 'debitFen'
  | 'creditFen'
  | 'amountFen'
  | 'position'
  | 'eventId'
  | 'stream'
  | 'kind'
  | 'claimId'
  | 'lines'
  | 'rows'
  | 'nameZh'
  | 'faults'
type Items = readonly { readonly [M in Member]?: unknown }[]

async function get(url: string, as: object = CENTRE) {
  return bed.call('GET', url, { as })
}

async function items(url: string, name: string, as: object = CENTRE): Promise<Items> {
  const reply = await get(url, as)
  assert.equal(reply.status, 200, reply.text)
  const found = reply.get(name)
  assert.ok(Array.isArray(found))
  return found
}

/** Balances in short: entity account[/counterparty] balance. */
async function balances(query: string, as: object = CENTRE): Promise<readonly string[]> {
  const found = await items(`/v1/balances?${query}`, 'balances', as)
  return found.map(({ entity, account, counterparty, balanceFen }) => {
    const party = counterparty === null ? '' : `/${String(counterparty)}`
    return `${String(entity)} ${String(account)}${party} ${String(balanceFen)}`
  })
}

async function step(name: keyof typeof stood, said: () => Promise<unknown>): Promise<void> {
  await said()
  await bed.settled()
  stood[name] = Number((await bed.store.head()).position)
}

before(async () => {
  bed = await openBed()
  const { contributions, clearing } = bed
  await step('money', async () => {
    await say(contributions, { type: 'PremiumReceived', data: premium(BEIJING, 10_000) })
    await say(contributions, {
      type: 'AccountCredited',
      data: credit(BEIJING, 500, 'openingBalance'),
    })
  })
  await step('claims', async () => {
    for (const spec of [LOCAL, REMOTE, UNDONE]) {
      await say(clearing, { type: 'ClaimSettled', data: settled(spec) }, { key: spec.no })
    }
    await say(clearing, { type: 'ClaimReversed', data: reversed(UNDONE) }, { key: UNDONE.no })
  })
  bed.setNow(TOMORROW)
  const window = netted(1, [
    { spec: REMOTE, sign: 1 },
    { spec: UNDONE, sign: 1 },
    { spec: UNDONE, sign: -1 },
  ])
  await step('netting', () => say(clearing, { type: 'WindowNetted', data: window }))
  bed.setNow(LATER)
  await step('payment', async () => {
    for (const region of [BEIJING, SHANGHAI]) {
      await say(clearing, { type: 'PaymentConfirmed', data: paid(window, region) })
    }
  })
})

after(() => bed.stop())

describe('balances', () => {
  test('now: the claim is paid between the regions and owed to the hospitals', async () => {
    assert.deepEqual(await balances(''), [
      '110100/employee.account 1003 500',
      '110100/employee.account 1003/window-1 -30',
      '110100/employee.account 200111/H11010000001 50',
      '110100/employee.account 200112/310100 0',
      '110100/employee.account 200113/window-1 0',
      '110100/employee.account 3002 500',
      '110100/employee.account 5001 80',
      '110100/employee.pooled 1003 10000',
      '110100/employee.pooled 1003/window-1 -600',
      '110100/employee.pooled 200111/H11010000001 700',
      '110100/employee.pooled 200112/310100 0',
      '110100/employee.pooled 200113/window-1 0',
      '110100/employee.pooled 4001 10000',
      '110100/employee.pooled 5001 1300',
      '110100/turnover 110111/310100 0',
      '110100/turnover 200111/H11010000001 0',
      '310100/employee.pooled 200112/110100 0',
      '310100/employee.pooled 5001 0',
      '310100/turnover 1003/window-1 630',
      '310100/turnover 110111/110100 0',
      '310100/turnover 110112/window-1 0',
      '310100/turnover 200111/H31010000001 630',
    ])
  })

  test('after any event of the past', async () => {
    const pooled = `entity=${BEIJING}/employee.pooled`
    assert.deepEqual(await balances(`${pooled}&position=${stood.money}`), [
      '110100/employee.pooled 1003 10000',
      '110100/employee.pooled 4001 10000',
    ])
    const owed = 'account=200112&counterparty=310100'
    assert.deepEqual(await balances(`${owed}&position=${stood.claims}`), [
      '110100/employee.account 200112/310100 30',
      '110100/employee.pooled 200112/310100 600',
    ])
    assert.deepEqual(await balances(`account=200113&position=${stood.netting}`), [
      '110100/employee.account 200113/window-1 30',
      '110100/employee.pooled 200113/window-1 600',
    ])
    assert.deepEqual(await balances('position=0'), [])
  })

  test('at an instant: everything booked up to it', async () => {
    const reply = await get(`/v1/balances?account=110111&asOf=${NOW}`)
    assert.deepEqual(
      [reply.get('bookedAt'), Number(reply.get('position')) < stood.netting],
      [NOW, true],
    )
    assert.deepEqual(await balances(`account=110111&asOf=${NOW}`), [
      '110100/turnover 110111/310100 0',
      '310100/turnover 110111/110100 630',
    ])
    assert.deepEqual(await balances('asOf=2025-02-01T03:59:59.999Z'), [])
    const future = await balances('account=110111&asOf=2199-01-01T00:00:00.000Z')
    assert.deepEqual(future, await balances('account=110111'))
  })

  test('carry names, side, debits and credits', async () => {
    const [bank] = await items('/v1/balances?account=1003&region=310100', 'balances')
    assert.deepEqual(bank, {
      entity: '310100/turnover',
      region: '310100',
      fund: 'turnover',
      account: '1003',
      nameZh: '财政专户存款',
      nameEn: 'Deposit in the finance special account',
      side: 'debit',
      counterparty: 'window-1',
      debitFen: 630,
      creditFen: 0,
      balanceFen: 630,
    })
  })

  test('come in pages that add up to the whole', async () => {
    const paged: string[] = []
    let next: unknown = ''
    for (let page = 0; next !== null && page < 20; page++) {
      const cursor = next === '' ? '' : `&after=${encodeURIComponent(String(next))}`
      const reply = await get(`/v1/balances?limit=3&position=${stood.payment}${cursor}`)
      paged.push(...(await balances(`limit=3&position=${stood.payment}${cursor}`)))
      next = reply.get('next')
    }
    assert.deepEqual(paged, await balances(''))
  })
})

describe('entries', () => {
  test('come with the event behind them, and balance in each entity', async () => {
    const found = await items(`/v1/entries?entity=${BEIJING}/employee.account`, 'entries')
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['credit', 'settlement', 'settlement', 'netting', 'payment'],
    )
    const [opening] = found
    const [said] = await bed.contributions.readAll(1n, 1)
    const { incarnation } = await bed.contributions.head()
    assert.deepEqual(opening, {
      position: opening?.position,
      eventId: opening?.eventId,
      stream: opening?.stream,
      bookedAt: NOW,
      kind: 'credit',
      source: {
        topic: 'contributions.account-credit.v1',
        incarnation,
        position: 2,
        eventId: said?.id,
      },
      claimId: null,
      lines: [
        { entity: '110100/employee.account', account: '1003', counterparty: null, amountFen: 500 },
        { entity: '110100/employee.account', account: '3002', counterparty: null, amountFen: -500 },
      ],
    })
    assert.match(String(opening?.stream), /^journal-[0-7]-2025-01$/)
    assert.equal(found[1]?.claimId, settled(LOCAL).claimId)
  })

  test('add up to the balance of their account', async () => {
    const found = await items('/v1/entries?account=1003', 'entries')
    const lines = found.flatMap(({ lines: of }) => of as Items)
    const bank = lines.filter(
      ({ account, entity }) => account === '1003' && entity === '110100/employee.pooled',
    )
    assert.equal(
      bank.reduce((total, { amountFen }) => total + Number(amountFen), 0),
      10_000 - 600,
    )
  })

  test('come in pages that add up to the whole, from an instant to an instant', async () => {
    const whole = await items('/v1/entries', 'entries')
    assert.equal(whole.length, 9)
    const paged: Items[number][] = []
    let after = ''
    for (let page = 0; page < 20; page++) {
      const reply = await get(`/v1/entries?limit=2${after}`)
      paged.push(...(reply.get('entries') as Items))
      if (reply.get('next') === null) break
      after = `&after=${String(reply.get('next'))}`
    }
    assert.deepEqual(paged, whole)
    const ofToday = await items(`/v1/entries?to=${NOW}`, 'entries')
    const ofTomorrow = await items(`/v1/entries?from=${TOMORROW}`, 'entries')
    assert.deepEqual([...ofToday, ...ofTomorrow], whole)
    assert.equal(ofTomorrow.length, 3)
    assert.equal((await items(`/v1/entries?from=${LATER}`, 'entries')).length, 2)
  })

  test('of an account that rests between cuts are found behind them', async () => {
    const found = await items('/v1/entries?account=200113', 'entries')
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['netting', 'payment'],
    )
    assert.deepEqual(await items('/v1/entries?counterparty=nobody', 'entries'), [])
  })

  test('tell an agency the lines of its own region only', async () => {
    const found = await items('/v1/entries', 'entries', AGENCY)
    const entities = new Set(
      found.flatMap(({ lines }) => lines as Items).map(({ entity }) => entity),
    )
    assert.deepEqual(
      [...entities].map(entity => String(entity).slice(0, 6)),
      Array(entities.size).fill(BEIJING),
    )
    assert.equal(found.length, 8)
  })
})

describe('trial balance, entities and chart', () => {
  test('each entity is balanced, and so are all', async () => {
    const reply = await get('/v1/trial-balance')
    assert.equal(reply.get('balanced'), true)
    assert.equal(reply.get('debitFen'), reply.get('creditFen'))
    for (const { debitFen, creditFen } of reply.get('entities') as Items)
      assert.equal(debitFen, creditFen)
    const before_ = await get(`/v1/trial-balance?region=${BEIJING}&position=${stood.money}`)
    assert.deepEqual([before_.get('debitFen'), before_.get('creditFen')], [10_500, 10_500])
    const [, pooled] = before_.get('entities') as Items
    assert.deepEqual(
      ((pooled?.rows ?? []) as Items).map(({ account, balanceFen }) => [account, balanceFen]),
      [
        ['1003', 10_000],
        ['4001', 10_000],
      ],
    )
  })

  test('entities are listed by region', async () => {
    const found = await items('/v1/entities', 'entities', AGENCY)
    assert.deepEqual(
      found.map(({ fund }) => fund),
      ['employee.account', 'employee.pooled', 'turnover'],
    )
    const [first] = await items('/v1/entities?limit=1&after=310100/employee.pooled', 'entities')
    assert.deepEqual(first, { entity: '310100/turnover', region: '310100', fund: 'turnover' })
  })

  test('the chart is told to anyone with a token', async () => {
    const reply = await bed.call('GET', '/v1/chart')
    assert.equal((reply.get('accounts') as Items).length, CHART.length)
    assert.equal((reply.get('accounts') as Items)[0]?.nameZh, '财政专户存款')
  })
})

describe('what is refused', () => {
  const routes = ['balances', 'entries', 'trial-balance', 'entities']

  test('another region, on every route', async () => {
    for (const route of routes) {
      const reply = await get(`/v1/${route}?region=${SHANGHAI}`, AGENCY)
      assert.deepEqual(
        [reply.status, reply.kind, reply.get('region')],
        [403, 'other-region', SHANGHAI],
      )
    }
    for (const route of ['balances', 'entries']) {
      const reply = await get(`/v1/${route}?entity=${SHANGHAI}/turnover`, AGENCY)
      assert.deepEqual([reply.status, reply.kind], [403, 'other-region'])
    }
    const auditor = { role: 'auditor', institution: null, region: BEIJING, subject: 'x' }
    assert.equal((await get(`/v1/balances?region=${SHANGHAI}`, auditor)).kind, 'other-region')
  })

  test('an agency without a filter sees its own books alone', async () => {
    const found = await balances('', AGENCY)
    assert.ok(found.length > 0 && found.every(text => text.startsWith(BEIJING)))
    const trial = await items('/v1/trial-balance', 'entities', AGENCY)
    assert.ok(trial.every(({ entity }) => String(entity).startsWith(BEIJING)))
  })

  test('hospitals and callers without token', async () => {
    for (const route of [...routes, 'self-check']) {
      assert.equal((await bed.call('GET', `/v1/${route}`)).kind, 'not-allowed')
      const bare = await bed.call('GET', `/v1/${route}`, { headers: { authorization: '' } })
      assert.equal(bare.status, 401)
    }
  })

  test('an account that is not in the chart, two points at once, a position ahead', async () => {
    assert.equal((await get('/v1/balances?account=9999')).kind, 'unknown-account')
    assert.equal((await get('/v1/entries?account=9999')).kind, 'unknown-account')
    assert.equal((await get(`/v1/balances?position=1&asOf=${NOW}`)).kind, 'two-points')
    const ahead = await get('/v1/trial-balance?position=1000000')
    assert.deepEqual(
      [ahead.status, ahead.kind, ahead.get('position')],
      [404, 'position-ahead', 1_000_000],
    )
  })

  test('what does not follow the schema, naming the field', async () => {
    const rows: readonly [string, string][] = [
      ['balances?entity=nowhere', 'query.entity'],
      ['balances?region=12', 'query.region'],
      ['balances?asOf=2025-02-30', 'query.asOf'],
      ['balances?position=-1', 'query.position'],
      ['balances?position=1.5', 'query.position'],
      ['balances?limit=0', 'query.limit'],
      ['balances?colour=red', 'query.colour'],
      ['entries?after=x', 'query.after'],
      ['entries?from=yesterday', 'query.from'],
      ['trial-balance?limit=501', 'query.limit'],
      ['self-check?run=perhaps', 'query.run'],
    ]
    for (const [url, field] of rows) {
      const reply = await get(`/v1/${url}`)
      assert.deepEqual(
        [reply.status, reply.kind, reply.get('field')],
        [400, 'malformed', field],
        url,
      )
    }
  })

  test('odd cursors find nothing and break nothing', async () => {
    assert.deepEqual(await items('/v1/entries?after=9999999999999999.999999', 'entries'), [])
    assert.equal((await items('/v1/entries?after=0.5', 'entries')).length, 9)
    assert.deepEqual(await items('/v1/balances?after=~', 'balances'), [])
  })
})

describe('self-check', () => {
  test('passes on sound books, with time and position', async () => {
    const reply = await get('/v1/self-check?run=true')
    assert.deepEqual(reply.json, {
      ok: true,
      ranAt: LATER,
      position: stood.payment,
      bookedAt: LATER,
      imbalanceFen: 0,
      checks: [
        'debits-equal-credits',
        'entities-balance',
        'pairs-mirror',
        'windows-sum-to-zero',
        'journal-sound',
        'view-equals-journal',
      ].map(check => ({ check, ok: true, faults: [] })),
    })
    assert.deepEqual((await get('/v1/self-check')).json, reply.json)
    assert.match(await bed.registry.text(), /ledger_imbalance_fen\{service="funds"\} 0/)
  })

  test('finds a row of the view that was tampered with, and tells agencies no figures', async () => {
    const table = bed.views.table(balanceView)
    const [key, row] = [...table][0] ?? []
    assert.ok(key !== undefined && row !== undefined)
    table.set(key, { ...row, debitFen: 1n })
    const reply = await get('/v1/self-check?run=true')
    const told = await get('/v1/self-check', AGENCY)
    table.set(key, row)
    assert.equal(reply.get('ok'), false)
    const view = (reply.get('checks') as Items).at(-1)
    assert.equal(((view?.faults ?? []) as readonly string[]).length, 1)
    assert.deepEqual((told.get('checks') as Items).at(-1), {
      check: 'view-equals-journal',
      ok: false,
      faults: [],
    })
    assert.match(await bed.registry.text(), /self_check_ok\{.*check="view-equals-journal".*\} 0/)
    assert.equal((await get('/v1/self-check?run=true')).get('ok'), true)
  })
})

test('the README lists every problem with its status and title', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| (.+?) +\|$/gm)]
  const told = rows.map(([, kind = '', status, title]) => [kind, { status: Number(status), title }])
  assert.deepEqual(Object.fromEntries(told), BOOKS_PROBLEMS)
})

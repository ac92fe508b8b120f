import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AssertionFault } from '@tongchou/contracts/decision.ts'
import { fen, ZERO } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import type { ClaimSpec } from '../testing/events.ts'
import { at, credit, moved, netted, paid, premium, reversed, settled } from '../testing/events.ts'
import { histories } from '../testing/history.ts'
import { regionOfEntity } from './entity.ts'
import { type BookedEvent, type EntryLine, entriesOf, linesOf } from './entries.ts'

/** Lines in short: entity account[/counterparty] amount. */
function lines(event: BookedEvent): readonly string[] {
  return linesOf(event).map(({ entity, account, counterparty, amountFen }) => {
    const party = counterparty === null ? '' : `/${counterparty}`
    return `${entity} ${account}${party} ${amountFen}`
  })
}

const LOCAL: ClaimSpec = {
  no: 'L1',
  insured: '110100',
  treating: '110100',
  pooled: 700,
  account: 50,
}
const REMOTE: ClaimSpec = {
  no: 'R1',
  insured: '110100',
  treating: '310100',
  pooled: 700,
  catastrophic: 200,
  account: 50,
}

describe('posting rules', () => {
  test('a premium is money in the bank and income of the pooled fund', () => {
    assert.deepEqual(lines(at('PremiumReceived', premium('110100', 900), 1n)), [
      '110100/employee.pooled 1003 900',
      '110100/employee.pooled 4001 -900',
    ])
  })

  test('what public finance pays is subsidy income', () => {
    assert.deepEqual(
      lines(at('PremiumReceived', premium('110100', 900, 'finance'), 1n))[1],
      '110100/employee.pooled 4002 -900',
    )
  })

  test('a premium is in the books of the fund that it names, by the level that paid it', () => {
    const place = { fund: 'largeAmount', level: 'province' } as const
    assert.deepEqual(lines(at('PremiumReceived', premium('110100', 900, 'finance', place), 1n)), [
      '110100/employee.largeAmount 1003 900',
      '110100/employee.largeAmount 4002/province -900',
    ])
  })

  test('a credit is money in the bank and income of the account fund', () => {
    assert.deepEqual(lines(at('AccountCredited', credit('110100', 30), 1n)), [
      '110100/employee.account 1003 30',
      '110100/employee.account 4001 -30',
    ])
  })

  test('an opening balance comes from the fund balance, not from income', () => {
    assert.deepEqual(lines(at('AccountCredited', credit('110100', 30, 'openingBalance'), 1n)), [
      '110100/employee.account 1003 30',
      '110100/employee.account 3002 -30',
    ])
  })

  test('interest is income of its own', () => {
    const line = lines(at('AccountCredited', credit('110100', 30, 'interest'), 1n))[1]
    assert.equal(line, '110100/employee.account 4003 -30')
  })

  test('account money paid out without a claim leaves the bank', () => {
    for (const kind of ['payment', 'withdrawal', 'inheritance', 'card'] as const) {
      assert.deepEqual(lines(at('AccountMoved', moved('110100', 30, { kind }), 1n)), [
        '110100/employee.account 5001 30',
        '110100/employee.account 1003 -30',
      ])
    }
  })

  test('a balance that goes to another region moves between the two account funds', () => {
    const event = moved('110100', 30, { kind: 'transfer', toRegion: '310100' })
    assert.deepEqual(lines(at('AccountMoved', event, 1n)), [
      '110100/employee.account 5002/310100 30',
      '110100/employee.account 1003 -30',
      '310100/employee.account 1003 30',
      '310100/employee.account 4004/110100 -30',
    ])
  })

  test('what nobody inherits is income of the pooled fund', () => {
    const event = moved('110100', 30, { kind: 'pooledFund', scheme: 'resident' })
    assert.deepEqual(lines(at('AccountMoved', event, 1n)), [
      '110100/employee.account 5002/110100 30',
      '110100/employee.account 1003 -30',
      '110100/resident.pooled 1003 30',
      '110100/resident.pooled 4004/110100 -30',
    ])
  })

  test('a claim at home makes each fund owe the institution', () => {
    assert.deepEqual(lines(at('ClaimSettled', settled(LOCAL), 1n)), [
      '110100/employee.pooled 5001 700',
      '110100/employee.pooled 200111/H11010000001 -700',
      '110100/employee.account 5001 50',
      '110100/employee.account 200111/H11010000001 -50',
    ])
  })

  test('a claim elsewhere makes the funds owe the treating region and its working fund the institution', () => {
    assert.deepEqual(lines(at('ClaimSettled', settled(REMOTE), 1n)), [
      '110100/employee.pooled 5001 700',
      '110100/employee.pooled 200112/310100 -700',
      '110100/employee.catastrophic 5001 200',
      '110100/employee.catastrophic 200112/310100 -200',
      '110100/employee.account 5001 50',
      '110100/employee.account 200112/310100 -50',
      '310100/turnover 110111/110100 950',
      '310100/turnover 200111/H31010000001 -950',
    ])
  })

  test('netting turns what regions owe each other into what they owe the centre', () => {
    const window = netted(7, [{ spec: REMOTE, sign: 1 }])
    assert.deepEqual(lines(at('WindowNetted', window, 1n)), [
      '110100/employee.pooled 200112/310100 700',
      '110100/employee.pooled 200113/window-7 -700',
      '110100/employee.catastrophic 200112/310100 200',
      '110100/employee.catastrophic 200113/window-7 -200',
      '110100/employee.account 200112/310100 50',
      '110100/employee.account 200113/window-7 -50',
      '310100/turnover 110112/window-7 950',
      '310100/turnover 110111/110100 -950',
    ])
  })

  test('a payment empties the accounts with the centre against the bank', () => {
    const window = netted(7, [{ spec: REMOTE, sign: 1 }])
    assert.deepEqual(lines(at('PaymentConfirmed', paid(window, '110100'), 1n)), [
      '110100/employee.pooled 200113/window-7 700',
      '110100/employee.pooled 1003/window-7 -700',
      '110100/employee.catastrophic 200113/window-7 200',
      '110100/employee.catastrophic 1003/window-7 -200',
      '110100/employee.account 200113/window-7 50',
      '110100/employee.account 1003/window-7 -50',
    ])
    assert.deepEqual(lines(at('PaymentConfirmed', paid(window, '310100'), 1n)), [
      '310100/turnover 1003/window-7 950',
      '310100/turnover 110112/window-7 -950',
    ])
  })

  test('a window of reversals alone goes the other way', () => {
    const window = netted(8, [{ spec: REMOTE, sign: -1 }])
    assert.equal(lines(at('WindowNetted', window, 1n))[6], '310100/turnover 110112/window-8 -950')
  })

  test('an event that moves no money makes no entry', () => {
    const nothing = { ...LOCAL, pooled: 0, account: 0 }
    assert.deepEqual(entriesOf(at('ClaimSettled', settled(nothing), 1n)), [])
    const closed = { windowId: '', windowNo: 1, label: '', previousCut: 0n }
    const event = { ...at('ClaimSettled', settled(LOCAL), 1n), type: 'WindowClosed', data: closed }
    assert.deepEqual(entriesOf(event as never), [])
  })
})

describe('events that contradict themselves', () => {
  const remote = settled(REMOTE)
  const window = netted(7, [{ spec: REMOTE, sign: 1 }])
  const [pair] = window.pairs
  const confirmed = paid(window, '110100')
  const rows: readonly [string, BookedEvent][] = [
    [
      'layers that miss the shares by a fen',
      at('ClaimSettled', { ...remote, pooledFen: fen(701) }, 1n),
    ],
    [
      'a layer below zero',
      at(
        'ClaimSettled',
        {
          ...remote,
          accountFen: fen(-50),
          layers: [
            ...remote.layers.slice(0, 2),
            { layer: 'account', fund: 'employee.account', amountFen: fen(-50) },
          ],
          obligation: null,
          treatingRegion: '110100',
        },
        1n,
      ),
    ],
    ['an obligation at home', at('ClaimSettled', { ...remote, treatingRegion: '110100' }, 1n)],
    ['no obligation elsewhere', at('ClaimSettled', { ...remote, obligation: null }, 1n)],
    [
      'an obligation that misses by a fen',
      at(
        'ClaimSettled',
        { ...remote, obligation: { ...must(remote.obligation), owedFen: fen(951) } },
        1n,
      ),
    ],
    [
      'another debtor',
      at(
        'ClaimSettled',
        { ...remote, obligation: { ...must(remote.obligation), debtor: '610100' } },
        1n,
      ),
    ],
    [
      'another creditor',
      at(
        'ClaimSettled',
        { ...remote, obligation: { ...must(remote.obligation), creditor: '610100' } },
        1n,
      ),
    ],
    [
      'fund parts that miss the pair',
      at('WindowNetted', { ...window, pairs: [{ ...must(pair), owedFen: fen(1) }] }, 1n),
    ],
    ['a net that misses its parts', at('PaymentConfirmed', { ...confirmed, netFen: ZERO }, 1n)],
  ]
  for (const [name, event] of rows) {
    test(`${name}: nothing is booked`, () => {
      assert.throws(() => entriesOf(event), AssertionFault)
    })
  }
})

function must<T>(value: T | null | undefined): T {
  assert.ok(value !== null && value !== undefined)
  return value
}

describe('laws of the entries', () => {
  test('every entry of every event is balanced in each entity', () => {
    fc.assert(
      fc.property(histories(), ({ events }) => {
        for (const event of events) {
          for (const [entity, sum] of sums(linesOf(event), line => line.entity)) {
            assert.equal(sum, 0n, `${event.type} in ${entity}`)
          }
        }
      }),
    )
  })

  test('a settlement and its reversal leave nothing', () => {
    fc.assert(
      fc.property(histories(), ({ events }) => {
        for (const event of events) {
          if (event.type !== 'ClaimSettled') continue
          const undone: BookedEvent = { ...event, type: 'ClaimReversed' }
          for (const [account, sum] of sums([...linesOf(event), ...linesOf(undone)], accountOf)) {
            assert.equal(sum, 0n, account)
          }
        }
      }),
    )
    assert.equal(
      lines(at('ClaimReversed', reversed(LOCAL), 1n))[0],
      '110100/employee.pooled 5001 -700',
    )
  })

  test('when a window is paid by all, its pairs and its accounts with the centre are empty and the bank came to zero', () => {
    fc.assert(
      fc.property(histories({ settleUp: true }), ({ events }) => {
        const claims = events.filter(({ type }) => type !== 'AccountMoved')
        const all = claims.flatMap(linesOf)
        for (const [account, sum] of sums(all, accountOf)) {
          const [, code = ''] = account.split(' ')
          if (code !== '1003' && code !== '3002' && !code.startsWith('4')) {
            assert.equal(sum, 0n, account)
          }
        }
        const paidInWindows = all.filter(
          ({ account, counterparty }) => account === '1003' && counterparty !== null,
        )
        for (const [window, sum] of sums(paidInWindows, line => line.counterparty ?? '')) {
          assert.equal(sum, 0n, window)
        }
      }),
    )
  })

  test('a region that has paid moved its bank by its net', () => {
    fc.assert(
      fc.property(histories({ settleUp: true }), ({ events, windows }) => {
        const bank = events
          .flatMap(linesOf)
          .filter(({ account, counterparty }) => account === '1003' && counterparty !== null)
        const moved = sums(bank, line => `${line.counterparty} ${regionOfEntity(line.entity)}`)
        for (const { windowNo, nets } of windows) {
          for (const { regionCode, netFen } of nets) {
            assert.equal(moved.get(`window-${windowNo} ${regionCode}`) ?? 0n, netFen)
          }
        }
      }),
    )
  })
})

function accountOf({ entity, account, counterparty }: EntryLine): string {
  return `${entity} ${account} ${counterparty ?? ''}`
}

function sums(
  of: readonly EntryLine[],
  keyOf: (line: EntryLine) => string,
): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>()
  for (const line of of) found.set(keyOf(line), (found.get(keyOf(line)) ?? 0n) + line.amountFen)
  return found
}

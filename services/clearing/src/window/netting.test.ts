import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClaimReversed, ClaimSettled } from '@tongchou/contracts/events.generated.ts'
import { fen, sum } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import { obligationOf } from '../claim/decide.ts'
import { adjudication } from '../testing/claims.ts'
import { windowIdOf } from './close.ts'
import { Netting, netsOf, nettedWindow } from './netting.ts'
import { statementCsv, statementOf, sumsToNet } from './statement.ts'

const REGIONS = ['110100', '120100', '310100', '610100'] as const

const share = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(value => fen(value))
const settlement = fc
  .record({
    insuredRegion: fc.constantFrom(...REGIONS),
    treatingRegion: fc.constantFrom(...REGIONS),
    pooledFen: share,
    catastrophicFen: share,
    otherFundFen: share,
    accountFen: share,
    reversed: fc.boolean(),
  })
  .map(({ reversed, ...shares }) => {
    const data = adjudication({
      ...shares,
      layers: [
        { layer: 'pooled', fund: 'employee.pooled', amountFen: shares.pooledFen },
        { layer: 'catastrophic', fund: 'employee.catastrophic', amountFen: shares.catastrophicFen },
        { layer: 'civilServant', fund: 'employee.civilServant', amountFen: shares.otherFundFen },
        { layer: 'account', fund: 'employee.account', amountFen: shares.accountFen },
      ],
    })
    return { data: { ...data, claimNo: '1', obligation: obligationOf(data) }, reversed }
  })

function net(events: readonly { data: object; reversed: boolean }[]): Netting {
  const netting = new Netting()
  for (const { data, reversed } of events) {
    if (reversed) netting.reverse({ ...data, reason: '' } as ClaimReversed)
    else netting.settle({ ...data, released: false } as ClaimSettled)
  }
  return netting
}

function windowOf(events: readonly { data: object; reversed: boolean }[]) {
  const closed = { windowId: windowIdOf(1), windowNo: 1, label: 'test', previousCut: 0n }
  return nettedWindow(closed, 9n, net(events))
}

const windows = fc.array(settlement, { maxLength: 60 })

test('nets sum to zero and each is the sum of its obligations', () => {
  fc.assert(
    fc.property(windows, events => {
      const { nets, pairs } = windowOf(events)
      assert.equal(sum(...nets.map(({ netFen }) => netFen)), 0n)
      for (const { regionCode, netFen } of nets) {
        let own = 0n
        for (const { data, reversed } of events) {
          const { debtor, creditor, owedFen } = data.obligation ?? {}
          if (owedFen === undefined) continue
          const signed = reversed ? -owedFen : owedFen
          if (creditor === regionCode) own += signed
          if (debtor === regionCode) own -= signed
        }
        assert.equal(netFen, own)
      }
      for (const pair of pairs) {
        assert.equal(sum(...pair.funds.map(({ amountFen }) => amountFen)), pair.owedFen)
      }
    }),
  )
})

test('any order of the same events gives the same digest', () => {
  fc.assert(
    fc.property(windows, fc.infiniteStream(fc.nat()), (events, order) => {
      const keys = events.map(() => order.next().value ?? 0)
      const shuffled = events
        .map((_, index) => index)
        .sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0))
      const again = shuffled.flatMap(index => events[index] ?? [])
      assert.equal(windowOf(again).digest, windowOf(events).digest)
    }),
  )
})

test('a settlement and its reversal in one window leave the net as it was', () => {
  fc.assert(
    fc.property(windows, settlement, (events, extra) => {
      const both = [...events, { ...extra, reversed: false }, { ...extra, reversed: true }]
      const nets = (list: typeof events) =>
        netsOf(1, net(list).pairs())
          .filter(({ netFen }) => netFen !== 0n)
          .map(({ regionCode, netFen }) => [regionCode, netFen])
      assert.deepEqual(nets(both), nets(events))
    }),
  )
})

test("a statement's lines sum to the region's net, also as CSV", () => {
  fc.assert(
    fc.property(windows, events => {
      const netted = windowOf(events)
      for (const { regionCode } of netted.nets) {
        const statement = statementOf(netted, regionCode)
        assert.ok(statement !== undefined && sumsToNet(statement))
        const rows = statementCsv(statement).trimEnd().split('\r\n').slice(1)
        const amounts = rows.map(row => BigInt(row.split(',').at(-1) ?? ''))
        const total = amounts.pop()
        assert.equal(
          amounts.reduce((x, y) => x + y, 0n),
          total,
        )
      }
    }),
  )
})

test('claims treated at home are in no window', () => {
  const data = adjudication({ insuredRegion: '110100' })
  const events = [
    { data: { ...data, claimNo: '1', obligation: obligationOf(data) }, reversed: false },
  ]
  assert.deepEqual(windowOf(events).pairs, [])
})

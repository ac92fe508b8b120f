import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { decodePublic, publicJson } from '@tongchou/contracts/public/codec.ts'
import { idFor, NOW } from '@tongchou/contracts/testing/fixed.ts'
import { submittedWith } from '@tongchou/contracts/testing/submitted.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { PublicEvent } from '@tongchou/runtime/public/port.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import fc from 'fast-check'
import { obligationOf } from './claim/decide.ts'
import { publish } from './publish.ts'
import { adjudication, CLAIM_ID } from './testing/claims.ts'
import { windowIdOf } from './window/close.ts'
import { Netting, nettedWindow } from './window/netting.ts'

function stored<T extends EventType>(type: T, data: EventData[T], position: bigint): Recorded {
  const event = { type, data, position, id: idFor(`${type} ${position}`), at: NOW }
  return event as unknown as Recorded
}

function told<T extends EventType>(type: T, data: EventData[T], position = 5n) {
  return publish.publicEvents(stored(type, data, position))
}

function jsonOf(event: PublicEvent | undefined): Readonly<Record<string, unknown>> {
  assert.ok(event?.data !== null && event !== undefined)
  return { ...publicJson(event.data) }
}

type Claim = EventData['ClaimSettled'] & { readonly reason: string }

function claim(change: Partial<Claim> = {}): Claim {
  const shares = adjudication(change)
  const rest = { claimNo: 'BILL-4711', released: true, reason: 'Mr Wang asked for it' }
  return { ...shares, ...rest, obligation: obligationOf(shares) }
}

describe('a claim', () => {
  test('is told with regions, institution, layers and what is owed', () => {
    const [event, ...rest] = told('ClaimSettled', claim())
    assert.deepEqual(rest, [])
    assert.equal(event?.topic.name, 'public.clearing.claim.v1')
    assert.equal(event.type, 'cn.tongchou.clearing.claim-settled.v1')
    assert.equal(
      event.registrySubject,
      'public.clearing.claim.v1-cn.tongchou.public.clearing.ClaimSettled',
    )
    assert.deepEqual([event.key, event.subject], [CLAIM_ID, CLAIM_ID])
    assert.deepEqual(event.regions, ['610100', '110100'])
    const data = jsonOf(event)
    assert.equal(data['position'], 5)
    assert.equal(data['owedFen'], 6000)
    assert.deepEqual((data['shares'] as object[])[3], {
      ...{ layer: 'account', fund: 'employee.account', amountFen: 680 },
    })
  })

  test('treated at home owes nothing to another region', () => {
    const [event] = told('ClaimSettled', claim({ treatingRegion: '610100' }))
    assert.equal(jsonOf(event)['owedFen'], 0)
  })

  test('carries nothing of the person, of the bill or of what people typed', () => {
    const personal = claim({ status: 'retired', filing: 'longTerm' })
    for (const type of ['ClaimSettled', 'ClaimReversed'] as const) {
      const [event] = told(type, personal)
      const text = `${JSON.stringify(jsonOf(event))} ${event?.data?.toString('latin1')}`
      for (const secret of ['personId', personal.personId, 'BILL-4711', 'Wang', 'retired']) {
        assert.ok(!text.includes(secret), `${type} tells ${secret}`)
      }
      assert.ok(!text.includes('longTerm'))
    }
  })

  test('that is not settled is not told', () => {
    assert.deepEqual(told('ClaimSubmitted', submittedWith()), [])
    assert.ok(!publish.events.has('ClaimSubmitted'))
  })

  test('told again has the same bytes and id; settled and reversed have different ids', () => {
    const [once] = told('ClaimSettled', claim())
    assert.deepEqual(told('ClaimSettled', claim()), [once])
    assert.notEqual(told('ClaimReversed', claim())[0]?.id, once?.id)
  })
})

const REGIONS = ['110100', '310100', '610100'] as const
const share = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(value => fen(value))
const history = fc.array(
  fc.record({
    insuredRegion: fc.constantFrom(...REGIONS),
    treatingRegion: fc.constantFrom(...REGIONS),
    pooledFen: share,
    accountFen: share,
    reversed: fc.boolean(),
  }),
  { maxLength: 30 },
)

function windowOf(events: readonly { data: Claim; reversed: boolean }[]) {
  const netting = new Netting()
  for (const { data, reversed } of events) {
    if (reversed) netting.reverse(data)
    else netting.settle(data)
  }
  const closed = { windowId: windowIdOf(1), windowNo: 1, label: '2025-07', previousCut: 0n }
  return nettedWindow(closed, 1000n, netting)
}

test('the nets of a window follow from the public claims between its cuts alone', () => {
  fc.assert(
    fc.property(history, claims => {
      const events = claims.map(({ reversed, ...shares }) => ({ data: claim(shares), reversed }))
      const records = events.flatMap(({ data, reversed }, index) =>
        told(reversed ? 'ClaimReversed' : 'ClaimSettled', data, BigInt(index + 1)),
      )
      const nets = new Map<string, number>()
      const add = (region: string, amount: number) =>
        nets.set(region, (nets.get(region) ?? 0) + amount)
      for (const record of records) {
        const { insuredRegion, treatingRegion, owedFen } = jsonOf(record)
        if (insuredRegion === treatingRegion) continue
        const sign = record.schema === 'ClaimSettled' ? 1 : -1
        add(String(insuredRegion), -sign * Number(owedFen))
        add(String(treatingRegion), sign * Number(owedFen))
      }
      const [netted] = told('WindowNetted', windowOf(events), 1001n)
      const rows = jsonOf(netted)['nets'] as { regionCode: string; netFen: number }[]
      const byRegion = ([a]: [string, number], [b]: [string, number]) => (a < b ? -1 : 1)
      assert.deepEqual(
        rows.map(({ regionCode, netFen }) => [regionCode, netFen]),
        [...nets].sort(byRegion).map(([region, net]) => [region, net === 0 ? 0 : net]),
      )
    }),
  )
})

describe('a window', () => {
  const other = { insuredRegion: '310100', treatingRegion: '610100' }
  const netted = windowOf([claim(), claim(other)].map(data => ({ data, reversed: false })))

  test('is told with its nets, then its pairs, then as rows of state', () => {
    const events = told('WindowNetted', netted)
    assert.deepEqual(
      events.map(({ schema }) => schema),
      ['WindowNetted', 'PairNetted', 'PairNetted', 'WindowState', ...Array(3).fill('NetState')],
    )
    assert.equal(jsonOf(events[0])['pairs'], 2)
    assert.equal(jsonOf(events[3])['regions'], 3)
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length)
  })

  test('is everyone’s; a pair is that of its regions', () => {
    const events = told('WindowNetted', netted)
    assert.equal(events[0]?.regions, null)
    assert.deepEqual(events[1]?.regions, ['310100', '610100'])
  })

  test('has a row for each net, which the payment replaces', () => {
    const rows = told('WindowNetted', netted).filter(({ schema }) => schema === 'NetState')
    const row = rows.find(({ key }) => key.endsWith('/110100'))
    assert.equal(jsonOf(row)['paidOn'], null)
    const [fact, paid] = told('PaymentConfirmed', {
      ...{ windowId: netted.windowId, windowNo: 1, regionCode: '110100', netFen: fen(6000n) },
      ...{ reference: 'bank slip of Mr Li', paidOn: businessDate('2025-08-15') },
      ...{ payables: [], receivableFen: fen(6000n) },
    })
    assert.equal(fact?.schema, 'PaymentConfirmed')
    assert.equal(paid?.key, row?.key)
    assert.deepEqual(jsonOf(paid), { ...jsonOf(row), paidOn: '2025-08-15' })
    assert.ok(!JSON.stringify(jsonOf(fact)).includes('Li'))
  })

  test('counts whole numbers of any size in Avro', () => {
    const large = fen(2n ** 60n)
    const confirmed = { windowId: uuid(netted.windowId), windowNo: 1, regionCode: '110100' }
    const [fact] = told('PaymentConfirmed', {
      ...{ ...confirmed, netFen: large, reference: 'r', paidOn: businessDate('2025-08-15') },
      ...{ payables: [], receivableFen: large },
    })
    assert.ok(fact?.data)
    assert.deepEqual(Object(decodePublic(fact.data).data)['netFen'], large)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BalancesStruck, EventData } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { Books } from '@tongchou/funds/balance/books.ts'
import { at, premium } from '@tongchou/funds/testing/events.ts'
import { bookedFrom } from '@tongchou/funds/testing/journal.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { Tally } from '../checks.ts'
import { Outbox } from '../join/outbox.ts'
import { FundsInspector } from './funds.ts'

const premiums = [1n, 2n, 3n, 4n].map(position =>
  at('PremiumReceived', premium('110100', Number(position) * 100), position),
)
const booked = bookedFrom(premiums, { sizes: [1], minutes: [1] })

type Type = 'JournalPosted' | 'BalancesStruck'

function event<T extends Type>(type: T, position: bigint, data: EventData[T]): Recorded {
  return { type, position, data, stream: type, at: booked[0]?.at } as unknown as Recorded
}

/** The journal up to `upTo` as it is struck. */
function cutAt(upTo: bigint): BalancesStruck {
  const books = new Books()
  for (const posted of booked) if (posted.position <= upTo) books.apply(posted)
  return books.strike() ?? assert.fail()
}

/** Findings when the cut stands behind all journal events. */
function findings(...cuts: readonly BalancesStruck[]): readonly string[] {
  const tally = new Tally('funds')
  const inspector = new FundsInspector(tally, new Outbox())
  for (const { position, data } of booked) inspector.event(event('JournalPosted', position, data))
  cuts.forEach((cut, n) => {
    inspector.event(event('BalancesStruck', 100n + BigInt(n), cut))
  })
  inspector.finish()
  return tally.result().findings.map(({ check, position }) => `${check} ${position}`)
}

describe('struck balances', () => {
  test('are the journal up to their cut, however far the journal is by then', () => {
    const [first, second, , last] = booked.map(({ position }) => position)
    assert.deepEqual(findings(cutAt(first ?? 0n), cutAt(second ?? 0n), cutAt(last ?? 0n)), [])
  })

  test('of another amount, of fewer accounts or of another count are found', () => {
    const cut = cutAt(booked[1]?.position ?? 0n)
    const [account = assert.fail(), ...others] = cut.accounts
    const wrong = { ...account, debitFen: fen(account.debitFen + 1n) }
    assert.deepEqual(findings({ ...cut, accounts: [wrong, ...others] }), ['cuts 100'])
    assert.deepEqual(findings({ ...cut, accounts: others }), ['cuts 100'])
    assert.deepEqual(findings({ ...cut, entries: cut.entries + 1n }), ['cuts 100'])
    assert.deepEqual(findings({ ...cut, events: cut.events - 1n }), ['cuts 100'])
  })

  test('at another position are found', () => {
    const cut = cutAt(booked[1]?.position ?? 0n)
    assert.notDeepEqual(findings({ ...cut, cutPosition: booked[2]?.position ?? 0n }), [])
  })
})

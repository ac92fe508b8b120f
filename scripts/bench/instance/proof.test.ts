import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addAnswer, type Counts, faultsBetween, NOTHING_ANSWERED } from './proof.ts'

const BEFORE: Counts = {
  heads: new Map(),
  settledEvents: 10,
  heldEvents: 0,
  debitFen: 1_000n,
  creditFen: 1_000n,
  parked: 0,
}

function answer(state: string, treatingRegion: string): string {
  const shares = { pooledFen: 60, catastrophicFen: 20, otherFundFen: 5, accountFen: 15 }
  return JSON.stringify({ state, shares: { ...shares, insuredRegion: '310100', treatingRegion } })
}

const HOME = answer('settled', '310100')
const REMOTE = `{"line":2,"ok":true,"answer":${answer('settled', '110100')}}`
const ANSWERED = [HOME, REMOTE].reduce(addAnswer, NOTHING_ANSWERED)
const AFTER: Counts = { ...BEFORE, settledEvents: 12, debitFen: 1_300n, creditFen: 1_300n }

describe('the proof of a run', () => {
  it('a share is debited once at home and twice across regions', () => {
    assert.equal(ANSWERED.debitFen, 300n)
    assert.equal(ANSWERED.settled, 2)
  })

  it('passes when every answer is a settlement and the books have it', () => {
    assert.deepEqual(faultsBetween(BEFORE, AFTER, ANSWERED), [])
  })

  const rows: readonly (readonly [string, Partial<Counts>, RegExp])[] = [
    ['a settlement too few', { settledEvents: 11 }, /1 ClaimSettled events for 2 answers/],
    ['a settlement too many', { settledEvents: 13 }, /3 ClaimSettled events/],
    ['a held claim', { heldEvents: 1 }, /1 claims were held/],
    ['debits that miss a fen', { debitFen: 1_299n, creditFen: 1_299n }, /299 fen of debits/],
    ['credits that are not the debits', { creditFen: 1_301n }, /credits 1301 differ/],
    ['a parked message', { parked: 1 }, /1 messages are parked/],
  ]
  for (const [name, wrong, fault] of rows) {
    it(`refuses ${name}`, () => {
      const faults = faultsBetween(BEFORE, { ...AFTER, ...wrong }, ANSWERED)
      assert.equal(faults.length, 1)
      assert.match(faults[0] ?? '', fault)
    })
  }

  it('refuses an answer that is no settlement, and shows it', () => {
    const refused = '{"line":3,"ok":false,"problem":{"type":"…/problems/unknown-person"}}'
    const faults = faultsBetween(BEFORE, AFTER, addAnswer(ANSWERED, refused))
    assert.equal(faults.length, 1)
    assert.match(faults[0] ?? '', /1 of 3 not settled: .*unknown-person/)
  })
})

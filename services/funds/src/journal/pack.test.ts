import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import fc from 'fast-check'
import { at, settled } from '../testing/events.ts'
import { histories } from '../testing/history.ts'
import { entriesOf } from './entries.ts'
import { faultsOf, pack, unpack } from './pack.ts'

test('unpacking gives the entries that were packed, and sums without fault', () => {
  fc.assert(
    fc.property(histories(), ({ events }) => {
      const entries = events.flatMap(entriesOf)
      const packed = pack(entries)
      assert.deepEqual(unpack(packed), entries)
      assert.deepEqual(faultsOf(packed), [])
    }),
  )
})

describe('a journal event that is wrong', () => {
  const spec = { no: 'R1', insured: '110100', treating: '310100', pooled: 700 }
  const sound = pack(entriesOf(at('ClaimSettled', settled(spec), 1n)))
  const [entry] = sound.entries
  assert.ok(entry !== undefined)
  const [debit, ...others] = entry.lines
  assert.ok(debit !== undefined)
  const [first, ...rest] = sound.accounts
  assert.ok(first !== undefined)

  test('a line that is a fen more is found, in its entity and in the sums', () => {
    const lines = [{ ...debit, amountFen: fen(701) }, ...others]
    const faults = faultsOf({ ...sound, entries: [{ ...entry, lines }] })
    assert.deepEqual(
      faults.map(fault => fault.replace(/entry of [0-9a-f-]+/, 'entry')),
      [
        'entry: 110100/employee.pooled is out by 1 fen',
        '110100/employee.pooled 5001: the sums are not those of the lines',
      ],
    )
  })

  test('a sum that is a fen more is found', () => {
    const accounts = [{ ...first, debitFen: fen(701) }, ...rest]
    assert.deepEqual(faultsOf({ ...sound, accounts }), [
      '110100/employee.pooled 5001: the sums are not those of the lines',
      'the debits do not add up',
    ])
  })

  test('a line without account is found, and cannot be unpacked', () => {
    const wrong = { ...sound, entries: [{ ...entry, lines: [{ account: 99, amountFen: fen(0) }] }] }
    assert.match(faultsOf(wrong)[0] ?? '', /no account number 99/)
    assert.throws(() => unpack(wrong), RangeError)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UnreadableEvent } from '../avro/codec.ts'
import { levelOf, releaseFaults } from '../avro/compatibility.ts'
import { uuid } from '../id.ts'
import { fen } from '../money.ts'
import { PUBLIC_SCHEMAS } from '../public-events.generated.ts'
import { PUBLIC_TOPICS } from '../public-topics.ts'
import { businessDate } from '../time.ts'
import { decodePublic, encodePublic, publicJson, publicSchemaOf } from './codec.ts'

const NET = {
  windowId: uuid('6f0c1c0e-5f5a-5c55-9d0e-0a4f8f5f1b11'),
  windowNo: 7,
  regionCode: '110100',
  netFen: fen(-1234n),
  paidOn: businessDate('2025-08-15'),
}

describe('public records', () => {
  test('come back as they were written, behind the single-object header', () => {
    const bytes = encodePublic('NetState', NET)
    assert.equal(bytes.readUInt16BE(), 0xc301)
    const { type, data } = decodePublic(bytes)
    assert.deepEqual([type, { ...data }], ['NetState', NET])
  })

  test('are told in JSON with whole numbers', () => {
    assert.deepEqual(publicJson(encodePublic('NetState', NET)), { ...NET, netFen: -1234 })
  })

  test('beyond what JSON carries exactly are refused there, not in Avro', () => {
    const bytes = encodePublic('NetState', { ...NET, netFen: fen(2n ** 53n) })
    assert.throws(() => publicJson(bytes), RangeError)
  })

  test('that do not fit name the field', () => {
    const wrong = { ...NET, netFen: 5 as never }
    assert.throws(() => encodePublic('NetState', wrong), /NetState does not fit: netFen/)
  })

  test('of any size come back whole', () => {
    const nets = Array.from({ length: 40_000 }, (_, n) => ({
      regionCode: String(100_000 + n),
      netFen: fen(BigInt(n) * 1_000_000n),
    }))
    const { windowId, windowNo } = NET
    const rest = { label: 'l', fromPosition: 0n, cutPosition: 9n, pairs: 0, digest: 'd' }
    const bytes = encodePublic('WindowNetted', { windowId, windowNo, ...rest, nets })
    assert.equal(Object(decodePublic(bytes).data)['nets'].length, nets.length)
    assert.deepEqual(Object(decodePublic(bytes).data)['nets'].at(-1).netFen, nets.at(-1)?.netFen)
  })

  test('that are damaged or of newer code are refused', () => {
    const bytes = encodePublic('NetState', NET)
    const left = Buffer.concat([bytes, Buffer.of(0)])
    assert.throws(() => decodePublic(left), UnreadableEvent)
    const newer = Buffer.from(bytes).fill(0x5a, 2, 10)
    assert.throws(
      () => decodePublic(newer),
      (fault: UnreadableEvent) => fault.newer,
    )
  })

  test('are of the record that bears their name', () => {
    assert.equal(publicSchemaOf('NetState').fullName, 'cn.tongchou.public.clearing.NetState')
  })
})

test('every released version of a public schema reads what any other one wrote', () => {
  const levels = new Set(Object.values(PUBLIC_TOPICS).map(({ name }) => levelOf(name)))
  assert.deepEqual([...levels], ['FULL_TRANSITIVE'])
  for (const newer of PUBLIC_SCHEMAS) {
    for (const older of PUBLIC_SCHEMAS) {
      if (older.name !== newer.name || older.version > newer.version) continue
      assert.deepEqual(releaseFaults(older.schema, newer.schema, 'FULL_TRANSITIVE'), [], newer.name)
    }
  }
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimLine, ClaimScored } from '../events.generated.ts'
import type { ClaimId, PersonId } from '../id.ts'
import { uuid } from '../id.ts'
import { fen } from '../money.ts'
import { businessDate } from '../time.ts'
import { encodeEvent, UnreadableEvent } from './codec.ts'
import type { Fields } from './projection.ts'
import { projection } from './projection.ts'

const SCORED: ClaimScored = {
  claimId: uuid<ClaimId>('00077b2c-2963-5dc1-a61c-17d0c6dc3348'),
  personId: uuid<PersonId>('00077b2c-2963-8dc1-a61c-17d0c6dc3348'),
  insuredRegion: '610100',
  treatingRegion: '110100',
  institutionCode: 'H11010000001',
  kind: 'inpatient',
  beginOn: businessDate('2025-03-01'),
  endOn: businessDate('2025-03-09'),
  totalFen: fen(2n ** 53n),
  fingerprint: 'f'.repeat(64),
  score: 80,
  outcome: 'hold',
  reasons: [{ rule: 'overlapping-stays', detail: 'shared days', otherClaimId: null }],
  features: [{ name: 'seenStays', value: '1' }],
  ruleSet: 'hold-rules/1',
}

type Wanted = Pick<ClaimScored, 'totalFen' | 'kind'> & {
  readonly features: readonly Pick<ClaimScored['features'][number], 'value'>[]
}
const WANTED: Fields<Wanted> = { totalFen: true, kind: true, features: { value: true } }

const read = projection<'ClaimScored', Wanted>('ClaimScored', WANTED)
const bytes = encodeEvent('ClaimScored', SCORED)

describe('a projection', () => {
  test('reads the fields that are asked for and no others', () => {
    const { type, data } = read(bytes)
    assert.equal(type, 'ClaimScored')
    assert.deepEqual(
      { ...data, features: data.features.map(feature => ({ ...feature })) },
      { totalFen: 2n ** 53n, kind: 'inpatient', features: [{ value: '1' }] },
    )
  })

  test('reads another event in full, for its reader to refuse', () => {
    const withdrawn = { claimId: SCORED.claimId, personId: SCORED.personId }
    assert.equal(read(encodeEvent('ScoreWithdrawn', withdrawn)).type, 'ScoreWithdrawn')
  })

  const damaged = [
    ['cut off', bytes.subarray(0, bytes.length - 1)],
    ['with a byte too many', Buffer.concat([bytes, Buffer.from([0])])],
    ['without its header', bytes.subarray(2)],
    ['empty', Buffer.alloc(0)],
  ] as const
  for (const [name, some] of damaged) {
    test(`does not guess at bytes ${name}`, () => {
      assert.throws(() => read(some), UnreadableEvent)
    })
  }

  test('says that a schema is newer than this build', () => {
    const newer = Buffer.from(bytes)
    newer.writeUInt8(newer.readUInt8(2) ^ 0xff, 2)
    assert.throws(
      () => read(newer),
      (error: unknown) => error instanceof UnreadableEvent && error.newer,
    )
  })
})

test('a field that the event does not have is no projection of it', () => {
  type Lines = { readonly lines: readonly Pick<ClaimLine, 'on'>[] }
  // @ts-expect-error ClaimScored has no lines
  projection<'ClaimScored', Lines>('ClaimScored', { lines: { on: true } })
})

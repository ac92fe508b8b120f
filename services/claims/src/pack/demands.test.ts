/** Packs held to what stands on the shelf when they are published. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { contentHash } from '../policy/plan/content-hash.ts'
import { PACK, TABLE } from '../policy/testing/samples.ts'
import { packNamed } from '../policy/testing/vectors/packs.ts'
import { demoPacks } from '../testing/demo.ts'
import { demandsOfShelf, liesIn } from './demands.ts'
import { PackShelf } from './shelf.ts'
import { submissionOf } from './submission.ts'

/** Publishes it where nothing is broken; what is broken, as rule and path. */
function publish(shelf: PackShelf, value: unknown) {
  const submission = submissionOf(value, shelf.documentNamed)
  assert(submission.ok, submission.ok ? '' : JSON.stringify(submission.faults))
  const { data, plan, supersedes } = submission
  const { poolResultFen } = data
  const demands = demandsOfShelf(shelf, { plan, place: data, poolResultFen, supersedes })
  if (demands.refusals.length === 0) shelf.apply(data)
  return {
    refused: demands.refusals.map(({ rule, path }) => `${rule} ${path}`),
    warned: demands.warnings.map(({ rule, path }) => `${rule} ${path}`),
  }
}

function shelfWith(...packs: readonly unknown[]): PackShelf {
  const shelf = new PackShelf()
  for (const pack of packs) assert.deepEqual(publish(shelf, pack).refused, [])
  return shelf
}

const RATE = 'benefits.inpatient.layers.0.bands.0.rate'
const NOTHING = { refused: [], warned: [] }

/** A pack that pays stays at the rate. */
function paying(fundBp: number, change: object = {}) {
  const [layer] = 'layers' in PACK.benefits.inpatient ? PACK.benefits.inpatient.layers : []
  const layers = [{ ...layer, bands: [{ rate: { fundBp, clause: 'C1' } }] }]
  const inpatient = { ...PACK.benefits.inpatient, layers }
  const people = { scheme: 'resident', statuses: ['adult', 'child'] }
  return { ...PACK, ...people, benefits: { ...PACK.benefits, inpatient }, ...change }
}

const missing = { missing: { en: 'none', zh: '无' } }

/** A pack of no one scheme that asks for a rate. */
const floor = (bp: number, change: object = {}) => ({
  ...{ ...PACK, packId: 'FLOOR', effectiveFrom: '2020-01-01', scheme: null, statuses: [] },
  benefits: { inpatient: missing, outpatient: missing, chronic: missing, pharmacy: missing },
  guards: [{ id: 'rate', kind: 'fundRateAtLeast', severity: 'refusal', bp, clause: 'C1' }],
  ...change,
})
const at = (regionCode: string, pack: unknown, more: object = {}) => ({ pack, regionCode, ...more })

describe('a pack with guards', () => {
  test('holds its own region and all below it, and no other', () => {
    const shelf = shelfWith(at('230000', floor(5_000)))
    const low = paying(4_999)
    for (const region of ['230000', '230100', '230183']) {
      assert.deepEqual(publish(shelf, at(region, low)).refused, [`guard-broken ${RATE}`], region)
    }
    const other = paying(4_999, { packId: 'OTHER' })
    assert.deepEqual(publish(shelf, at('330100', other)), NOTHING)
    assert.deepEqual(publish(shelf, at('230100', paying(5_000))), NOTHING)
  })

  test('of a city holds its districts, one of the country everybody', () => {
    const shelf = shelfWith(at('230100', floor(5_000)))
    assert.deepEqual(publish(shelf, at('230200', paying(4_999))), NOTHING)
    assert.equal(publish(shelf, at('230102', paying(4_998))).refused.length, 1)
    const country = shelfWith(at('100000', floor(5_000)))
    assert.equal(publish(country, at('650100', paying(4_999))).refused.length, 1)
  })

  test('holds what takes effect in its days', () => {
    const shelf = shelfWith(at('230000', floor(5_000, { effectiveTo: '2025-12-31' })))
    const from = (effectiveFrom: string) =>
      publish(shelf, at('230100', paying(4_000, { effectiveFrom }))).refused.length
    assert.deepEqual(
      ['2019-12-31', '2020-01-01', '2025-12-31', '2026-01-01'].map(from),
      [0, 1, 1, 0],
    )
  })

  test('of one scheme holds no pack of another', () => {
    const shelf = shelfWith(at('230000', packNamed('P20'), { effectiveFrom: '2007-01-01' }))
    const employee = paying(1, { scheme: 'employee', statuses: PACK.statuses })
    assert.deepEqual(publish(shelf, at('230100', employee)), NOTHING)
    assert.equal(publish(shelf, at('230100', paying(4_999))).refused.length, 1)
  })

  test('ends when a pack of its region supersedes it', () => {
    const shelf = shelfWith(at('230000', floor(5_000)))
    const supersedes = { packId: 'FLOOR', clause: 'C1' }
    const next = { packId: 'NEXT', supersedes, effectiveFrom: '2025-06-01' }
    assert.deepEqual(publish(shelf, at('230100', floor(0, next))), NOTHING)
    assert.equal(publish(shelf, at('230100', paying(4_000))).refused.length, 1)
    const same = at('230000', floor(4_500, { ...next, name: { en: 'next', zh: '新' } }))
    assert.deepEqual(publish(shelf, same), NOTHING)
    const later = { effectiveFrom: '2025-06-01' }
    assert.deepEqual(publish(shelf, at('230100', paying(4_500, later))), NOTHING)
    assert.equal(publish(shelf, at('230200', paying(4_499, later))).refused.length, 1)
  })

  test('is told which packs in force break it, and they stay', () => {
    const shelf = shelfWith(at('230100', paying(4_999)), at('330100', paying(4_998)))
    const later = paying(4_000, { effectiveFrom: '2025-06-01', packId: 'LATER' })
    assert.deepEqual(publish(shelf, at('230200', later)), NOTHING)
    const guard = at('230000', floor(5_000, { effectiveFrom: '2025-03-01' }))
    assert.deepEqual(publish(shelf, guard), { refused: [], warned: [`guard-broken ${RATE}`] })
    const submission = submissionOf(guard)
    assert(submission.ok)
    const { data, plan } = submission
    const candidate = { plan, place: data, poolResultFen: null, supersedes: null }
    const [warning] = demandsOfShelf(shelf, candidate).warnings
    assert.equal(warning?.found, '230100 resident 示例: FLOOR.rate: 4999 < 5000')
  })

  test('that only asks in principle warns, and the pack is published', () => {
    const shelf = shelfWith(at('440000', packNamed('P10')))
    const late = { ...packNamed('P04'), effectiveFrom: '2009-03-01' }
    const cap = 'benefits.inpatient.layers.0.cap.amount.adult'
    const published = publish(shelf, at('440300', late))
    assert.deepEqual(published, { refused: [], warned: [`guard-broken ${cap}`] })
  })
})

describe('a change of rates under P15', () => {
  const due = (baseBp: number) => ({
    ...{ id: 'employer', payer: 'employer', to: 'pooled' },
    amount: { baseBp, clause: 'C1' },
  })
  const rated = (baseBp: number, effectiveFrom: string) =>
    paying(9_000, {
      ...{ scheme: 'employee', statuses: PACK.statuses, effectiveFrom },
      contribution: { base: { given: 'wageFen' }, dues: [due(baseBp)] },
    })
  const change = (more: object, region = '650100') => {
    const shelf = shelfWith(at('650000', packNamed('P15')), at(region, rated(600, '2025-01-01')))
    return publish(shelf, at(region, rated(700, '2026-01-01'), more)).refused
  }

  test('is taken in a deficit that whoever publishes states, and is kept in the event', () => {
    const broken = ['rate-change-in-surplus contribution.dues.0.amount']
    assert.deepEqual(change({}), broken)
    assert.deepEqual(change({ poolResultFen: 0 }), broken)
    assert.deepEqual(change({ poolResultFen: -1 }), [])
    assert.deepEqual(change({}, '110100'), [])
    const submission = submissionOf(at('650100', rated(700, '2026-01-01'), { poolResultFen: -1 }))
    assert(submission.ok)
    assert.equal(submission.data.poolResultFen, -1n)
  })
})

describe('a pack that follows another', () => {
  const first = () => shelfWith(TABLE)
  const corrected = { ...TABLE, name: '某市（更正）' }
  const hash = contentHash(TABLE)

  test('takes effect later', () => {
    assert.deepEqual(publish(first(), { ...TABLE, effectiveFrom: '2025-01-02' }), NOTHING)
    assert.deepEqual(publish(first(), corrected).refused, ['not-later effectiveFrom'])
  })

  test('may take effect on the same day where it names the one that it corrects', () => {
    assert.deepEqual(publish(first(), { pack: corrected, supersedes: hash }), NOTHING)
    assert.deepEqual(publish(first(), { pack: corrected, supersedes: '0'.repeat(64) }).refused, [
      'not-later effectiveFrom',
      'supersedes-other supersedes',
    ])
  })

  test('names no other as superseded', () => {
    const shelf = shelfWith(at('110100', PACK))
    const heir = { ...PACK, packId: 'HEIR', effectiveFrom: '2026-01-01' }
    const naming = (packId: string) => ({ ...heir, supersedes: { packId, clause: 'C1' } })
    assert.deepEqual(publish(shelf, at('110100', naming('OTHER'))).refused, [
      'supersedes-other supersedes.packId',
    ])
    assert.deepEqual(publish(shelf, at('110100', naming('SAMPLE'))), NOTHING)
  })

  test('is not held to itself when it is handed in again', () => {
    assert.deepEqual(publish(first(), TABLE), NOTHING)
  })
})

describe('the packs of the repository', () => {
  const folder = new URL('../../../../contracts/policies/cities/', import.meta.url)
  const cities = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .map(name => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))

  test('of the demo set and of 22 cities are published under the floors of the sources', () => {
    const floors = [
      at('440000', packNamed('P10')),
      at('650000', packNamed('P15')),
      at('230000', packNamed('P20'), { effectiveFrom: '2007-01-01' }),
    ]
    const demo = shelfWith(...floors)
    for (const { pack } of demoPacks()) assert.deepEqual(publish(demo, JSON.parse(pack)), NOTHING)
    const shelf = shelfWith(...floors)
    for (const city of cities) assert.deepEqual(publish(shelf, city).refused, [], city.packId)
    assert.equal(shelf.all().length, 3 + 44)
  })
})

test('a region lies in an area by the digits that are not 00', () => {
  const inside = ['440300 440000', '440305 440300', '440300 440300', '110105 100000']
  const outside = ['440000 440300', '450300 440000', '440400 440300', '440300 440305']
  const lies = (pair: string) => liesIn(pair.slice(0, 6), pair.slice(7))
  assert.deepEqual([inside.every(lies), outside.some(lies)], [true, false])
})

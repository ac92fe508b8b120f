/** The packs of the seeds held to one another's guards. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadPolicy } from '../load.ts'
import { amount, PACK, planOf } from '../testing/samples.ts'
import { assuming, packNamed, planNamed } from '../testing/vectors/packs.ts'
import { breachesOf, rateChangeBreaches } from './check.ts'

const guangdong = planNamed('P10')
const xinjiang = planNamed('P15')
const heilongjiang = planNamed('P20')

function pathsOf(packId: string, guarding = guangdong): readonly string[] {
  return breachesOf(guarding, planNamed(packId)).map(({ guard, path }) => `${guard} ${path}`)
}

describe('the floors of P10', () => {
  test('are met by P01, whose source states the person’s share, and by P02', () => {
    assert.deepEqual([pathsOf('P01'), pathsOf('P02')], [[], []])
  })

  test('warn of the cap of adults in P04, and let it be loaded', () => {
    const cap = 'benefits.inpatient.layers.0.cap.amount.adult'
    assert.deepEqual(pathsOf('P04'), [`residentCap ${cap}`])
    const loaded = loadPolicy(packNamed('P04'), { guards: [guangdong] })
    assert.ok(loaded.ok)
    const [warning] = loaded.warnings
    assert.deepEqual([warning?.severity, warning?.path], ['warning', cap])
    assert.equal(warning?.found, 'P10.residentCap: 4000000 < 6000000')
  })

  test('hold a rate and a cap at the floor, and not one unit below it', () => {
    const set = (fundBp: number, fen: number) =>
      breachesOf(guangdong, city({ fundBp, fen })).map(({ guard }) => guard)
    assert.deepEqual(set(8_000, 10_000_000), [])
    assert.deepEqual(set(7_999, 10_000_000), ['employeeRate'])
    assert.deepEqual(set(8_000, 9_999_999), ['employeeCap'])
  })

  test('count points that everybody gets, and take points off', () => {
    const rates = (band: Record<string, unknown>) =>
      breachesOf(guangdong, city({ fundBp: 7_500, fen: 10_000_000 }, band)).length
    const points = { fundBp: 500, clause: 'C1' }
    assert.equal(rates({ plus: [points] }), 0)
    assert.equal(rates({ plus: [points], minus: [{ fundBp: 1, clause: 'C1' }] }), 1)
    const some = { by: 'status', of: { active: points, retired: { fundBp: 0, clause: 'C1' } } }
    assert.equal(rates({ plus: [some] }), 1)
    const now = { by: 'emergency', of: { true: points, false: { fundBp: 0, clause: 'C1' } } }
    assert.equal(rates({ plus: [now] }), 1)
  })
})

function city(figures: { fundBp: number; fen: number }, band: Record<string, unknown> = {}) {
  const cap = {
    kind: 'fundPayment',
    amount: { fen: figures.fen, clause: 'C1' },
    counts: ['paidInFen'],
  }
  const bands = [{ rate: { fundBp: figures.fundBp, clause: 'C1' }, ...band }]
  const layers = [{ id: 'pooled', payer: 'pooled', of: 'aboveDeductible', bands, cap }]
  const inpatient = { covered: [], deductible: null, layers, account: null }
  return planOf({ ...PACK, benefits: { ...PACK.benefits, inpatient } })
}

describe('the floor of P20', () => {
  test('refuses a resident pack below half, and holds no employee pack', () => {
    assert.deepEqual(pathsOf('P04', heilongjiang), [])
    const rate = 'benefits.inpatient.layers.0.bands.0.rate'
    const low = assuming('P16', { [rate]: { fundBp: 4_999 } })
    assert.deepEqual(
      breachesOf(heilongjiang, low).map(({ severity, path }) => [severity, path]),
      [['refusal', rate]],
    )
    assert.deepEqual(breachesOf(heilongjiang, city({ fundBp: 1, fen: 1 })), [])
  })
})

describe('the guard of P15', () => {
  const higher = assuming('P06-employee', { 'contribution.dues.0.amount': { baseBp: 1_000 } })
  const change = (currentResultFen: number | null, to = higher) =>
    rateChangeBreaches(xinjiang, {
      from: planNamed('P06-employee'),
      to,
      currentResultFen: currentResultFen === null ? null : amount(currentResultFen),
    }).map(({ path, found }) => `${path}: ${found}`)

  test('lets rates change in a deficit only', () => {
    const broken = ['contribution.dues.0.amount: 900 → 1000']
    assert.deepEqual([change(-1), change(0), change(1)], [[], broken, broken])
  })

  test('refuses where nobody says how the fund stands, and no pack with the same rates', () => {
    assert.equal(change(null).length, 1)
    assert.deepEqual(change(1, planNamed('P06-employee')), [])
  })

  test('binds no pack that does not have it', () => {
    const from = planNamed('P06-employee')
    assert.deepEqual(
      rateChangeBreaches(guangdong, { from, to: higher, currentResultFen: null }),
      [],
    )
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { factsOfClaim } from '../account/facts.ts'
import { adjudicate } from '../policy/adjudicate.ts'
import { LEVELS } from '../policy/facts.ts'
import { type BenefitTotals, EMPTY_YEAR, totalsOf } from '../policy/totals.ts'
import { submittedWith } from '../testing/claims.ts'
import { beijing } from '../testing/demo.ts'
import { leftUnder } from './left.ts'

const plan = beijing()
const asked = { region: '110100', status: 'active', on: businessDate('2025-03-01') }
const nothing = totalsOf(EMPTY_YEAR, fen(0))

function left(totals: Partial<BenefitTotals>, kind: string) {
  return leftUnder(plan, { ...nothing, ...totals }, asked).filter(row => row.kind === kind)
}

describe('what is left', () => {
  test('of an untouched year is the whole deductible and the whole cap', () => {
    const rows = left({}, 'inpatient')
    assert.deepEqual(rows.flatMap(({ levels }) => levels).toSorted(), LEVELS.toSorted())
    const stay = rows.find(({ levels }) => levels.includes('tier3'))
    assert.deepEqual(stay?.levels, ['tier3', 'tier3_top'])
    assert.equal(stay?.deductibleLeftFen, 130_000n)
    assert.deepEqual(stay?.layers, [
      {
        ...{ layer: 'pooled', payer: 'pooled', counts: ['paidInFen'], measure: null },
        ...{ capFen: 50_000_000n, usedFen: 0n, leftFen: 50_000_000n },
        bands: [{ fromFen: 0n, toFen: null, fundBp: 8500, leftFen: null }],
      },
      {
        ...{ layer: 'catastrophic', payer: 'catastrophic', counts: [], measure: 'burdenFen' },
        ...{ capFen: null, usedFen: null, leftFen: null },
        bands: [
          { fromFen: 3_040_400n, toFen: 5_000_000n, fundBp: 6000, leftFen: 1_959_600n },
          { fromFen: 5_000_000n, toFen: null, fundBp: 7000, leftFen: null },
        ],
      },
    ])
    assert.deepEqual(stay?.deductible, { per: 'stay', usedFen: 0n, counts: ['stays', 'dedInFen'] })
  })

  test('of a band is what the running total has not passed', () => {
    const [stay] = left({ burdenFen: fen(4_000_000) }, 'inpatient')
    assert.deepEqual(stay?.layers[1]?.bands[0], {
      ...{ fromFen: 3_040_400n, toFen: 5_000_000n, fundBp: 6000, leftFen: 1_000_000n },
    })
    const [last] = left({ burdenFen: fen(5_000_000) }, 'inpatient')
    assert.equal(last?.layers[1]?.bands.length, 1)
  })

  test('shrinks by what was used', () => {
    const stays = { ...EMPTY_YEAR.stays, total: 1, tier3: 1 }
    const [stay] = left({ stays, paidInFen: fen(49_999_000) }, 'inpatient')
    assert.equal(stay?.deductibleLeftFen, 65_000n)
    assert.equal(stay?.layers[0]?.leftFen, 1_000n)
    const [visit] = left({ dedOutFen: fen(179_999) }, 'outpatient')
    assert.equal(visit?.deductibleLeftFen, 1n)
  })

  test('is nothing where the cap is used up', () => {
    const [stay] = left({ paidInFen: fen(50_000_000) }, 'inpatient')
    assert.equal(stay?.layers[0]?.leftFen, 0n)
  })

  test('is what the next claim gets: a large one takes exactly that', () => {
    const totals = { ...nothing, paidInFen: fen(40_000_000), burdenFen: fen(1_000_000) }
    const [stay] = left(totals, 'inpatient')
    const facts = factsOfClaim(submittedWith({ inScopeFen: fen(900_000_000) }))
    const outcome = adjudicate(plan, facts, totals)
    assert(outcome.kind === 'adjudicated')
    assert.equal(outcome.deductibleFen, stay?.deductibleLeftFen)
    assert.equal(outcome.pooledFen, stay?.layers[0]?.leftFen)
  })

  test('is unknown with the reason where the pack does not say it', () => {
    const [stay] = leftUnder(plan, nothing, { ...asked, status: 'unheardOf' })
    assert.equal(stay?.deductibleLeftFen, null)
    assert.notEqual(stay?.cannotCompute, null)
  })
})

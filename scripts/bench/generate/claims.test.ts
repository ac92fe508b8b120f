import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClaimSource } from './claims.ts'
import { filingOf, HOT_PERCENT, HOT_REGION, personOf } from './persons.ts'
import { readRegions, regionCodes } from './reference.ts'

type Sent = {
  readonly claimNo: string
  readonly institutionCode: string
  readonly personNo: string
  readonly admittedOn?: string
  readonly dischargedOn?: string
  readonly visitedOn?: string
  readonly lines: readonly {
    readonly itemCode: string
    readonly quantity: number
    readonly unitPriceFen: number
    readonly amountFen: number
    readonly on: string
  }[]
  readonly totalFen: number
}

const regions = readRegions()
const PERSONS = 500
const COUNT = 5_000

function generated(seed = 7, lines: number | null = null) {
  const claims = new ClaimSource({ seed, persons: PERSONS, regions }).take(COUNT, lines)
  return claims.map(claim => ({ ...claim, sent: JSON.parse(claim.body.toString()) as Sent }))
}

const claims = generated()

describe('generated claims', () => {
  it('are the same for the same seed', () => {
    assert.deepEqual(
      generated().map(({ body }) => body),
      claims.map(({ body }) => body),
    )
    assert.notDeepEqual(generated(8)[0]?.body, claims[0]?.body)
  })

  it('have numbers of their own', () => {
    assert.equal(new Set(claims.map(({ sent }) => sent.claimNo)).size, COUNT)
  })

  it('have lines that are quantity times price and add up to the total', () => {
    for (const { sent } of claims) {
      for (const { quantity, unitPriceFen, amountFen } of sent.lines) {
        assert.equal(amountFen, quantity * unitPriceFen)
      }
      assert.equal(
        sent.lines.reduce((sum, { amountFen }) => sum + amountFen, 0),
        sent.totalFen,
      )
    }
  })

  it('are never two visits of a person on one day', () => {
    const visits = claims.flatMap(({ sent }) =>
      sent.visitedOn === undefined ? [] : [`${sent.personNo} ${sent.visitedOn}`],
    )
    assert.equal(new Set(visits).size, visits.length)
  })

  it('are never two stays of a person that share a day', () => {
    const stays = claims.filter(({ kind }) => kind === 'inpatient').map(({ sent }) => sent)
    assert.ok(stays.length > 100)
    for (const own of Map.groupBy(stays, ({ personNo }) => personNo).values()) {
      own.forEach((stay, index) => {
        const next = own[index + 1]
        assert.ok(next === undefined || `${stay.dischargedOn}` < `${next.admittedOn}`)
      })
    }
  })

  it('are in the shares of the demo set', () => {
    const share = (of: (claim: (typeof claims)[number]) => boolean) =>
      claims.filter(of).length / COUNT
    const lines = claims.reduce((sum, claim) => sum + claim.lines, 0) / COUNT
    assert.ok(Math.abs(share(({ crossRegion }) => crossRegion) - 0.42) < 0.03)
    assert.ok(Math.abs(share(({ kind }) => kind === 'inpatient') - 0.06) < 0.015)
    assert.ok(Math.abs(lines - 3.6) < 0.15, `${lines} lines`)
  })

  it('have as many lines as asked for', () => {
    assert.ok(generated(7, 10).every(claim => claim.lines === 10 && claim.sent.lines.length === 10))
  })
})

describe('generated persons', () => {
  const codes = regionCodes(regions)
  const persons = Array.from({ length: COUNT }, (_, index) => personOf(7, index, codes))

  it('have numbers of their own', () => {
    assert.equal(new Set(persons.map(({ personNo }) => personNo)).size, COUNT)
  })

  it('are insured in the hot region in the stated share', () => {
    const hot = persons.filter(({ regionCode }) => regionCode === HOT_REGION).length / COUNT
    assert.ok(Math.abs(hot - HOT_PERCENT / 100) < 0.03)
  })

  it('file for another region than their own', () => {
    const filings = persons.flatMap((person, index) => {
      const filing = filingOf(7, index, codes)
      return filing === undefined ? [] : [{ person, filing }]
    })
    assert.ok(filings.length > COUNT / 5)
    for (const { person, filing } of filings) {
      assert.equal(filing.personNo, person.personNo)
      assert.notEqual(filing.treatmentRegion, person.regionCode)
    }
  })
})

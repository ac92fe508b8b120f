/**
 * City files read by the oracle against the demo tables of the same ten cities, which others made
 * from the same files.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { demoPolicies } from '../fixtures/demo-files.ts'
import { CITY_SOURCES, documentsOf } from './engine/documents.ts'
import { bpOf, type CityFile, cityTable, fenOf } from './tables/city.ts'
import { cityPolicy, inForceOn } from './tables/city-policy.ts'
import { readTable } from './tables/read-table.ts'
import type { ByLevel, Table } from './tables/table.ts'

const cities = new Map(
  [...documentsOf(CITY_SOURCES)].map(([code, file]) => [code, file as CityFile]),
)

function city(code: string): CityFile {
  const found = cities.get(code)
  assert.ok(found !== undefined)
  return found
}

/** The demo has ten regions only, stops Xi'an's ladder early and has no layer of named diseases. */
function asInTheDemo(code: string, scheme: string, table: Table): Table {
  const { inpatient, remote } = table
  const regions = ['110100', '120100', '130100']
  const deemedFiledFor = regions.filter(region => remote.deemedFiledFor.includes(region))
  const isXian = code === '610100' && scheme === 'employee'
  const isShanghai = code === '310100' && scheme === 'resident'
  return {
    ...table,
    inpatient: isXian
      ? { ...inpatient, deductibleFen: firstFive(inpatient.deductibleFen) }
      : inpatient,
    catastrophic: isShanghai ? null : table.catastrophic,
    remote: { ...remote, deemedFiledFor },
  }
}

function firstFive(ladders: ByLevel<readonly number[]>): ByLevel<readonly number[]> {
  const five = (ladder: readonly number[]) =>
    ladder.length > 1 ? Array.from({ length: 5 }, (_, stay) => ladder[stay] ?? 20_000) : ladder
  return Object.fromEntries(
    Object.entries(ladders).map(([status, levels]) => [
      status,
      Object.fromEntries(Object.entries(levels).map(([level, ladder]) => [level, five(ladder)])),
    ]),
  )
}

describe('the oracle on the city files', () => {
  test('there are 22, and each gives two policies with a day from which they hold', () => {
    assert.equal(cities.size, 22)
    for (const file of cities.values()) {
      for (const scheme of ['employee', 'resident'] as const) {
        assert.match(inForceOn(file, scheme) ?? '', /^20\d\d-\d\d-\d\d$/)
        assert.ok(cityPolicy(file, scheme))
      }
    }
  })

  for (const { file, document } of demoPolicies()) {
    test(`${file} has the figures that the city's file and words give`, () => {
      const { region, scheme, table } = readTable(document)
      const made = asInTheDemo(region, scheme, cityTable(city(region), scheme))
      const { inpatient, outpatient, remote } = table
      const { name: _, ...layer } = { name: '', ...table.catastrophic }
      const catastrophic = table.catastrophic === null ? null : layer
      assert.deepEqual(made, { inpatient, outpatient, catastrophic, remote })
    })
  }

  test('yuan and fractions are moved by their decimals', () => {
    assert.equal(fenOf(30_404.5), 3_040_450)
    assert.equal(bpOf(0.045), 450)
    assert.throws(() => bpOf(0.12345), RangeError)
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judge, type Kept, keptOf } from './baseline.ts'
import type { Figure } from './results.ts'

const MACHINE = { cpu: 'A', cores: 2 }
const RATE: Figure = {
  name: 'claims',
  unit: 'claims/s',
  value: 1_000,
  better: 'higher',
  ceiling: { of: 'raw', value: 4_000 },
}
const LATENCY: Figure = { name: 'p99', unit: 'ms', value: 50, better: 'lower' }
const KEPT: Kept = keptOf({ at: '2026-01-01', ...MACHINE }, [RATE, LATENCY])

function verdict(figure: Figure, machine = MACHINE): string | undefined {
  return judge(KEPT, machine, [figure])[0]?.verdict
}

describe('the baseline', () => {
  const rows: readonly (readonly [string, Figure, string])[] = [
    ['85 % of the throughput', { ...RATE, value: 850 }, 'held'],
    ['less than 85 %', { ...RATE, value: 849 }, 'worse'],
    ['120 % of the latency', { ...LATENCY, value: 60 }, 'held'],
    ['more than 120 %', { ...LATENCY, value: 60.1 }, 'worse'],
  ]
  for (const [name, figure, wanted] of rows) {
    it(`${name} is ${wanted}`, () => assert.equal(verdict(figure), wanted))
  }

  it('expects of a slow hour what its ceiling gives, and no answers in time', () => {
    const ceiling = { of: 'raw', value: 2_000 }
    const slow = judge(KEPT, MACHINE, [
      { ...RATE, value: 426, ceiling },
      { ...LATENCY, value: 500 },
    ])
    assert.deepEqual(
      slow.map(({ kept, verdict: said }) => [kept, said]),
      [
        [500, 'held'],
        [100, 'not compared: a slow hour'],
      ],
    )
    const worse = judge(KEPT, MACHINE, [{ ...RATE, value: 424, ceiling }])
    assert.equal(worse[0]?.verdict, 'worse')
  })

  it('does not judge what was measured while others were busy', () => {
    const busy = { ...RATE, value: 1, othersCores: 0.6 }
    assert.equal(verdict(busy), 'not compared: others were busy')
  })

  it('keeps no figure that was measured while others were busy', () => {
    const kept = keptOf({ at: '2026-01-01', ...MACHINE }, [{ ...RATE, othersCores: 0.6 }, LATENCY])
    assert.deepEqual(Object.keys(kept.figures), ['p99'])
  })

  it('judges ratios to the ceilings on another machine, and only those', () => {
    const other = { cpu: 'B', cores: 8 }
    const ceiling = { of: 'raw', value: 40_000 }
    const slower = judge(KEPT, other, [{ ...RATE, value: 8_000, ceiling }, LATENCY])
    assert.deepEqual(slower, [
      { figure: 'claims', now: 0.2, kept: 0.25, by: 'ratio', verdict: 'worse' },
    ])
    assert.equal(verdict({ ...RATE, value: 10_000, ceiling }, other), 'held')
  })
})

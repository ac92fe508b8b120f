/** Figures that a city's text gives by age, class of payment or for minors, in its pack. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { adjudicate } from '../../adjudicate.ts'
import type { BenefitFacts, Level } from '../../facts.ts'
import type { BenefitOutcome } from '../../outcome.ts'
import { planOf, SPLIT_NOTHING, year } from '../../testing/samples.ts'
import { PACK_TEXTS } from '../testing/sources.ts'
import { withoutComputed } from './by-person.ts'

type Person = {
  readonly status: string
  readonly age?: number
  readonly level?: Level
  readonly attributes?: BenefitFacts['attributes']
}

const ON = businessDate('2026-03-10')
const LARGE = fen(500_000_000)

function claimOf(name: string, kind: BenefitFacts['kind'], person: Person) {
  const plan = planOf(JSON.parse(PACK_TEXTS.get(`${name}.json`) ?? ''))
  const { region, scheme } = plan
  assert.ok(region !== null && scheme !== null)
  const { status, age, level = 'community', attributes = {} } = person
  return adjudicate(
    plan,
    {
      ...{ kind, level, status, attributes, insuredRegion: region, treatingRegion: region, scheme },
      ...(age === undefined ? {} : { ageOnYearStart: age }),
      ...{ beginOn: ON, endOn: ON, emergency: false, filings: [], useAccount: false },
      ...{ ...SPLIT_NOTHING, inScopeFen: LARGE, totalFen: LARGE },
    },
    year(),
  )
}

type Figure = 'pooledFen' | 'deductibleFen' | 'fundBp'
type Row = readonly [person: Person, expected: bigint | number]

/** City, kind, what is looked at, and persons on both sides of what the text says. */
const ROWS: readonly (readonly [string, BenefitFacts['kind'], Figure, readonly Row[]])[] = [
  [
    '130100-employee',
    'outpatient',
    'pooledFen',
    [
      [{ status: 'active', age: 44 }, 350_000n],
      [{ status: 'active', age: 45 }, 450_000n],
      [{ status: 'retired', age: 60 }, 600_000n],
    ],
  ],
  [
    '120100-employee',
    'outpatient',
    'deductibleFen',
    [
      [{ status: 'retired', age: 69 }, 70_000n],
      [{ status: 'retired', age: 70 }, 65_000n],
      [{ status: 'active', age: 70 }, 80_000n],
    ],
  ],
  [
    '120100-employee',
    'outpatient',
    'pooledFen',
    [
      // 4,700 at the level's rate and 4,500 at 55 %: retirees have five points more below 5,500.
      [{ status: 'active', age: 40, level: 'tier1' }, 352_500n + 247_500n],
      [{ status: 'active', age: 40, level: 'tier3' }, 258_500n + 247_500n],
      [{ status: 'retired', age: 60, level: 'tier1' }, 384_000n + 247_500n],
      [{ status: 'retired', age: 70, level: 'tier1' }, 388_000n + 247_500n],
    ],
  ],
  [
    '310100-resident',
    'outpatient',
    'deductibleFen',
    [
      [{ status: 'adult', age: 18 }, 30_000n],
      [{ status: 'adult', age: 19 }, 50_000n],
      [{ status: 'adult', age: 59 }, 50_000n],
      [{ status: 'adult', age: 60 }, 30_000n],
      [{ status: 'child', age: 20 }, 30_000n],
    ],
  ],
  [
    '440300-resident',
    'outpatient',
    'fundBp',
    [
      [{ status: 'adult', age: 59 }, 7500],
      [{ status: 'adult', age: 60 }, 8000],
      [{ status: 'adult', age: 60, level: 'tier2' }, 0],
    ],
  ],
  [
    '440100-resident',
    'inpatient',
    'fundBp',
    [
      [{ status: 'child', level: 'tier1' }, 9000],
      [{ status: 'child', level: 'tier2' }, 8500],
      [{ status: 'child', level: 'tier3_top' }, 8000],
      [{ status: 'adult', level: 'tier2' }, 8000],
    ],
  ],
  [
    '120100-resident',
    'inpatient',
    'fundBp',
    [
      [{ status: 'adult', level: 'tier3' }, 6500],
      [{ status: 'adult', level: 'tier3', attributes: { highPremiumClass: true } }, 7500],
    ],
  ],
]

describe('figures by age, class, for minors or by cost', () => {
  for (const [name, kind, figure, rows] of ROWS) {
    for (const [person, expected] of rows) {
      test(`${name}: ${figure} of ${JSON.stringify(person)} is ${expected}`, () => {
        const outcome = claimOf(name, kind, person)
        assert.ok(outcome.kind === 'adjudicated')
        const told: Pick<BenefitOutcome, Figure> = outcome
        assert.equal(told[figure], expected)
      })
    }
  }

  test('a claim without an age is refused where the text goes by it', () => {
    const outcome = claimOf('130100-employee', 'outpatient', { status: 'active' })
    assert.equal(outcome.kind, 'no-policy')
  })

  test('what else a sentence says of persons is still to be told', () => {
    const said = '报销比例75%（60岁以上老人80%），连续参保满3年的另计'
    assert.equal(withoutComputed(said, 'resident'), '，连续参保满3年的另计')
    assert.equal(withoutComputed(said, 'employee'), said)
  })
})

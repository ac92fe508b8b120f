/** The 44 packs of the 22 cities: made from their files, every figure with its field. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { CityPackage } from '@tongchou/contracts/city/city-document.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { submissionOf } from '../../pack/submission.ts'
import { adjudicate } from '../adjudicate.ts'
import { type BenefitFacts, type Filing, LEVELS, type Level } from '../facts.ts'
import { loadPolicy } from '../load.ts'
import type { Plan } from '../plan/plan.ts'
import { planOf, SPLIT_NOTHING, year } from '../testing/samples.ts'
import { apply } from '../totals.ts'
import { makePacks } from './make-packs.ts'
import { PACK_TEXTS, SOURCE_TEXTS, source } from './testing/sources.ts'

test('the packs in the repository are those that their files make', () => {
  const made = makePacks([...SOURCE_TEXTS.values()])
  assert.equal(made.size, 44)
  assert.deepEqual([...made.keys()].sort(), [...PACK_TEXTS.keys()])
  for (const [name, text] of made) assert.equal(text, PACK_TEXTS.get(name), name)
})

test('a file of another shape is refused with the place', () => {
  const [text = ''] = SOURCE_TEXTS.values()
  assert.throws(() => makePacks([text.replace('"annualCap"', '"anualCap"')]), /annualCap|anualCap/)
})

type Tree = { readonly [name: string]: unknown }

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every figure of a pack with what it cites. */
function* leaves(value: unknown): Generator<Tree> {
  if (Array.isArray(value)) for (const member of value) yield* leaves(member)
  if (!isTree(value)) return
  if (['fen', 'fundBp', 'ladderFen', 'unlimited'].some(name => name in value)) yield value
  for (const member of Object.values(value)) yield* leaves(member)
}

function listOf(names: unknown): readonly string[] {
  return [names].flat().filter(name => typeof name === 'string')
}

/** The field that a clause names, in the file of the city. */
function fieldAt(file: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    if (Array.isArray(at)) return at[Number(name)]
    return isTree(at) ? at[name] : undefined
  }, file)
}

/** Yuan and fractions times 100 and 10,000, by their digits. */
function digits(value: number, places: number): number {
  const [whole = '', fraction = ''] = String(value).split('.')
  return Number(`${whole}${fraction.padEnd(places, '0')}`)
}

describe('every figure', () => {
  for (const [name, text] of PACK_TEXTS) {
    test(`of ${name} names its field, and is that field's value`, () => {
      const pack: unknown = JSON.parse(text)
      const file: unknown = JSON.parse(SOURCE_TEXTS.get(`${name.slice(0, 6)}.json`) ?? '')
      assert.ok(isTree(pack) && isTree(pack['clauses']) && isTree(pack['documents']))
      let compared = 0
      for (const leaf of leaves(pack['benefits'])) {
        const clauses = listOf(leaf['clause'])
        assert.ok(clauses.length + listOf(leaf['reading']).length > 0)
        const fields = clauses.map(path => fieldAt(file, path)).filter(v => typeof v === 'number')
        const [field, bonus] = fields
        if (field === undefined) continue
        if (typeof leaf['fen'] === 'number' && fields.length === 1) {
          assert.equal(leaf['fen'], digits(field, 2))
          compared += 1
        }
        if (typeof leaf['fundBp'] === 'number') {
          const points = bonus === undefined ? 0 : digits(bonus, 4)
          assert.equal(leaf['fundBp'], digits(field, 4) + points)
          compared += 1
        }
      }
      assert.ok(compared >= 12, `${compared} figures`)
      for (const [id, clause] of Object.entries(pack['clauses'])) {
        assert.ok(isTree(clause) && typeof clause['document'] === 'string')
        assert.ok(Object.hasOwn(pack['documents'], clause['document']), id)
      }
    })
  }

  test('rests on a document with title, number and day, but for the two blocks without', () => {
    for (const [name, text] of PACK_TEXTS) {
      const loaded = loadPolicy(JSON.parse(text))
      assert.ok(loaded.ok && 'form' in loaded.document)
      for (const [id, { title, number, effective }] of Object.entries(loaded.document.documents)) {
        if (id === 'file') assert.match(name, /^320800/)
        else assert.ok(title !== '' && number !== null && effective !== null, `${name} ${id}`)
      }
    }
  })
})

test('every pack can be published, each under a hash of its own', () => {
  const hashes = [...PACK_TEXTS].map(([name, text]) => {
    const submission = submissionOf(JSON.parse(text))
    assert.ok(submission.ok, name)
    assert.equal(submission.data.regionCode, name.slice(0, 6))
    return submission.data.packHash
  })
  assert.equal(new Set(hashes).size, 44)
})

describe('what a pack cannot compute', () => {
  test('is chronic care and pharmacies, for which no file has a field, and nothing else', () => {
    for (const [name, text] of PACK_TEXTS) {
      const loaded = loadPolicy(JSON.parse(text))
      assert.ok(loaded.ok, name)
      const kinds = loaded.cannotCompute.map(({ kind }) => kind)
      assert.deepEqual(kinds, ['chronic', 'pharmacy'], name)
    }
  })
})

/** Half up, of not negative integers. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}

/** What the fields alone say of the first stay of a year, of 20,000 yuan, far below every cap. */
function firstStay(
  { inpatient, remoteMedical }: CityPackage,
  { level, retired, branch }: { level: Level; retired: boolean; branch: keyof typeof COEFFICIENT },
): { deductibleFen: bigint; pooledFen: bigint } {
  const tier = inpatient.tierBenefits[level]
  assert.ok(tier !== undefined)
  const points = (number: { readonly decimal: string }): bigint =>
    BigInt(digits(Number(number.decimal), 4))
  const bonus = retired && tier.retireeRatioBonus !== undefined ? tier.retireeRatioBonus : NONE
  const rate = points(tier.reimbursementRatio) + points(bonus)
  const factor = points(branch === 'local' ? ALL : remoteMedical[COEFFICIENT[branch]])
  const deductibleFen = BigInt(digits(Number(tier.deductible.decimal), 2))
  const bp = halfUp(rate * factor, 10_000n)
  return { deductibleFen, pooledFen: halfUp((STAY - deductibleFen) * bp, 10_000n) }
}

const STAY = 2_000_000n
const NONE = { decimal: '0' }
const ALL = { decimal: '1' }
const COEFFICIENT = {
  local: 'longTermFiledRatio',
  longTerm: 'longTermFiledRatio',
  transfer: 'transferFiledRatio',
  unfiledEmergency: 'unfiledEmergencyRatio',
  unfiled: 'unfiledNormalRatio',
} as const
/** Their retirees' or children's deductible, or children's rate, stands in a text. */
const OWN_FIGURE = new Set([
  '440100 child',
  '130100 retired',
  '310100 retired',
  '350200 retired',
  '110100 child',
])

describe('the first stay of a year', () => {
  for (const [name, text] of PACK_TEXTS) {
    test(`under ${name} comes to what the fields say, at every level and filing`, () => {
      const plan = planOf(JSON.parse(text))
      const { region, scheme } = plan
      assert.ok(region !== null && scheme !== null)
      for (const [status, level, filings, emergency] of everyCase(plan)) {
        if (OWN_FIGURE.has(`${region} ${status}`)) continue
        for (const treatingRegion of [region, '999999']) {
          const inScopeFen = fen(STAY)
          const outcome = adjudicate(
            plan,
            {
              ...{ kind: 'inpatient', emergency, filings, insuredRegion: region, treatingRegion },
              ...{ scheme, status, level, beginOn: ON, endOn: ON, useAccount: false },
              ...{ attributes: {}, ...SPLIT_NOTHING, inScopeFen, totalFen: inScopeFen },
            },
            year(),
          )
          assert.ok(outcome.kind === 'adjudicated' && outcome.filing !== 'deemed')
          const retired = status === 'retired'
          const said = firstStay(source(region)[scheme], { level, retired, branch: outcome.filing })
          const { deductibleFen, pooledFen } = outcome
          assert.deepEqual({ deductibleFen, pooledFen }, said, `${status} ${level}`)
        }
      }
    })
  }
})

const DEMO = join(import.meta.dirname, '../../../../../test/fixtures/demo/policies')
const ON = businessDate('2026-03-10')
const filing = (kind: Filing['kind']): Filing => ({
  kind,
  filedOn: businessDate('2026-03-01'),
  validFrom: businessDate('2026-03-01'),
  validTo: null,
})
const FILINGS = [[], [filing('longTermResidence')], [filing('referral')]]
const AMOUNTS = [150_000n, 99_999n, 1_234_567n, 8_000_000n, 30_000_000n, 777n].map(fen)

/** 310100: children's own deductible; 120100: bands of the year's cost. A table has neither. */
const ONLY_IN_TEXT = /^(310100-resident.json child|120100-employee.json)/

/** A year of claims under both, in which every claim must come to the same. */
function assertSame(pack: Plan, table: Plan, facts: Omit<BenefitFacts, 'inScopeFen' | 'totalFen'>) {
  let totals = year()
  for (const inScopeFen of AMOUNTS) {
    const claim = { ...facts, inScopeFen, totalFen: inScopeFen }
    const ours = adjudicate(pack, claim, totals)
    const theirs = adjudicate(table, claim, totals)
    assert.ok(ours.kind === 'adjudicated' && theirs.kind === 'adjudicated')
    assert.deepEqual({ ...ours, layers: [] }, { ...theirs, layers: [] })
    totals = apply(totals, ours.effect)
  }
}

describe('the demo tables of ten cities, made apart from these packs', () => {
  const tables = [...PACK_TEXTS].flatMap(([name, text]) => {
    try {
      return [{ name, text, table: readFileSync(join(DEMO, name), 'utf8') }]
    } catch {
      return []
    }
  })

  test('are twenty', () => assert.equal(tables.length, 20))

  for (const { name, text, table } of tables) {
    test(`${name}: every level, status and filing comes to the same fen`, () => {
      const [pack, other] = [planOf(JSON.parse(text)), planOf(JSON.parse(table))]
      const { scheme, region } = pack
      assert.ok(region !== null && scheme !== null)
      for (const kind of ['inpatient', 'outpatient'] as const) {
        for (const treatingRegion of [region, '110100', '120100', '310100', '460100']) {
          for (const [status, level, filings, emergency] of everyCase(pack)) {
            if (kind === 'outpatient' && ONLY_IN_TEXT.test(`${name} ${status}`)) continue
            const dates = { beginOn: ON, endOn: ON, useAccount: false, attributes: {} }
            const place = { insuredRegion: region, treatingRegion, scheme, status, level }
            assertSame(pack, other, {
              ...{ kind, emergency, filings, ...place, ...dates, ...SPLIT_NOTHING },
              ageOnYearStart: 50,
            })
          }
        }
      }
    })
  }
})

function* everyCase({ statuses }: Plan) {
  for (const status of statuses) {
    for (const level of LEVELS) {
      for (const filings of FILINGS) {
        for (const emergency of [false, true]) yield [status, level, filings, emergency] as const
      }
    }
  }
}

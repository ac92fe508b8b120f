/** The further facts of a claim: what is taken, what coverage tells, what is refused. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AttributeAsked } from '@tongchou/contracts/events.generated.ts'
import type { CoverageFacts, CoveragePeriod } from '@tongchou/contracts/reference/coverage.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { PERSON_ID } from '../testing/claims.ts'
import { attributesFor } from './attributes.ts'

const day = businessDate

const ASKED: readonly AttributeAsked[] = [
  { name: 'handedOver', from: 'claim', kind: 'flag', values: ['false', 'true'] },
  { name: 'paidFen', from: 'claim', kind: 'amount', values: [] },
  { name: 'years', from: 'claim', kind: 'number', values: [] },
  { name: 'seenOn', from: 'claim', kind: 'date', values: [] },
  { name: 'category', from: 'claim', kind: 'text', values: ['poor', 'rich'] },
  { name: 'word', from: 'claim', kind: 'text', values: [] },
]
const PERIOD: CoveragePeriod = {
  regionCode: '110100',
  scheme: 'resident',
  coveredFrom: day('2023-07-01'),
  coveredTo: null,
}
const COVERAGE: CoverageFacts = {
  personId: PERSON_ID,
  sex: 'F',
  bornOn: day('1980-01-01'),
  periods: [PERIOD],
  statuses: [{ scheme: 'resident', status: 'adult', changedOn: day('2023-07-01') }],
  filings: [],
}

function taken(
  attributes: Readonly<Record<string, string>>,
  asked: readonly AttributeAsked[] = ASKED,
  period = PERIOD,
  coverage = COVERAGE,
) {
  const days = { beginOn: day('2025-03-01'), endOn: day('2025-03-02') }
  return attributesFor({ attributes, ...days }, asked, { coverage, period })
}

function refusal(...of: Parameters<typeof taken>) {
  const answer = taken(...of)
  assert('kind' in answer, JSON.stringify(answer))
  return answer
}

describe('what is sent with the claim', () => {
  test('is kept as it is, where the pack asks for it', () => {
    const sent = { handedOver: 'true', paidFen: '0', years: '12', seenOn: '2025-01-31' }
    const all = { ...sent, category: 'poor', word: '任意' }
    assert.deepEqual(taken(all), { attributes: all })
    assert.deepEqual(taken({}), { attributes: {} })
  })

  test('is refused by name where the pack does not ask for it', () => {
    const { kind, field, rule } = refusal({ paidFen: '1', paid: '1' })
    assert.deepEqual([kind, field], ['attribute-not-asked', 'attributes.paid'])
    assert.match(rule, /^one of handedOver, paidFen/)
    assert.match(refusal({ constructor: '1' }, []).rule, /asks for none/)
  })

  const FAULTS: readonly (readonly [name: string, value: string, rule: RegExp])[] = [
    ['handedOver', 'yes', /one of false, true/],
    ['paidFen', '-1', /amount in fen/],
    ['paidFen', '1.5', /amount in fen/],
    ['paidFen', '01', /amount in fen/],
    ['paidFen', '1234567890123456', /amount in fen/],
    ['years', 'two', /whole number/],
    ['seenOn', '2025-02-30', /YYYY-MM-DD/],
    ['category', 'middle', /one of poor, rich/],
  ]
  for (const [name, value, rule] of FAULTS) {
    test(`is refused with its rule: ${name} ${value}`, () => {
      const refused = refusal({ [name]: value })
      assert.deepEqual([refused.kind, refused.field], ['attribute-malformed', `attributes.${name}`])
      assert.match(refused.rule, rule)
    })
  }
})

describe('what coverage tells', () => {
  const since: readonly AttributeAsked[] = [
    { name: 'since', from: 'insuredSince', kind: 'date', values: [] },
  ]
  const paid: readonly AttributeAsked[] = [
    { name: 'paidOn', from: 'premiumPaidOn', kind: 'date', values: [] },
  ]
  const PAID = { ...PERIOD, premiumPaidOn: day('2024-12-20') }

  test('is added to the claim', () => {
    assert.deepEqual(taken({}, since), { attributes: { since: '2023-07-01' } })
    assert.deepEqual(taken({}, paid, PAID), { attributes: { paidOn: '2024-12-20' } })
  })

  test('may be sent too, and is refused when it says otherwise', () => {
    const same = { paidOn: '2024-12-20' }
    assert.deepEqual(taken(same, paid, PAID), { attributes: same })
    const { kind, field, rule } = refusal({ paidOn: '2024-01-01' }, paid, PAID)
    assert.deepEqual([kind, field], ['attribute-contradicts', 'attributes.paidOn'])
    assert.match(rule, /2024-12-20/)
  })

  test('is what was sent where enrolment does not know it, and nothing otherwise', () => {
    assert.deepEqual(taken({ paidOn: '2024-01-01' }, paid), {
      attributes: { paidOn: '2024-01-01' },
    })
    assert.deepEqual(taken({}, paid), { attributes: {} })
  })
})

describe('what the account will tell', () => {
  const told: readonly AttributeAsked[] = [
    { name: 'noClaimYears', from: 'account', kind: 'number', values: [] },
  ]

  test('needs the years of cover, which the claim carries', () => {
    const years = { 'insured.years': '2023:part:adult,2024:whole:adult' }
    assert.deepEqual(taken({}, told), { attributes: years })
  })

  test('cannot be sent', () => {
    const { kind, rule } = refusal({ noClaimYears: '3' }, told)
    assert.equal(kind, 'attribute-not-asked')
    assert.match(rule, /account/)
  })
})

/** @source capabilities CL-19: nothing before approval or after expiry */
describe('what the register of diseases tells', () => {
  const asked: readonly AttributeAsked[] = [
    { name: 'disease', from: 'claim', kind: 'text', values: [] },
    { name: 'listed', from: 'registered', kind: 'flag', values: ['false', 'true'] },
    { name: 'all', from: 'diseases', kind: 'text', values: [] },
  ]
  const entry = (disease: string, from: string, to: string | null) => ({
    ...{ registrationNo: disease, disease, approvedBy: 'C', approvedOn: day(from) },
    ...{ validFrom: day(from), validTo: to === null ? null : day(to) },
  })
  const told = (
    attributes: Readonly<Record<string, string>>,
    ...diseases: NonNullable<CoverageFacts['diseases']>
  ) => taken(attributes, asked, PERIOD, { ...COVERAGE, diseases })

  test('is of the last day of the claim, and of the disease that it names', () => {
    const of = (from: string, to: string | null, disease = 'M1') =>
      told({ disease }, entry('M1', from, to))
    const yes = { attributes: { disease: 'M1', listed: 'true', all: 'M1' } }
    const no = { attributes: { disease: 'M1', listed: 'false' } }
    assert.deepEqual(of('2025-03-02', null), yes)
    assert.deepEqual(of('2025-03-03', null), no)
    assert.deepEqual(of('2024-01-01', '2025-03-02'), yes)
    assert.deepEqual(of('2024-01-01', '2025-03-01'), no)
    const other = { disease: 'M2', listed: 'false', all: 'M1' }
    assert.deepEqual(of('2024-01-01', null, 'M2'), { attributes: other })
  })

  test('is of any where the claim names none; several are told in order', () => {
    const both = told({}, entry('M2', '2024-01-01', null), entry('M1', '2024-01-01', null))
    assert.deepEqual(both, { attributes: { listed: 'true', all: 'M1;M2' } })
    assert.deepEqual(told({}), { attributes: { listed: 'false' } })
  })

  test('is not the hospital’s to say otherwise', () => {
    const answer = told({ listed: 'true' })
    assert('kind' in answer)
    assert.deepEqual([answer.kind, answer.field], ['attribute-contradicts', 'attributes.listed'])
  })
})

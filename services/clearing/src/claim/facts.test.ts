import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClaimJson } from '@tongchou/contracts/http/claim.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { CatalogueBook } from '@tongchou/contracts/reference/catalogues.ts'
import type { CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { applyCoverage } from '@tongchou/contracts/reference/coverage.ts'
import { InstitutionBook } from '@tongchou/contracts/reference/institutions.ts'
import { PackBook } from '@tongchou/contracts/reference/packs.ts'
import { catalogueRow } from '@tongchou/contracts/testing/reference.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { CLAIM_JSON, PERSON_ID } from '../testing/claims.ts'
import type { FactRefusal, Known } from './facts.ts'
import { claimFacts } from './facts.ts'
import { parseClaim } from './parse.ts'

const day = businessDate

function known(change: Partial<Known> = {}): Known {
  const institutions = new InstitutionBook()
  const designated = {
    name: '医院',
    regionCode: '110100',
    network: ['cross'],
    agreementFrom: day('2024-01-01'),
    agreementTo: day('2025-06-30'),
    grade: 'A',
    doctors: ['D1'],
  }
  institutions.apply({
    type: 'InstitutionDesignated',
    data: { ...designated, institutionCode: 'H1', type: 'hospital', level: 'tier3' },
  })
  institutions.apply({
    type: 'InstitutionDesignated',
    data: { ...designated, institutionCode: 'P1', type: 'pharmacy', level: null },
  })
  institutions.apply({
    type: 'InstitutionRenamed',
    data: { institutionCode: 'H2', formerCode: 'H1' },
  })
  institutions.apply({
    type: 'InstitutionSuspended',
    data: {
      institutionCode: 'H1',
      suspendedFrom: day('2025-05-01'),
      suspendedTo: day('2025-05-31'),
      reason: 'x',
    },
  })
  const catalogues = new CatalogueBook()
  const item = catalogueRow({
    itemCode: 'X1',
    unitPriceFen: fen(100n),
    validTo: day('2025-01-31'),
  })
  catalogues.apply({
    type: 'CatalogueListed',
    version: 4,
    data: { regionCode: '110100', items: [item] },
  })
  const packs = new PackBook()
  packs.apply({
    packHash: 'h',
    regionCode: '610100',
    scheme: 'employee',
    name: 'x',
    effectiveFrom: day('2025-01-01'),
    effectiveTo: null,
    form: 'table',
    poolResultFen: null,
    pack: '{}',
    cannotCompute: [
      { kind: 'chronic', status: '*', level: '*', reason: 'no chronic rule', unless: [] },
    ],
    attributes: [],
  })
  const coverage: CoverageFacts = applyCoverage(undefined, {
    type: 'PersonEnrolled',
    data: {
      personId: PERSON_ID,
      regionCode: '610100',
      scheme: 'employee',
      status: 'active',
      sex: 'M',
      bornOn: day('1980-01-01'),
      coveredFrom: day('2025-01-01'),
      coveredTo: day('2025-12-31'),
      personal: Buffer.alloc(0),
    } as never,
  })
  return {
    institutions,
    catalogues,
    packs,
    coverage,
    coveragePosition: 7n,
    latestDay: day('2025-07-01'),
    ...change,
  }
}

function facts(change: Partial<ClaimJson>, more: Partial<Known> = {}) {
  const parsed = parseClaim({ ...CLAIM_JSON, ...change })
  assert.ok(!('rule' in parsed), 'the test claim is well formed')
  return claimFacts(parsed, PERSON_ID, known(more))
}

const [LINE] = CLAIM_JSON.lines
const on = (date: string) => ({
  visitedOn: date,
  lines: [{ ...LINE, on: date }] as ClaimJson['lines'],
})

/** One row for each refusal, in the order in which they are checked: only that rule is broken. */
const REFUSED: readonly (readonly [
  FactRefusal['kind'],
  string,
  Partial<ClaimJson>,
  Partial<Known>?,
])[] = [
  ['date-in-the-future', 'visitedOn', on('2025-07-02')],
  ['unknown-institution', 'institutionCode', { institutionCode: 'H9' }],
  ['agreement-not-in-force', 'visitedOn', on('2025-07-01')],
  ['institution-suspended', 'visitedOn', on('2025-05-31')],
  ['kind-not-allowed', 'kind', { institutionCode: 'P1' }],
  ['kind-not-allowed', 'kind', { kind: 'pharmacy' }],
  ['unknown-person', 'personNo', {}, { coverage: undefined }],
  ['not-covered', 'visitedOn', on('2024-12-31')],
  [
    'line-amount-mismatch',
    'lines[0].amountFen',
    { lines: [{ ...LINE, amountFen: 202 }] as never, totalFen: 202 },
  ],
  ['total-mismatch', 'totalFen', { totalFen: 201 }],
  ['unknown-item', 'lines[0].itemCode', { lines: [{ ...LINE, itemCode: 'X2' }] as never }],
  ['unknown-item', 'lines[0].itemCode', on('2025-02-01')],
  ['no-policy', 'personNo', { kind: 'chronic' }],
  ['no-policy', 'personNo', {}, { packs: new PackBook() }],
]

for (const [kind, field, change, more] of REFUSED) {
  test(`${kind} names ${field}: ${JSON.stringify(change)}`, () => {
    const refusal = facts(change, more)
    assert.deepEqual({ kind: refusal.kind, field: (refusal as FactRefusal).field }, { kind, field })
  })
}

test('a stay that ends before it begins is refused, and a line outside of it', () => {
  const stay = { kind: 'inpatient', visitedOn: undefined } as never
  const backwards = facts({
    ...(stay as object),
    admittedOn: '2025-01-10',
    dischargedOn: '2025-01-09',
  })
  assert.equal(backwards.kind, 'dates-out-of-order')
  const outside = facts({
    ...(stay as object),
    admittedOn: '2025-01-11',
    dischargedOn: '2025-01-12',
  })
  assert.deepEqual(
    { kind: outside.kind, field: (outside as FactRefusal).field },
    { kind: 'dates-out-of-order', field: 'lines[0].on' },
  )
})

test('of several faults the first in the order of DESIGN §8 is told', () => {
  assert.equal(facts({ institutionCode: 'H9', totalFen: 1 }).kind, 'unknown-institution')
  assert.equal(facts({ totalFen: 1 }, { coverage: undefined }).kind, 'unknown-person')
})

test('a line may differ from quantity × price by one fen', () => {
  const claim = facts({
    lines: [{ ...LINE, quantity: '1.5', unitPriceFen: '133.3334', amountFen: 201 }] as never,
    totalFen: 201,
  })
  assert.ok('claimId' in claim)
})

test('the claim carries what was known: coverage, split, versions, whoever asks later', () => {
  const claim = facts({})
  assert.ok('claimId' in claim)
  assert.deepEqual(
    [claim.insuredRegion, claim.treatingRegion, claim.scheme, claim.status, claim.level],
    ['610100', '110100', 'employee', 'active', 'tier3'],
  )
  assert.deepEqual([claim.firstShareFen, claim.inScopeFen, claim.totalFen], [20n, 180n, 200n])
  assert.deepEqual([claim.coveragePosition, claim.catalogueVersion], [7n, 4n])
})

test('a claim under the new code of a renamed institution is the same claim (law 15)', () => {
  const [before, after] = [facts({}), facts({ institutionCode: 'H2' })]
  assert.ok('claimId' in before && 'claimId' in after)
  assert.equal(after.claimId, before.claimId)
  assert.equal(after.contentDigest, before.contentDigest)
})

test('the fingerprint finds the bill under another number, in another order of lines', () => {
  const lines = [LINE, { ...LINE, quantity: 1, amountFen: 100 }] as ClaimJson['lines']
  const one = facts({ lines, totalFen: 300 })
  const other = facts({
    lines: lines.toReversed(),
    totalFen: 300,
    claimNo: '2',
    institutionCode: 'H2',
  })
  assert.ok('claimId' in one && 'claimId' in other)
  assert.equal(other.fingerprint, one.fingerprint)
  assert.notEqual(other.contentDigest, one.contentDigest)
  const changed = facts({
    lines: [lines[0], { ...lines[1], on: '2025-01-10', quantity: 3, amountFen: 300 }] as never,
    totalFen: 500,
  })
  assert.ok('claimId' in changed && changed.fingerprint !== one.fingerprint)
})

test('a claim with dates that do not fit its kind, or a quantity of 0, is malformed', () => {
  const rows: readonly (readonly [string, Partial<ClaimJson>])[] = [
    ['admittedOn', { kind: 'inpatient' }],
    ['dischargedOn', { kind: 'inpatient', admittedOn: '2025-01-10' }],
    ['admittedOn', { admittedOn: '2025-01-10' }],
    ['lines[0].quantity', { lines: [{ ...LINE, quantity: 0 }] as never }],
    ['lines[0].quantity', { lines: [{ ...LINE, quantity: '0.0000' }] as never }],
  ]
  for (const [field, change] of rows) {
    const parsed = parseClaim({ ...CLAIM_JSON, ...change })
    assert.ok('rule' in parsed, field)
    assert.equal(parsed.field, field)
  }
})

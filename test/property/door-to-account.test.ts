/**
 * A claim under a policy that asks for more than the usual facts, from the door to the account:
 * what the hospital states and what coverage tells is all that the engine needs.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { decide } from '@tongchou/claims/account/decide.ts'
import { factsOfClaim } from '@tongchou/claims/account/facts.ts'
import { initialState } from '@tongchou/claims/account/state.ts'
import { PackShelf } from '@tongchou/claims/pack/shelf.ts'
import { submissionOf } from '@tongchou/claims/pack/submission.ts'
import { claimFacts } from '@tongchou/clearing/claim/facts.ts'
import type { ParsedClaim } from '@tongchou/clearing/claim/parse.ts'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { basisPoints, fen } from '@tongchou/contracts/money.ts'
import { CatalogueBook } from '@tongchou/contracts/reference/catalogues.ts'
import { applyCoverage, type CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { InstitutionBook } from '@tongchou/contracts/reference/institutions.ts'
import { PackBook } from '@tongchou/contracts/reference/packs.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { catalogueRow, enrolment, institution } from '@tongchou/contracts/testing/reference.ts'
import { businessDate } from '@tongchou/contracts/time.ts'

const REGION = '110100'
const PERSON = idFor<PersonId>('person')
const day = businessDate
const PACKS = new URL('../../contracts/policies/packs/', import.meta.url)

type Insured = {
  readonly pack: string
  readonly scheme: 'employee' | 'resident'
  readonly status: string
  readonly premiumPaidOn?: string
  /** A special disease in the register, with its days. */
  readonly disease?: readonly [code: string, from: string, to: string | null]
}

type Level = 'tier2' | 'tier3' | 'community'

type Bill = {
  readonly kind?: ParsedClaim['kind']
  readonly level?: Level
  readonly amountFen?: number
  readonly attributes?: Readonly<Record<string, string>>
}

/** Shares of the claim, or the reason of the door. */
function settled(insured: Insured, bill: Bill = {}) {
  const { pack, scheme, status, premiumPaidOn, disease } = insured
  const { level = 'tier3', amountFen = 1_000_000, attributes = {}, kind = 'inpatient' } = bill
  const written = JSON.parse(readFileSync(new URL(`${pack}.json`, PACKS), 'utf8'))
  const place = { regionCode: REGION, effectiveFrom: written.effectiveFrom ?? '2011-01-01' }
  const submission = submissionOf({ pack: written, ...place })
  assert(submission.ok, 'the pack is published')
  const told = decodeEvent(encodeEvent('PackPublished', submission.data))
  assert(told.type === 'PackPublished')
  const [packs, shelf] = [new PackBook(), new PackShelf()]
  packs.apply(told.data)
  shelf.apply(told.data)
  const enrolled = applyCoverage(undefined, {
    type: 'PersonEnrolled',
    data: enrolment({
      ...{ personId: PERSON, scheme, status, regionCode: REGION },
      coveredFrom: day('2021-01-01'),
      premiumPaidOn: premiumPaidOn === undefined ? null : day(premiumPaidOn),
    }),
  })
  const coverage = disease === undefined ? enrolled : withRegistered(enrolled, disease)
  const facts = claimFacts(claimOf({ kind, amountFen, attributes }), PERSON, {
    ...books(level),
    ...{ packs, coverage, coveragePosition: 1n, latestDay: day('2024-12-31') },
  })
  if (!('claimId' in facts)) return facts
  const plan = shelf.planInForce(REGION, scheme, facts.endOn)
  assert(plan !== undefined, 'a pack is in force')
  const { claimId, personId, institutionCode } = facts
  const data = { claimId, personId, institutionCode, facts: factsOfClaim(facts), plan }
  const decision = decide({ type: 'Adjudicate', data, meta: fixedMeta() }, initialState)
  assert(decision.accepted, 'the account adjudicates what the door takes')
  const [event] = decision.events
  assert(event?.type === 'ClaimAdjudicated')
  return event.data
}

function withRegistered(
  facts: CoverageFacts,
  [disease, from, to]: NonNullable<Insured['disease']>,
): CoverageFacts {
  const days = {
    approvedOn: day(from),
    validFrom: day(from),
    validTo: to === null ? null : day(to),
  }
  const data = { personId: PERSON, registrationNo: 'R1', disease, approvedBy: 'C', ...days }
  return applyCoverage(facts, { type: 'DiseaseRegistered', data })
}

function books(level: Level) {
  const [institutions, catalogues] = [new InstitutionBook(), new CatalogueBook()]
  const designated = institution({
    institutionCode: 'H1',
    regionCode: REGION,
    level,
  })
  const days = { agreementFrom: day('2020-01-01'), agreementTo: day('2030-12-31') }
  institutions.apply({ type: 'InstitutionDesignated', data: { ...designated, ...days } })
  const item = catalogueRow({
    itemCode: 'X1',
    validFrom: day('2020-01-01'),
    validTo: null,
    class: '甲',
    firstShareBp: basisPoints(0),
  })
  const listed = { regionCode: REGION, items: [item] }
  catalogues.apply({ type: 'CatalogueListed', version: 1, data: listed })
  return { institutions, catalogues }
}

function claimOf({ kind, amountFen, attributes }: Required<Omit<Bill, 'level'>>): ParsedClaim {
  const on = day('2024-05-01')
  const amount = fen(amountFen)
  const price = { quantityE4: 10_000n, unitPriceE4: amount * 10_000n, amountFen: amount }
  return {
    ...{ claimNo: '1', institutionCode: 'H1', personNo: 'p', kind, beginOn: on, endOn: on },
    ...{ emergency: false, doctorCode: null, diagnoses: [], useAccount: false, attributes },
    lines: [{ itemCode: 'X1', name: '药', on, ...price }],
    totalFen: amount,
  }
}

function reasonOf(answer: ReturnType<typeof settled>): string {
  assert('field' in answer, 'the door refuses')
  return 'reason' in answer ? answer.reason : answer.kind
}

function paidBy(answer: ReturnType<typeof settled>) {
  assert('claimId' in answer, 'the door takes it')
  return answer
}

describe('an adult’s stay under P04', () => {
  const adult = { pack: 'P04', scheme: 'resident', status: 'adult' } as const
  const county = { level: 'tier2' } as const

  /** @source P04-R23: three months after the payment */
  test('is paid once the waiting period is over that coverage tells of', () => {
    assert.match(reasonOf(settled(adult, county)), /premium/)
    const over = paidBy(settled({ ...adult, premiumPaidOn: '2024-02-01' }, county))
    assert(over.pooledFen > 0n)
    assert.equal(over.facts.attributes['premiumPaidOn'], '2024-02-01')
    const waiting = paidBy(settled({ ...adult, premiumPaidOn: '2024-02-02' }, county))
    assert.deepEqual([waiting.pooledFen, waiting.cashFen], [0n, 1_000_000n])
  })

  test('is paid on what the hospital states where coverage tells nothing', () => {
    const attributes = { premiumPaidOn: '2024-02-01' }
    const stated = paidBy(settled(adult, { ...county, attributes }))
    const told = paidBy(settled({ ...adult, premiumPaidOn: '2024-02-01' }, county))
    assert.equal(stated.pooledFen, told.pooledFen)
  })
})

describe('a claim under P03', () => {
  const resident = { pack: 'P03-resident', scheme: 'resident', status: 'adult' } as const

  /** @source P03-R41, capabilities CL-19; 50 % above 20,000 yuan: P03-R04, P03-R06 */
  test('for a special outpatient disease is paid between its approval and its expiry alone', () => {
    const attributes = { disease: 'M01', basicHandedOver: 'true', basicPaidFen: '0' }
    const bill = { kind: 'chronic', amountFen: 3_000_000, attributes } as const
    const paid = (code: string, from: string, to: string | null) => {
      const { catastrophicFen, cashFen } = paidBy(
        settled({ ...resident, disease: [code, from, to] }, bill),
      )
      return [catastrophicFen, cashFen]
    }
    const nothing = [0n, 3_000_000n]
    assert.deepEqual(paid('M01', '2024-05-01', null), [500_000n, 2_500_000n])
    assert.deepEqual(paid('M01', '2024-01-01', '2024-05-01'), [500_000n, 2_500_000n])
    assert.deepEqual(paid('M01', '2024-05-02', null), nothing)
    assert.deepEqual(paid('M01', '2024-01-01', '2024-04-30'), nothing)
    assert.deepEqual(paid('M02', '2024-01-01', null), nothing)
    assert.deepEqual(paidBy(settled(resident, bill)).cashFen, 3_000_000n)
  })

  /** @source P03-W1: what basic insurance paid comes with the claim */
  test('of a stay is paid on what basic insurance handed over', () => {
    const attributes = { basicHandedOver: 'true', basicPaidFen: '35000000' }
    const paid = paidBy(settled(resident, { amountFen: 60_000_000, attributes }))
    assert.deepEqual([paid.pooledFen, paid.catastrophicFen], [35_000_000n, 13_500_000n])
  })

  /** @source P03-R16 to R19: 1,500 yuan, a deductible of 500 less 300 after three years */
  test('of a visit has the deductible of the years without one', () => {
    const attributes = { reformedHospital: 'true' }
    const visit = { kind: 'outpatient', level: 'tier2', amountFen: 150_000, attributes } as const
    const paid = paidBy(settled(resident, visit))
    assert.deepEqual([paid.facts.history['noClaimYears'], paid.pooledFen], ['3', 65_000n])
  })

  test('is refused by the door, not parked, when a word or an amount is wrong', () => {
    const attributes = { basicHandedOver: 'true', basicPaidFen: 'all' }
    assert.equal(reasonOf(settled(resident, { attributes })), 'attribute-malformed')
    assert.equal(reasonOf(settled(resident, { attributes: { paid: '1' } })), 'attribute-not-asked')
    assert.match(reasonOf(settled(resident, {})), /basic insurance/)
  })
})

/** @source P05-W1: 85 % of the first 40,000 yuan above basic insurance */
test('a stay under P05 is paid on the excess that the claim states', () => {
  const retired = { pack: 'P05', scheme: 'employee', status: 'retired' } as const
  assert.match(reasonOf(settled(retired)), /basic insurance/)
  const attributes = { excessFen: '3000000' }
  const paid = paidBy(settled(retired, { amountFen: 8_000_000, attributes }))
  assert.equal(paid.otherFundFen, 2_550_000n)
})

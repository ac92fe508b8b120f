/**
 * Claims as the door submits them, for tests: everything is given a value, and a test names what it
 * is about.
 */
import type { ClaimLine, ClaimSubmitted } from '../events.generated.ts'
import type { ClaimId, PersonId } from '../id.ts'
import { basisPoints, fen, ZERO } from '../money.ts'
import { businessDate } from '../time.ts'
import { idFor } from './fixed.ts'

/**
 * A visit of 100 yuan in Beijing by a person of Xi'an, without lines: all in scope, unless told.
 */
export function submittedWith(change: Partial<ClaimSubmitted> = {}): ClaimSubmitted {
  const inScopeFen = change.inScopeFen ?? fen(10_000)
  return {
    claimId: idFor<ClaimId>('claim'),
    personId: idFor<PersonId>('person'),
    claimNo: '202501010001',
    institutionCode: 'H11010000001',
    treatingRegion: '110100',
    insuredRegion: '610100',
    institutionType: 'hospital',
    level: 'tier3',
    scheme: 'employee',
    status: 'active',
    sex: 'M',
    bornOn: businessDate('1980-05-05'),
    filings: [],
    kind: 'outpatient',
    beginOn: businessDate('2025-01-01'),
    endOn: businessDate('2025-01-01'),
    emergency: false,
    doctorCode: 'D11010000001006',
    diagnoses: ['K80.100'],
    useAccount: true,
    attributes: {},
    lines: [],
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen,
    totalFen: inScopeFen,
    coveragePosition: 1n,
    catalogueVersion: 1n,
    fingerprint: 'f'.repeat(64),
    contentDigest: 'c'.repeat(64),
    rawDigest: 'd'.repeat(64),
    ...change,
  }
}

/** A line of class 甲, without limits and all in scope, but for what is given. */
export function lineWith(change: Partial<ClaimLine> = {}): ClaimLine {
  const { amountFen = ZERO } = change
  return {
    itemCode: '110200001',
    name: '普通门诊诊查费',
    quantityE4: 10_000n,
    unitPriceE4: amountFen * 10_000n,
    amountFen,
    on: businessDate('2025-03-10'),
    class: '甲',
    firstShareBp: basisPoints(0),
    priceLimitFen: null,
    onlySex: null,
    minAge: null,
    maxAge: null,
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: amountFen,
    ...change,
  }
}

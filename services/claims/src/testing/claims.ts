/** Made-up claims of one person in Beijing, and what they are decided on. */
import type { ClaimLine, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { basisPoints, fen, ZERO } from '@tongchou/contracts/money.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import { type BusinessDate, businessDate } from '@tongchou/contracts/time.ts'

export const PERSON = idFor<PersonId>('person')
const ON = businessDate('2025-03-01')

export function claimIdFor(name: string): ClaimId {
  return idFor<ClaimId>(`claim ${name}`)
}

/** A stay of 10,000 yuan in scope at home, unless told. */
export function submittedWith(change: Partial<ClaimSubmitted> = {}): ClaimSubmitted {
  const inScopeFen = change.inScopeFen ?? fen(1_000_000)
  return {
    claimId: claimIdFor('1'),
    personId: PERSON,
    claimNo: '1',
    institutionCode: 'H11010000001',
    treatingRegion: '110100',
    insuredRegion: '110100',
    institutionType: 'hospital',
    level: 'tier3',
    scheme: 'employee',
    status: 'active',
    sex: 'F',
    bornOn: businessDate('1970-05-01'),
    filings: [],
    kind: 'inpatient',
    beginOn: ON,
    endOn: ON,
    emergency: false,
    doctorCode: 'D11010000001006',
    diagnoses: ['K80.100'],
    useAccount: false,
    attributes: {},
    lines: [lineOf('110200001', ON, inScopeFen)],
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen,
    totalFen: inScopeFen,
    coveragePosition: 1n,
    catalogueVersion: 1n,
    fingerprint: '0'.repeat(64),
    contentDigest: '0'.repeat(64),
    rawDigest: '1'.repeat(64),
    ...change,
  }
}

export function lineOf(itemCode: string, on: BusinessDate, amount: bigint): ClaimLine {
  const amountFen = fen(amount)
  return {
    itemCode,
    name: '普通门诊诊查费',
    quantityE4: 10_000n,
    unitPriceE4: amount * 10_000n,
    amountFen,
    on,
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
  }
}

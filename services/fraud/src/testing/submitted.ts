import type { ClaimLine, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { basisPoints, ZERO } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { ScoreClaim } from '../score/commands.ts'

export type SubmittedFacts = Omit<ScoreClaim['data'], 'lines'> & {
  readonly lines: readonly ClaimLine[]
}

/** A whole `ClaimSubmitted` around the facts that the score is made of. */
export function submittedOf(facts: SubmittedFacts): ClaimSubmitted {
  return {
    ...facts,
    claimNo: '202501010001',
    institutionType: 'hospital',
    level: 'tier3',
    scheme: 'employee',
    status: 'active',
    filings: [],
    emergency: false,
    doctorCode: 'D11010000001006',
    diagnoses: ['K80.100'],
    useAccount: true,
    attributes: {},
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: facts.totalFen,
    coveragePosition: 1n,
    catalogueVersion: 1n,
    contentDigest: facts.fingerprint,
    rawDigest: '',
  }
}

/** A line without limits, but for what is given. */
export function lineWith(facts: Partial<ClaimLine>): ClaimLine {
  const { amountFen = ZERO } = facts
  return {
    itemCode: '110200001',
    name: '普通门诊诊查费',
    quantityE4: 10_000n,
    unitPriceE4: 0n,
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
    ...facts,
  }
}

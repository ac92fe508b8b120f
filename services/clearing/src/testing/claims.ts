/**
 * For tests: a claim as a hospital sends it, and what becomes of that of
 * `contracts/src/testing/submitted.ts`.
 */
import type { ClaimJson } from '@tongchou/contracts/http/claim.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { basisPoints, fen, ZERO } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { Adjudication, ClaimCommand, Score } from '../claim/commands.ts'

export const CLAIM_ID = idFor<ClaimId>('claim')
export const PERSON_ID = idFor<PersonId>('person')

export const CLAIM_JSON: ClaimJson = {
  claimNo: '1',
  institutionCode: 'H1',
  personNo: 'p',
  kind: 'outpatient',
  visitedOn: '2025-01-10',
  emergency: false,
  doctorCode: 'D1',
  diagnoses: ['I10'],
  useAccount: false,
  lines: [
    {
      itemCode: 'X1',
      name: '药',
      quantity: 2,
      unitPriceFen: 100,
      amountFen: 200,
      on: '2025-01-10',
    },
  ],
  totalFen: 200,
}

export function adjudication(change: Partial<Adjudication> = {}): Adjudication {
  return {
    claimId: CLAIM_ID,
    personId: PERSON_ID,
    institutionCode: 'H11010000001',
    insuredRegion: '610100',
    treatingRegion: '110100',
    scheme: 'employee',
    status: 'active',
    kind: 'outpatient',
    endOn: businessDate('2025-01-01'),
    packHash: 'p',
    filing: 'unfiled',
    fundBp: basisPoints(5000),
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: fen(10_000n),
    deductibleFen: ZERO,
    pooledFen: fen(5000n),
    catastrophicFen: fen(300n),
    otherFundFen: fen(20n),
    accountFen: fen(680n),
    cashFen: fen(4000n),
    totalFen: fen(10_000n),
    layers: [
      { layer: 'pooled', fund: 'employee.pooled', amountFen: fen(5000n) },
      { layer: 'catastrophic', fund: 'employee.catastrophic', amountFen: fen(300n) },
      { layer: 'civilServant', fund: 'employee.civilServant', amountFen: fen(20n) },
      { layer: 'account', fund: 'employee.account', amountFen: fen(680n) },
    ],
    ...change,
  }
}

export function score(outcome: Score['outcome'] = 'pass'): Score {
  const reasons =
    outcome === 'pass'
      ? []
      : [{ rule: 'same-bill-twice', detail: 'as claim 1', otherClaimId: null } as const]
  return { claimId: CLAIM_ID, personId: PERSON_ID, score: reasons.length * 90, outcome, reasons }
}

export function commandOf<Type extends ClaimCommand['type']>(
  type: Type,
  data: Extract<ClaimCommand, { type: Type }>['data'],
): ClaimCommand {
  return { type, data, meta: fixedMeta(type) } as unknown as ClaimCommand
}

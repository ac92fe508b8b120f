/** Made-up claims of one person in Beijing, and what they are decided on. */
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { idFor } from '@tongchou/contracts/testing/fixed.ts'
import { lineWith, submittedWith as submission } from '@tongchou/contracts/testing/submitted.ts'
import { businessDate } from '@tongchou/contracts/time.ts'

export const PERSON = idFor<PersonId>('person')
const ON = businessDate('2025-03-01')

export function claimIdFor(name: string): ClaimId {
  return idFor<ClaimId>(`claim ${name}`)
}

/** A stay of 10,000 yuan in scope at home, unless told. */
export function submittedWith(change: Partial<ClaimSubmitted> = {}): ClaimSubmitted {
  const inScopeFen = change.inScopeFen ?? fen(1_000_000)
  return submission({
    claimId: claimIdFor('1'),
    personId: PERSON,
    insuredRegion: '110100',
    sex: 'F',
    bornOn: businessDate('1970-05-01'),
    kind: 'inpatient',
    beginOn: ON,
    endOn: ON,
    useAccount: false,
    lines: [lineWith({ on: ON, amountFen: inScopeFen })],
    inScopeFen,
    ...change,
  })
}

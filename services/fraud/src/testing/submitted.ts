import type { ClaimLine, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { submittedWith } from '@tongchou/contracts/testing/submitted.ts'
import type { ScoreClaim } from '../score/commands.ts'

export type SubmittedFacts = Omit<ScoreClaim['data'], 'lines'> & {
  readonly lines: readonly ClaimLine[]
}

/** A whole `ClaimSubmitted` around the facts that the score is made of. */
export function submittedOf(facts: SubmittedFacts): ClaimSubmitted {
  return submittedWith({ ...facts, inScopeFen: facts.totalFen, contentDigest: facts.fingerprint })
}

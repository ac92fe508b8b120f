/** The rules on premiums of a published pack, without the rest of it. */
import { assert } from '../../decision.ts'
import { isLanguageForm, type PolicyDocument } from '../../policy-document.ts'
import type { Problem } from '../rule/problems.ts'
import type { DuesPlan } from './plan.ts'
import { contributionOf } from './read.ts'

/**
 * Compiles a document that was loaded before, e.g. from `PackPublished`; the table form says
 * nothing of premiums. Throws AssertionFault when it is wrong.
 */
export function duesPlanOf(document: PolicyDocument): DuesPlan {
  if (!isLanguageForm(document)) {
    return { packId: `${document.region}-${document.scheme}`, contribution: null }
  }
  const { packId } = document
  const problems: Problem[] = []
  const contribution = contributionOf({ pack: document, problems })
  assert(problems.length === 0, 'premiums of a policy that was never loaded are compiled')
  return { packId, contribution }
}

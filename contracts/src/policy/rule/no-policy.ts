/** Why nothing is computed. */
import type { Text } from '../../policy-document.ts'
import type { Source } from './plan.ts'

/**
 * Why no policy computes the claim. `path` names the place in the policy that would have to say
 * it.
 */
export type NoPolicy = {
  readonly kind: 'no-policy'
  readonly because: 'not-in-force' | 'other-region' | 'other-scheme' | 'unknown'
  readonly packId: string
  readonly path: string
  readonly missing: Text
  readonly sources: readonly Source[]
}

/** Why account money does not move. */
import type { Fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { NoPolicy } from '../../policy/outcome.ts'

/** The place in a policy that would have to say it; `none-in-force`: there is no policy. */
export type NoPolicyRefusal = {
  readonly kind: 'no-policy'
  readonly region: string
  readonly scheme: string
  readonly on: BusinessDate
  readonly because: NoPolicy['because'] | 'none-in-force'
  readonly path: string
  readonly missing: NoPolicy['missing']
}

/** In the order in which they are checked. */
export type MovementRefusal =
  | { readonly kind: 'unknown-account' }
  | { readonly kind: 'other-region' }
  | { readonly kind: 'own-relative' }
  /** Names what differs. */
  | { readonly kind: 'movement-number-reused'; readonly differs: readonly string[] }
  /** Nothing was credited under the number, or it was taken back. */
  | { readonly kind: 'unknown-credit'; readonly creditNo: string }
  | { readonly kind: 'credit-on-card'; readonly movementNo: string }
  | NoPolicyRefusal
  | { readonly kind: 'purpose-not-allowed'; readonly purpose: string }
  | { readonly kind: 'not-a-relative' }
  | { readonly kind: 'withdrawal-not-allowed'; readonly inpatientCostFen: Fen }
  | { readonly kind: 'same-region'; readonly regionCode: string }
  | { readonly kind: 'balance-too-low'; readonly balanceFen: Fen; readonly amountFen: Fen }

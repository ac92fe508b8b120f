/** What may be asked of account money beyond claims. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { AccountMoved, RelativeRegistered } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { AccountPurpose } from '@tongchou/contracts/policy/language.ts'
import type { Plan } from '../../policy/plan/plan.ts'

/** By kind; amounts that are not asked for follow from the account or the policy. */
export type Movement =
  | {
      readonly kind: 'payment'
      readonly purpose: AccountPurpose
      /** A registered relative; null: the person. */
      readonly forPersonId: PersonId | null
      readonly payee: string
      readonly amountFen: Fen
    }
  /** Null: the whole balance. */
  | { readonly kind: 'withdrawal'; readonly amountFen: Fen | null }
  /** The whole balance, to the heir; null: there is none, and it goes to the pooled fund. */
  | { readonly kind: 'inheritance'; readonly heirId: PersonId | null }
  | { readonly kind: 'card'; readonly creditNo: string }
  | { readonly kind: 'transfer'; readonly toRegion: string }

type Acting = {
  readonly personId: PersonId
  /** Null: the centre, which acts for every region. */
  readonly actingRegion: string | null
}

export type MoveAccount = {
  readonly type: 'MoveAccount'
  readonly data: Acting & {
    readonly movementNo: AccountMoved['movementNo']
    readonly movement: Movement
    /** In force today where the person is insured; null: none is. */
    readonly plan: Plan | null
  }
  readonly meta: CommandMeta
}

export type RegisterRelative = {
  readonly type: 'RegisterRelative'
  readonly data: Acting & Pick<RelativeRegistered, 'relativeId' | 'relation'>
  readonly meta: CommandMeta
}

export type MovementCommand = MoveAccount | RegisterRelative

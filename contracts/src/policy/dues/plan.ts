/** The compiled rules on premiums. */
import type { BasisPoints, Fen } from '../../money.ts'
import type { Leaf, Rule } from '../rule/plan.ts'

export type DueAmount =
  | { readonly kind: 'fixed'; readonly amountFen: Fen }
  | { readonly kind: 'ofBase'; readonly rateBp: BasisPoints }

export type Due = {
  readonly id: string
  readonly payer: string
  readonly to: string
  readonly when: Rule<boolean> | null
  readonly amount: Rule<DueAmount>
  /** Parts, by id, that this one is the rest of. */
  readonly less: readonly string[]
  readonly withinBase: boolean
}

/** Where the base is not counted, parts of it are 0. */
export type ContributionBase = { readonly counts: Rule<boolean> | null } & (
  | {
      readonly kind: 'wage'
      readonly floorBp: Leaf<number>
      readonly ceilingBp: Leaf<number>
    }
  | { readonly kind: 'stated'; readonly amount: Rule<Fen> }
  | { readonly kind: 'given'; readonly name: string; readonly absent: Leaf<Fen> }
)

export type ContributionPlan = {
  readonly per: 'month' | 'year'
  readonly base: ContributionBase | null
  readonly dues: readonly Due[]
  /** Month and day, `MM-DD`, on which the year's money is due. */
  readonly dueOn: Rule<string> | null
  readonly lateFee: {
    readonly noticeDays: Rule<number>
    readonly perDayBp: Leaf<number>
  } | null
}

/** What computing premiums needs of a policy. */
export type DuesPlan = {
  readonly packId: string
  readonly contribution: ContributionPlan | null
}

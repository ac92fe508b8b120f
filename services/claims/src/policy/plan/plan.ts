/**
 * The compiled policy: what both written forms become, and all that the engine knows of a policy.
 */
import type { Fen } from '@tongchou/contracts/money.ts'
import type { ContributionPlan } from '@tongchou/contracts/policy/dues/plan.ts'
import type { Leaf, Rate, Rule, Source } from '@tongchou/contracts/policy/rule/plan.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Kind, Scheme } from '../facts.ts'
import type { OwnName, TotalName } from '../totals.ts'
import type {
  FundPlan,
  Guard,
  History,
  PersonalAccountPlan,
  RiskReservePlan,
} from './money-plan.ts'

export type {
  Choice,
  FactName,
  Leaf,
  Ranges,
  Rate,
  Rule,
  Source,
} from '@tongchou/contracts/policy/rule/plan.ts'

export type Band = {
  /** End of the band, included; null: no end. */
  readonly to: Rule<Fen> | null
  readonly rate: Rule<Rate>
  /** Percentage points added to the fund's share, and taken from it. */
  readonly plus: readonly Rule<Rate>[]
  readonly minus: readonly Rule<Rate>[]
  /** Factors, after the points, one after the other. */
  readonly times: readonly Rule<Rate>[]
  /** The fund's share is never below it, whatever points and factors say. */
  readonly floor: Rule<Rate> | null
}

export type CapKind =
  | 'fundPayment'
  | 'eligibleAboveDeductible'
  | 'eligibleExpense'
  | 'costIncludingPersonShare'

/**
 * `fundPayment` limits what the counted totals have paid; the other three end the bands on their
 * measure.
 */
export type Cap = {
  readonly kind: CapKind
  readonly amount: Rule<Fen | 'unlimited'>
  readonly counts: readonly TotalName[]
  /** Attributes that raise the cap by their amount; one that the claim lacks adds nothing. */
  readonly plus: readonly string[]
  /** Limits of the person's diseases raise it too. */
  readonly diseases: DiseaseLimits | null
}

export type DiseaseLimits = {
  /** Attribute that lists codes, with `;` between them. */
  readonly attribute: string
  readonly limits: ReadonlyMap<string, Rule<Fen>>
  readonly others: Rule<Rate>
  /** A disease for which no limit is given. */
  readonly absent: Leaf<Fen>
}

export type Payer = 'pooled' | 'catastrophic' | 'largeAmount' | 'civilServant' | 'assistance'

/** Which part of the claim a layer shares: `layer` is the index of an earlier one. */
export type Basis =
  | { readonly kind: 'inScope' | 'aboveDeductible' | 'unpaid' | 'firstShare' | 'overLimit' }
  | {
      readonly kind: 'cutByCap' | 'coinsurance' | 'beyond' | 'paidBy'
      readonly layer: number
    }
  | { readonly kind: 'given'; readonly attribute: string; readonly absent: Leaf<Fen> }

export type Layer = {
  readonly id: string
  readonly payer: Payer
  readonly payerFund: string
  readonly when: Rule<boolean> | null
  readonly of: Basis
  /** The running total on which the bands lie; null: they lie on the claim alone. */
  readonly measure: TotalName | null
  readonly from: Rule<Fen> | null
  readonly bands: readonly Band[]
  readonly remoteFactor: boolean
  readonly cap: Cap | null
  readonly path: string
}

export type Deductible = {
  readonly per: 'stay' | 'year' | 'visit'
  readonly count: 'all' | 'sameLevel'
  readonly ladder: Rule<readonly Fen[]>
  readonly maxPerYear: Rule<Fen> | null
  /** The part of the first entry that later stays bear. */
  readonly later: Rule<Rate> | null
  readonly lowered: { readonly when: Rule<boolean>; readonly to: Rule<readonly Fen[]> } | null
  /** Attribute: borne before a transfer in the same episode. */
  readonly less: string | null
  readonly path: string
}

/** Entitled from the day on that lies so many calendar months after the day of the attribute. */
export type Waiting = {
  readonly since: string
  readonly months: Rule<number>
  readonly absent: Leaf<boolean>
}

/** A running total of the policy's own: what a claim of these kinds adds where the flag holds. */
export type Counter = {
  readonly name: OwnName
  readonly kinds: readonly Kind[]
  readonly when: Rule<boolean> | null
  /** Of each benefit, because layers are named within it; null: it adds nothing there. */
  readonly of: Readonly<Record<Kind, Basis | null>>
}

export type AccountUse = {
  readonly pays: 'allButFullSelf' | 'inScopeShare'
  /** Attribute: of the balance, what it may not pay from; none: the whole balance pays. */
  readonly less: string | null
  readonly sources: readonly Source[]
  readonly readings: readonly Text[]
  readonly path: string
}

export type Benefit = {
  readonly kind: 'benefit'
  readonly covered: readonly Rule<boolean>[]
  readonly waiting: Waiting | null
  readonly deductible: Deductible | null
  readonly layers: readonly Layer[]
  readonly account: AccountUse | null
  /** A rate 0 of the pooled fund means: nothing is paid and no deductible is used. */
  readonly zeroRateIsNotCovered: boolean
}

/** A kind of claim for which the policy has no computable rule. */
export type Gap = {
  readonly kind: 'gap'
  readonly missing: Text
  readonly sources: readonly Source[]
  readonly path: string
}

export type Plan = {
  readonly packId: string
  /** SHA-256 of the canonical JSON of the document, hex. */
  readonly hash: string
  readonly form: 'table' | 'language'
  readonly name: Text
  /** Null: of no one scheme; such a pack computes no claim. */
  readonly scheme: Scheme | null
  /** Null: bound to no region by its source. */
  readonly region: string | null
  readonly effectiveFrom: BusinessDate | null
  readonly effectiveTo: BusinessDate | null
  readonly statuses: readonly string[]
  readonly deemedFiledFor: ReadonlySet<string>
  readonly remoteFactor: Rule<Rate> | null
  readonly benefits: Readonly<Record<Kind, Benefit | Gap>>
  readonly counters: readonly Counter[]
  readonly history: readonly History[]
  /** Of the limits of a person's further chronic diseases, the part that is added. */
  readonly chronicOthers: Rule<Rate> | null
  readonly personalAccount: PersonalAccountPlan | null
  readonly contribution: ContributionPlan | null
  readonly riskReserve: RiskReservePlan | null
  readonly fund: FundPlan
  readonly guards: readonly Guard[]
  readonly supersedes: string | null
  readonly basedOn: { readonly packId: string; readonly hash: string } | null
  readonly assumptions: readonly Text[]
}

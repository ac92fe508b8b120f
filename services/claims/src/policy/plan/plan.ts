/**
 * The compiled policy: what both written forms become, and all that the engine knows of a policy.
 */
import type { BasisPoints, Fen } from '@tongchou/contracts/money.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Kind, Scheme } from '../facts.ts'
import type { FenTotal } from '../totals.ts'

export type Source = {
  readonly document: string
  readonly clause: string
  readonly quote: string | null
}

/**
 * A figure with its origin. `value` null: no source gives it, and `missing` says what is not
 * known.
 */
export type Leaf<T> = {
  readonly kind: 'leaf'
  readonly value: T | null
  readonly path: string
  readonly sources: readonly Source[]
  readonly readings: readonly Text[]
  readonly missing: Text
}

export type FactName =
  | 'status'
  | 'level'
  | 'filing'
  | 'year'
  | 'age'
  | { readonly attribute: string; readonly fallback: string | null }

/** A choice by one fact. A value that has no entry leads to `otherwise`, by default an unknown. */
export type Choice<T> = {
  readonly kind: 'choice'
  readonly fact: FactName
  readonly of: ReadonlyMap<string, Rule<T>>
  readonly otherwise: Rule<T>
  readonly path: string
}

/** A choice by age: the first range whose end is not below it. */
export type Ranges<T> = {
  readonly kind: 'ranges'
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly rule: Rule<T> }[]
  readonly otherwise: Leaf<T>
  readonly path: string
}

export type Rule<T> = Leaf<T> | Choice<T> | Ranges<T>

/**
 * The source states either the fund's or the person's share; that one is rounded, the other is
 * the rest.
 */
export type Rate = { readonly whose: 'fund' | 'person'; readonly bp: BasisPoints }

export type Band = {
  /** End of the band, included; null: no end. */
  readonly to: Rule<Fen> | null
  readonly rate: Rule<Rate>
  /** Points added to the fund's share. */
  readonly plus: readonly Rule<Rate>[]
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
  readonly counts: readonly FenTotal[]
}

export type Payer = 'pooled' | 'catastrophic' | 'largeAmount' | 'civilServant' | 'assistance'

/** Which part of the claim a layer shares: `layer` is the index of an earlier one. */
export type Basis =
  | { readonly kind: 'inScope' | 'aboveDeductible' | 'unpaid' }
  | { readonly kind: 'cutByCap' | 'coinsurance'; readonly layer: number }

export type Layer = {
  readonly id: string
  readonly payer: Payer
  readonly payerFund: string
  readonly when: Rule<boolean> | null
  readonly of: Basis
  /** The running total on which the bands lie; null: they lie on the claim alone. */
  readonly measure: FenTotal | null
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
  readonly path: string
}

export type AccountUse = {
  readonly pays: 'allButFullSelf' | 'inScopeShare'
  readonly sources: readonly Source[]
  readonly readings: readonly Text[]
  readonly path: string
}

export type Benefit = {
  readonly kind: 'benefit'
  readonly covered: readonly Rule<boolean>[]
  readonly deductible: Deductible | null
  readonly layers: readonly Layer[]
  readonly account: AccountUse | null
  /** The first layer's rate 0 means: nothing is paid and no deductible is used. */
  readonly zeroRateIsNotCovered: boolean
}

/** A kind of claim for which the policy has no computable rule. */
export type Gap = {
  readonly kind: 'gap'
  readonly missing: Text
  readonly sources: readonly Source[]
  readonly path: string
}

export type DueAmount =
  | { readonly kind: 'fixed'; readonly amountFen: Fen }
  | { readonly kind: 'ofBase'; readonly rateBp: BasisPoints }

export type Due = {
  readonly id: string
  readonly payer: string
  readonly to: string
  readonly when: Rule<boolean> | null
  readonly amount: Rule<DueAmount>
}

export type ContributionPlan = {
  readonly base: {
    readonly counts: Rule<boolean>
    readonly floorBp: Leaf<number>
    readonly ceilingBp: Leaf<number>
  } | null
  readonly dues: readonly Due[]
}

export type RiskReservePlan = {
  readonly drawBp: Leaf<number>
  readonly ceilingBp: Leaf<number>
}

export type Plan = {
  readonly packId: string
  /** SHA-256 of the canonical JSON of the document, hex. */
  readonly hash: string
  readonly form: 'table' | 'language'
  readonly name: Text
  readonly scheme: Scheme
  /** Null: bound to no region by its source. */
  readonly region: string | null
  readonly effectiveFrom: BusinessDate | null
  readonly effectiveTo: BusinessDate | null
  readonly statuses: readonly string[]
  readonly deemedFiledFor: ReadonlySet<string>
  readonly remoteFactor: Rule<Rate> | null
  readonly benefits: Readonly<Record<Kind, Benefit | Gap>>
  readonly contribution: ContributionPlan | null
  readonly riskReserve: RiskReservePlan | null
  readonly assumptions: readonly Text[]
}

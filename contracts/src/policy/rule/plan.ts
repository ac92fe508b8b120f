/** A rule of a policy as it is compiled: a figure with its origin, or a choice by a fact. */
import type { BasisPoints } from '../../money.ts'
import type { Text } from '../../policy-document.ts'
import type { TotalName } from './totals.ts'

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
  | 'date'
  | 'kind'
  | 'emergency'
  | { readonly attribute: string; readonly fallback: string | null }
  | { readonly total: TotalName }

/** A choice by one fact. A value that has no entry leads to `otherwise`, by default an unknown. */
export type Choice<T> = {
  readonly kind: 'choice'
  readonly fact: FactName
  readonly of: ReadonlyMap<string, Rule<T>>
  readonly otherwise: Rule<T>
  readonly path: string
}

/**
 * A choice by age, date (as the number YYYYMMDD), running total or attribute: the range that holds
 * it, both ends included.
 */
export type Ranges<T> = {
  readonly kind: 'ranges'
  readonly fact: FactName
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly rule: Rule<T> }[]
  readonly otherwise: Rule<T>
  readonly path: string
}

export type Rule<T> = Leaf<T> | Choice<T> | Ranges<T>

/**
 * The source states either the fund's or the person's share; that one is rounded, the other is
 * the rest.
 */
export type Rate = { readonly whose: 'fund' | 'person'; readonly bp: BasisPoints }

/** What was computed with: a figure of the policy, its origin, and how products are rounded. */
import type { Rounding } from '../../money.ts'
import type { Text } from '../../policy-document.ts'
import type { Leaf, Source } from './plan.ts'

/** The rounding of every product of an amount and a rate. */
export const ROUNDING: Rounding = 'half-up'

export type StepValue = bigint | number | string | boolean | null

/** A figure of the policy that the step used, with its origin. */
export type StepFigure = {
  readonly path: string
  readonly value: StepValue
  readonly sources: readonly Source[]
  readonly readings: readonly Text[]
}

/** The figure of a leaf for an explanation, its value in a plain form. */
export function figureOf<T>(leaf: Leaf<T>, value: StepValue): StepFigure {
  const { path, sources, readings } = leaf
  return { path, value, sources, readings }
}

/** Steps as a tree: each names the step whose result it goes into. */
import type { Step } from '../policy/layers/steps.ts'

/** `of`: number of the step that this one is a part of; null for the last, the whole claim. */
export type Place = { readonly number: number; readonly of: number | null }

/**
 * The last step of a part (the deductible, a layer, the account) is its result; the results of all
 * parts go into the last step, what is paid in cash.
 */
export function placesOf(steps: readonly Pick<Step, 'layer'>[]): readonly Place[] {
  const results = new Map(steps.map(({ layer }, at) => [layer, at + 1]))
  return steps.map(({ layer }, at) => {
    const number = at + 1
    const result = results.get(layer) ?? number
    if (result !== number) return { number, of: result }
    return { number, of: number === steps.length ? null : steps.length }
  })
}

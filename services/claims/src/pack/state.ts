/**
 * One pack, named by its content: published once, for one region and one time, and kept for ever.
 */
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import type { PackEvent } from './events.ts'

export type PackState =
  | { readonly status: 'none' }
  | { readonly status: 'published'; readonly place: Place }

/** What the content need not say itself. */
export type Place = Pick<PackPublished, 'regionCode' | 'effectiveFrom' | 'effectiveTo'>

export const initialState: PackState = { status: 'none' }

export function evolve(_state: PackState, { data }: PackEvent): PackState {
  const { regionCode, effectiveFrom, effectiveTo } = data
  return { status: 'published', place: { regionCode, effectiveFrom, effectiveTo } }
}

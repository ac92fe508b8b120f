import { accept, type Decision, refuse } from '@tongchou/contracts/decision.ts'
import type { PublishPack } from './commands.ts'
import type { PackEvent } from './events.ts'
import type { PackState, Place } from './state.ts'

export type PackRefusal = { readonly kind: 'pack-known'; readonly packHash: string } & Place

export type PackDecision = Decision<PackEvent, PackRefusal>

/**
 * The same pack again is nothing new. Refuses `pack-known`: the same content is published for
 * another region or other days, which only its text could tell apart in an explanation.
 */
export function decide({ data }: PublishPack, state: PackState): PackDecision {
  if (state.status === 'none') return accept({ type: 'PackPublished', data })
  const { regionCode, effectiveFrom, effectiveTo } = state.place
  const same =
    data.regionCode === regionCode &&
    data.effectiveFrom === effectiveFrom &&
    data.effectiveTo === effectiveTo
  if (same) return accept()
  return refuse({ kind: 'pack-known', packHash: data.packHash, ...state.place })
}

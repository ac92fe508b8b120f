/**
 * Published policy packs as every replica knows them: which one is in force, and what it cannot
 * compute.
 */
import type { PackPublished } from '../events.generated.ts'
import type { BusinessDate } from '../time.ts'
import { within } from '../time.ts'

export type PackInForce = Pick<
  PackPublished,
  'packHash' | 'regionCode' | 'scheme' | 'effectiveFrom' | 'effectiveTo' | 'cannotCompute'
>

export class PackBook {
  readonly #byPlace = new Map<string, PackInForce[]>()

  /** Packs are immutable: the same hash again changes nothing. */
  apply(data: PackPublished): void {
    const place = `${data.regionCode}/${data.scheme}`
    const packs = this.#byPlace.get(place) ?? []
    if (packs.some(pack => pack.packHash === data.packHash)) return
    const { packHash, regionCode, scheme, effectiveFrom, effectiveTo, cannotCompute } = data
    packs.push({ packHash, regionCode, scheme, effectiveFrom, effectiveTo, cannotCompute })
    this.#byPlace.set(place, packs)
  }

  /**
   * The pack of the latest activation on or before the day; of two with the same day, the later
   * published.
   */
  inForce(regionCode: string, scheme: string, on: BusinessDate): PackInForce | undefined {
    let best: PackInForce | undefined
    for (const pack of this.#byPlace.get(`${regionCode}/${scheme}`) ?? []) {
      if (!within(on, pack.effectiveFrom, pack.effectiveTo)) continue
      if (best === undefined || pack.effectiveFrom >= best.effectiveFrom) best = pack
    }
    return best
  }
}

/** Why the pack refuses this kind of claim; undefined when it computes it. `*` stands for any. */
export function gapOf(
  pack: PackInForce,
  claim: { readonly kind: string; readonly status: string; readonly level: string | null },
): string | undefined {
  const gap = pack.cannotCompute.find(
    ({ kind, status, level }) =>
      kind === claim.kind &&
      (status === '*' || status === claim.status) &&
      (level === '*' || level === claim.level),
  )
  return gap?.reason
}

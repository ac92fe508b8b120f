/**
 * Published policy packs as every replica knows them: which one is in force, and what it cannot
 * compute.
 */
import type { PackPublished } from '../events.generated.ts'
import type { BusinessDate } from '../time.ts'
import { within } from '../time.ts'

export type PackInForce = Pick<
  PackPublished,
  'packHash' | 'regionCode' | 'effectiveFrom' | 'effectiveTo' | 'cannotCompute' | 'attributes'
> & { readonly scheme: NonNullable<PackPublished['scheme']> }

export class PackBook {
  readonly #byPlace = new Map<string, PackInForce[]>()

  /**
   * Packs are immutable: the same hash again changes nothing. One of no one scheme is in force for
   * no claim.
   */
  apply(data: PackPublished): void {
    if (data.scheme === null) return
    const place = `${data.regionCode}/${data.scheme}`
    const packs = this.#byPlace.get(place) ?? []
    if (packs.some(pack => pack.packHash === data.packHash)) return
    const { packHash, regionCode, scheme, effectiveFrom, effectiveTo } = data
    const { cannotCompute, attributes } = data
    packs.push({
      packHash,
      regionCode,
      scheme,
      effectiveFrom,
      effectiveTo,
      cannotCompute,
      attributes,
    })
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

/**
 * Why the pack refuses this kind of claim; undefined when it computes it. `*` stands for any; an
 * attribute of the claim may lift a refusal.
 */
export function gapOf(
  pack: Pick<PackInForce, 'cannotCompute'>,
  claim: {
    readonly kind: string
    readonly status: string
    readonly level: string | null
    readonly attributes: Readonly<Record<string, string>>
  },
): string | undefined {
  const gap = pack.cannotCompute.find(
    ({ kind, status, level, unless }) =>
      kind === claim.kind &&
      (status === '*' || status === claim.status) &&
      (level === '*' || level === claim.level) &&
      !unless.some(condition => holds(condition, claim.attributes)),
  )
  return gap?.reason
}

/** `name`: the claim has it, whatever its value; `name=value`: it has this value. */
function holds(condition: string, attributes: Readonly<Record<string, string>>): boolean {
  const at = condition.indexOf('=')
  if (at < 0) return Object.hasOwn(attributes, condition)
  const name = condition.slice(0, at)
  return Object.hasOwn(attributes, name) && attributes[name] === condition.slice(at + 1)
}

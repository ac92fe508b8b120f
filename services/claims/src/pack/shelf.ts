/**
 * Every published pack as this process knows it, compiled when first used. Filled from the
 * service's own log.
 */
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import type { PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import { PackBook } from '@tongchou/contracts/reference/packs.ts'
import { type BusinessDate, within } from '@tongchou/contracts/time.ts'
import { compile } from '../policy/plan/compile.ts'
import type { Plan } from '../policy/plan/plan.ts'

type Kept = { readonly published: PackPublished; plan: Plan | null }

export class PackShelf {
  readonly #book = new PackBook()
  readonly #packs = new Map<string, Kept>()

  /** The same packs, plans and all: what is put on it is not put on this one. */
  copy(): PackShelf {
    const copied = new PackShelf()
    for (const [packHash, kept] of this.#packs) {
      copied.#packs.set(packHash, kept)
      copied.#book.apply(kept.published)
    }
    return copied
  }

  /** In the order of publication; the same pack again changes nothing. */
  apply(published: PackPublished): void {
    if (this.#packs.has(published.packHash)) return
    this.#packs.set(published.packHash, { published, plan: null })
    this.#book.apply(published)
  }

  /** The plan of the pack in force on the day; undefined when there is none. */
  planInForce(regionCode: string, scheme: string, on: BusinessDate): Plan | undefined {
    const pack = this.inForce(regionCode, scheme, on)
    return pack === undefined ? undefined : this.planOf(pack.packHash)
  }

  inForce(regionCode: string, scheme: string, on: BusinessDate): PackPublished | undefined {
    const pack = this.#book.inForce(regionCode, scheme, on)
    return pack === undefined ? undefined : this.publishedOf(pack.packHash)
  }

  /** Throws AssertionFault when a pack that was accepted once no longer compiles. */
  planOf = (packHash: string): Plan | undefined => {
    const kept = this.#packs.get(packHash)
    if (kept === undefined) return undefined
    kept.plan ??= compile(documentOf(kept.published))
    return kept.plan
  }

  /** What was published under the hash. */
  documentNamed = (packHash: string): PolicyDocument | undefined => {
    const published = this.publishedOf(packHash)
    return published === undefined ? undefined : documentOf(published)
  }

  publishedOf(packHash: string): PackPublished | undefined {
    return this.#packs.get(packHash)?.published
  }

  isInForce(pack: PackPublished, on: BusinessDate): boolean {
    const { packHash, regionCode, scheme, effectiveFrom, effectiveTo } = pack
    if (scheme === null) return within(on, effectiveFrom, effectiveTo)
    return this.#book.inForce(regionCode, scheme, on)?.packHash === packHash
  }

  /** All packs, by `sortKey`. */
  all(): readonly PackPublished[] {
    return [...this.#packs.values()]
      .map(({ published }) => published)
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  }
}

/** By region, scheme and activation; different for every pack. */
export function sortKey({ regionCode, scheme, effectiveFrom, packHash }: PackPublished): string {
  return `${regionCode}-${scheme ?? 'all'}-${effectiveFrom}-${packHash}`
}

/** The document in the event; it was checked before it was published. */
export function documentOf({ pack }: Pick<PackPublished, 'pack'>): PolicyDocument {
  return JSON.parse(pack) as PolicyDocument
}

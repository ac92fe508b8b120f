/** The rules on premiums of every published pack, compiled when first used. */
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import { duesPlanOf } from '@tongchou/contracts/policy/dues/compile.ts'
import type { DuesPlan } from '@tongchou/contracts/policy/dues/plan.ts'
import type { PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import { PackBook } from '@tongchou/contracts/reference/packs.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

export type DuesPack = { readonly packHash: string; readonly plan: DuesPlan }

export class DuesShelf {
  readonly #book = new PackBook()
  readonly #texts = new Map<string, string>()
  readonly #plans = new Map<string, DuesPlan>()

  /** In the order of publication; the same pack again changes nothing. */
  apply(published: PackPublished): void {
    this.#texts.set(published.packHash, published.pack)
    this.#book.apply(published)
  }

  /** Undefined when no pack is in force. */
  inForce(regionCode: string, scheme: string, on: BusinessDate): DuesPack | undefined {
    const pack = this.#book.inForce(regionCode, scheme, on)
    return pack === undefined ? undefined : this.named(pack.packHash)
  }

  /** Undefined when no such pack was published. */
  named(packHash: string): DuesPack | undefined {
    const text = this.#texts.get(packHash)
    if (text === undefined) return undefined
    const plan = this.#plans.get(packHash) ?? compiled(text)
    this.#plans.set(packHash, plan)
    return { packHash, plan }
  }
}

/** The document was checked before it was published. */
function compiled(text: string): DuesPlan {
  return duesPlanOf(JSON.parse(text) as PolicyDocument)
}

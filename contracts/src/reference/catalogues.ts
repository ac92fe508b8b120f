/** The catalogue of every treating region, folded from the catalogue topic. */
import type { CatalogueItem } from '../events.generated.ts'
import type { BusinessDate } from '../time.ts'
import { within } from '../time.ts'
import type { TOPICS } from '../topics.ts'
import type { EventOn } from './event.ts'

/** `version` is the event's number in the stream of its region. */
export type CatalogueEvent = EventOn<typeof TOPICS.catalogue> & { readonly version: number }

/** Rows of one item, by first day; they do not overlap. */
export type ItemRows = readonly CatalogueItem[]

/** Rows of an item after one more: a row for the same first day takes the other's place. */
export function withRow(rows: ItemRows, row: CatalogueItem): ItemRows {
  const others = rows.filter(({ validFrom }) => validFrom !== row.validFrom)
  return [...others, row].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
}

/** The row of an item that is valid on a day. */
export function rowOn(rows: ItemRows, on: BusinessDate): CatalogueItem | undefined {
  return rows.find(({ validFrom, validTo }) => within(on, validFrom, validTo))
}

type Catalogue = { version: bigint; readonly items: Map<string, ItemRows> }

/** All catalogues in memory. */
export class CatalogueBook {
  readonly #regions = new Map<string, Catalogue>()

  apply(event: CatalogueEvent): void {
    const { regionCode, items } = event.data
    const catalogue = this.#regions.get(regionCode) ?? { version: 0n, items: new Map() }
    this.#regions.set(regionCode, catalogue)
    catalogue.version = BigInt(event.version)
    for (const item of items) {
      catalogue.items.set(item.itemCode, withRow(catalogue.items.get(item.itemCode) ?? [], item))
    }
  }

  /** The row of the region's catalogue that is valid on a day. */
  itemOn(regionCode: string, itemCode: string, on: BusinessDate): CatalogueItem | undefined {
    const rows = this.#regions.get(regionCode)?.items.get(itemCode)
    return rows === undefined ? undefined : rowOn(rows, on)
  }

  /**
   * Number of the last event of the region's catalogue stream that stands in the book; 0 = no
   * catalogue.
   */
  version(regionCode: string): bigint {
    return this.#regions.get(regionCode)?.version ?? 0n
  }

  /** Rows of a region by item code and first day. */
  *rowsOf(regionCode: string): Generator<CatalogueItem> {
    for (const [, rows] of [...(this.#regions.get(regionCode)?.items ?? [])].toSorted(byCode)) {
      yield* rows
    }
  }
}

function byCode(a: readonly [string, ItemRows], b: readonly [string, ItemRows]): number {
  return a[0] === b[0] ? 0 : a[0] < b[0] ? -1 : 1
}

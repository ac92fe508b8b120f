/** One row an item of a region with all its rows in time: what is listed by day. */

import type { CatalogueItem } from '@tongchou/contracts/events.generated.ts'
import type { CatalogueItemJson } from '@tongchou/contracts/http/reference/catalogue.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'

export type CatalogueItemRow = {
  readonly regionCode: string
  readonly itemCode: string
  /** JSON array of the item's rows as the doors tell them, by first day. */
  readonly rows: string
}

export const catalogueItemView: View<CatalogueItemRow> = {
  name: 'catalogue_item',
  topic: TOPICS.catalogue,
  columns: { regionCode: 'text', itemCode: 'text', rows: 'json' },
  key: ['regionCode', 'itemCode'],
  indexes: [],
  version: 1,
  project,
}

/** The item's row that is valid on a day. */
export function itemOn(
  { rows }: CatalogueItemRow,
  on: BusinessDate,
): CatalogueItemJson | undefined {
  const items = JSON.parse(rows) as readonly CatalogueItemJson[]
  return items.find(
    ({ validFrom, validTo }) => validFrom <= on && (validTo === null || on <= validTo),
  )
}

function project(event: Recorded): readonly Change<CatalogueItemRow>[] {
  if (event.type !== 'CatalogueListed') return []
  const { regionCode, items } = event.data
  return items.map(item => ({
    key: [regionCode, item.itemCode],
    apply: row => ({
      regionCode,
      itemCode: item.itemCode,
      rows: JSON.stringify(withItem(row === undefined ? [] : JSON.parse(row.rows), item)),
    }),
  }))
}

function withItem(
  rows: readonly CatalogueItemJson[],
  item: CatalogueItem,
): readonly CatalogueItemJson[] {
  const others = rows.filter(({ validFrom }) => validFrom !== item.validFrom)
  return [...others, itemJson(item)].toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
}

function itemJson(item: CatalogueItem): CatalogueItemJson {
  const { unitPriceFen, priceLimitFen, firstShareBp, itemCode, name, kind } = item
  const { onlySex, minAge, maxAge, validFrom, validTo } = item
  return {
    itemCode,
    name,
    kind,
    class: item.class,
    unitPriceFen: fenToJson(unitPriceFen),
    firstShareBp,
    priceLimitFen: priceLimitFen === null ? null : fenToJson(priceLimitFen),
    onlySex,
    minAge,
    maxAge,
    validFrom,
    validTo,
  }
}

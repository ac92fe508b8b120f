import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { CatalogueItem } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { fen } from '@tongchou/contracts/money.ts'
import type { ItemRows } from '@tongchou/contracts/reference/catalogues.ts'
import { withRow } from '@tongchou/contracts/reference/catalogues.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import type { ListCatalogueItems } from './commands.ts'

export type CatalogueEvent = EventOf<'CatalogueListed'>

/** Rows of each item code. */
export type CatalogueState = ReadonlyMap<string, ItemRows>

/** 100 million yuan for one unit. */
export const PRICE_FEN_MAX = fen(10_000_000_000n)

/** Why one row is refused; each names the item. */
export type RowRefusal =
  | {
      readonly kind: 'period-reversed'
      readonly itemCode: string
      readonly field: 'validTo'
      readonly from: BusinessDate
      readonly to: BusinessDate
    }
  | {
      readonly kind: 'price-out-of-bounds'
      readonly itemCode: string
      readonly field: 'unitPriceFen' | 'priceLimitFen'
      readonly maximumFen: Fen
    }
  | { readonly kind: 'ages-reversed'; readonly itemCode: string; readonly field: 'maxAge' }
  /** The same item and first day, other content. */
  | {
      readonly kind: 'item-listed-otherwise'
      readonly itemCode: string
      readonly validFrom: BusinessDate
      readonly differs: readonly string[]
    }
  /** Names the row that is in the way. */
  | {
      readonly kind: 'item-overlaps'
      readonly itemCode: string
      readonly validFrom: BusinessDate
      readonly validTo: BusinessDate | null
    }

/** All rows of the command that are refused: without them the command would be accepted. */
export type CatalogueRefusal = {
  readonly kind: 'rows-refused'
  readonly rows: readonly { readonly index: number; readonly refusal: RowRefusal }[]
}

/**
 * Lists rows; rows that stand there already record nothing. A row may be closed by sending it again
 * with an earlier last day, and is changed in no other way: a change is a new row from a later day.
 * Refuses rows-refused, and then lists none.
 */
export function decide(
  { data }: ListCatalogueItems,
  state: CatalogueState,
): Decision<CatalogueEvent, CatalogueRefusal> {
  const { regionCode, items } = data
  const listed = new Map<string, ItemRows>()
  const fresh: CatalogueItem[] = []
  const refused: { index: number; refusal: RowRefusal }[] = []
  items.forEach((item, index) => {
    const rows = listed.get(item.itemCode) ?? state.get(item.itemCode) ?? []
    const verdict = judge(item, rows)
    if (verdict === 'known') return
    if (verdict !== 'new') {
      refused.push({ index, refusal: verdict })
      return
    }
    listed.set(item.itemCode, withRow(rows, item))
    fresh.push(item)
  })
  if (refused.length > 0) return refuse({ kind: 'rows-refused', rows: refused })
  if (fresh.length === 0) return accept()
  return accept({ type: 'CatalogueListed', data: { regionCode, items: fresh } })
}

function judge(item: CatalogueItem, rows: ItemRows): RowRefusal | 'known' | 'new' {
  const { itemCode, validFrom, validTo, minAge, maxAge } = item
  if (validTo !== null && validTo < validFrom) {
    return { kind: 'period-reversed', itemCode, field: 'validTo', from: validFrom, to: validTo }
  }
  for (const field of ['unitPriceFen', 'priceLimitFen'] as const) {
    const price = item[field]
    if (price !== null && (price < 0n || price > PRICE_FEN_MAX)) {
      return { kind: 'price-out-of-bounds', itemCode, field, maximumFen: PRICE_FEN_MAX }
    }
  }
  if (minAge !== null && maxAge !== null && maxAge < minAge) {
    return { kind: 'ages-reversed', itemCode, field: 'maxAge' }
  }
  return againstOthers(item, rows)
}

function againstOthers(item: CatalogueItem, rows: ItemRows): RowRefusal | 'known' | 'new' {
  const { itemCode, validFrom, validTo } = item
  const same = rows.find(row => row.validFrom === validFrom)
  if (same !== undefined) {
    const differs = FIELDS.filter(field => item[field] !== same[field])
    if (differs.length === 0) return 'known'
    const closes = differs.length === 1 && endsSooner(validTo, same.validTo)
    return closes ? 'new' : { kind: 'item-listed-otherwise', itemCode, validFrom, differs }
  }
  const other = rows.find(
    row =>
      (validTo === null || row.validFrom <= validTo) &&
      (row.validTo === null || validFrom <= row.validTo),
  )
  if (other === undefined) return 'new'
  return {
    kind: 'item-overlaps',
    itemCode,
    validFrom: other.validFrom,
    validTo: other.validTo,
  }
}

const FIELDS = [
  'name',
  'kind',
  'class',
  'unitPriceFen',
  'firstShareBp',
  'priceLimitFen',
  'onlySex',
  'minAge',
  'maxAge',
  'validTo',
] as const

function endsSooner(to: BusinessDate | null, than: BusinessDate | null): boolean {
  return to !== null && (than === null || to < than)
}

/** Stream `catalogue-<uuid of the region>`. */
export const catalogueAggregate: Aggregate<
  ListCatalogueItems,
  CatalogueState,
  'CatalogueListed',
  CatalogueRefusal
> = {
  category: 'catalogue',
  initialState: new Map(),
  decide,
  evolve,
  keyOf: ({ data }) => data.regionCode,
}

export function evolve(state: CatalogueState, event: CatalogueEvent): CatalogueState {
  const items = new Map(state)
  for (const item of event.data.items) {
    items.set(item.itemCode, withRow(items.get(item.itemCode) ?? [], item))
  }
  return items
}

/** Rows of a region's catalogue: drugs, services, consumables, each valid for its period. */
import { type Static, Type } from 'typebox'
import {
  BasisPointsJson,
  CodeJson,
  DateJson,
  FenJson,
  Maybe,
  RegionJson,
  Shape,
} from '../scalars.ts'
import { Text } from '../text.ts'

const AgeJson = Type.Integer({ minimum: 0, maximum: 150, description: 'completed years' })

const item = {
  itemCode: CodeJson,
  name: Text(256),
  kind: Type.Enum(['drug', 'service', 'consumable']),
  class: Type.Enum(['甲', '乙', '丙']),
  unitPriceFen: FenJson,
  firstShareBp: BasisPointsJson,
  priceLimitFen: Type.Optional(Maybe(FenJson)),
  onlySex: Type.Optional(Maybe(Type.Enum(['M', 'F']))),
  minAge: Type.Optional(Maybe(AgeJson)),
  maxAge: Type.Optional(Maybe(AgeJson)),
  validFrom: DateJson,
  validTo: Type.Optional(Maybe(DateJson)),
}

/** One record of an import for any regions. */
export const CatalogueRowJson = Shape({ regionCode: RegionJson, ...item })
export type CatalogueRowJson = Static<typeof CatalogueRowJson>

/**
 * One record of an import for the region in the path; the region may be named and must be that one.
 */
export const RegionRowJson = Shape({ regionCode: Type.Optional(RegionJson), ...item })
export type RegionRowJson = Static<typeof RegionRowJson>

export const CatalogueRegionJson = Shape({ region: RegionJson })

export const CatalogueItemJson = Shape({
  itemCode: CodeJson,
  name: Type.String(),
  kind: item.kind,
  class: item.class,
  unitPriceFen: FenJson,
  firstShareBp: BasisPointsJson,
  priceLimitFen: Maybe(FenJson),
  onlySex: Maybe(Type.Enum(['M', 'F'])),
  minAge: Maybe(AgeJson),
  maxAge: Maybe(AgeJson),
  validFrom: DateJson,
  validTo: Maybe(DateJson),
})
export type CatalogueItemJson = Static<typeof CatalogueItemJson>

export const CataloguePageJson = Shape({
  on: DateJson,
  items: Type.Array(CatalogueItemJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})

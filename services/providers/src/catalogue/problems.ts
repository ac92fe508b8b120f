import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { RowRefusal } from './decide.ts'

/** A row sent to the catalogue of another region than its own. */
export type DoorRefusal =
  | { readonly kind: 'other-region' }
  | { readonly kind: 'region-not-of-path'; readonly field: 'regionCode' }

/** Status and title of every refusal; the README of the service has the same table. */
export const CATALOGUE_PROBLEMS = {
  'other-region': { status: 403, title: 'The data are of another region than the token' },
  'region-not-of-path': { status: 422, title: 'The row names another region than the address' },
  'period-reversed': { status: 422, title: 'A period ends before it begins' },
  'price-out-of-bounds': { status: 422, title: 'A price is beyond its bounds' },
  'ages-reversed': { status: 422, title: 'The greatest age is less than the least' },
  'item-listed-otherwise': { status: 409, title: 'The item is listed from that day otherwise' },
  'item-overlaps': { status: 409, title: 'The item has another row in that period' },
} as const satisfies Record<RowRefusal['kind'] | DoorRefusal['kind'], Problem>

import {
  type BusinessDate,
  businessDate,
  businessDateOf,
  type Instant,
} from '@tongchou/contracts/time.ts'

/** The day that a caller asks about; today where none is named. */
export function dayAsked(on: string | undefined, clock: () => Instant): BusinessDate {
  return on === undefined ? businessDateOf(clock()) : businessDate(on)
}

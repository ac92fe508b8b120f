/**
 * Instants are UTC ISO strings with milliseconds; business dates are YYYY-MM-DD in Asia/Shanghai
 * (UTC+8, no DST).
 */

declare const instantBrand: unique symbol
export type Instant = string & { readonly [instantBrand]: true }

declare const dateBrand: unique symbol
export type BusinessDate = string & { readonly [dateBrand]: true }

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function isInstant(value: string): value is Instant {
  return INSTANT.test(value) && !Number.isNaN(Date.parse(value))
}

/** True for a real calendar day, 1900 to 2199; `2025-02-30` is none. */
export function isBusinessDate(value: string): value is BusinessDate {
  const parts = DATE.exec(value)
  if (parts === null || value < '1900-01-01' || value >= '2200-01-01') return false
  const year = Number(parts[1])
  const month = Number(parts[2])
  const day = Number(parts[3])
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0
  return day >= 1 && day <= (MONTH_DAYS[month - 1] ?? 0) + leapDay
}

export function instant(value: string): Instant {
  if (!isInstant(value)) throw new RangeError(`not a UTC instant with milliseconds: ${value}`)
  return value
}

export function businessDate(value: string): BusinessDate {
  if (!isBusinessDate(value)) throw new RangeError(`not a calendar date: ${value}`)
  return value
}

let lastMs = 0
let lastInstant = new Date(0).toISOString() as Instant

/**
 * Milliseconds since 1970 to an instant. Events of one batch share theirs, so the last one is kept.
 */
export function instantFromMs(ms: number): Instant {
  if (ms !== lastMs) {
    lastInstant = new Date(ms).toISOString() as Instant
    lastMs = ms
  }
  return lastInstant
}

export function instantToMs(value: Instant): number {
  return Date.parse(value)
}

/** The business date in Asia/Shanghai of an instant. */
export function businessDateOf(at: Instant): BusinessDate {
  return new Date(Date.parse(at) + SHANGHAI_MS).toISOString().slice(0, 10) as BusinessDate
}

/** Days since 1970-01-01. */
export function dayNumber(on: BusinessDate): number {
  return Date.parse(`${on}T00:00:00.000Z`) / DAY_MS
}

export function addDays(on: BusinessDate, days: number): BusinessDate {
  return new Date((dayNumber(on) + days) * DAY_MS).toISOString().slice(0, 10) as BusinessDate
}

export function yearOf(on: BusinessDate): number {
  return Number(on.slice(0, 4))
}

/** `YYYY-MM`. */
export function monthOf(on: BusinessDate): string {
  return on.slice(0, 7)
}

/** Completed years between birth and `on`; the birthday itself completes a year. */
export function ageOn(bornOn: BusinessDate, on: BusinessDate): number {
  const years = yearOf(on) - yearOf(bornOn)
  return on.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** True when `on` lies in [from, to]; an absent end is open. */
export function within(on: BusinessDate, from: BusinessDate, to: BusinessDate | null): boolean {
  return on >= from && (to === null || on <= to)
}

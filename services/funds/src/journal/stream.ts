/**
 * Which stream of the journal a source message belongs to: a function of the message alone, so a
 * resend meets it.
 */

const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000

const months = new Map<number, string>()

/** `YYYY-MM` in Asia/Shanghai of milliseconds since 1970. */
export function monthOfMs(atMs: number): string {
  const day = Math.floor((atMs + SHANGHAI_MS) / DAY_MS)
  const known = months.get(day)
  if (known !== undefined) return known
  const month = new Date(day * DAY_MS).toISOString().slice(0, 7)
  if (months.size > MAX_DAYS) months.clear()
  months.set(day, month)
  return month
}

const MAX_DAYS = 10_000

/** Id part of the stream: `journal-<partition>-<month>`. */
export function journalId(partition: number, month: string): string {
  return `${partition}-${month}`
}

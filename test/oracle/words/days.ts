/** Calendar days as YYYY-MM-DD. */

const DAY_MS = 86_400_000

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The same day so many months later; where that month is too short, its last day. */
export function plusMonths(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const index = year * 12 + (month - 1) + months
  const last = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate()
  const parts = [Math.floor(index / 12), (index % 12) + 1, Math.min(date, last)]
  return parts.map(each => String(each).padStart(2, '0')).join('-')
}

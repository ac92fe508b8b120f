/** Many times the same, several at once. */

/**
 * Runs `work(0)` … `work(times - 1)` with `side` of them under way at once; ends with the first
 * that throws.
 */
export async function repeat(
  times: number,
  side: number,
  work: (n: number) => Promise<void>,
): Promise<void> {
  let next = 0
  async function lane(): Promise<void> {
    while (next < times) {
      const n = next
      next += 1
      await work(n)
    }
  }
  await Promise.all(Array.from({ length: side }, lane))
}

/** How often each outcome came. */
export function tally(outcomes: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

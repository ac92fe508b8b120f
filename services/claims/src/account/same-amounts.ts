type Amounts = Readonly<Record<string, bigint>>

/** The first name whose amounts differ, an absent one being 0; null when there is none. */
export function differingName(a: Amounts, b: Amounts): string | null {
  for (const name in a) if ((a[name] ?? 0n) !== (b[name] ?? 0n)) return name
  for (const name in b) if ((a[name] ?? 0n) !== (b[name] ?? 0n)) return name
  return null
}

export function sameAmounts(a: Amounts, b: Amounts): boolean {
  return differingName(a, b) === null
}

/** The refusal table of a service's README is the same as its code: kinds and statuses, both ways. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Problem } from '@tongchou/contracts/http/problem.ts'

const ROW = /^\| `([a-z-]+)` *\| *(\d{3}) *\|/gm

/** `readme`: path of the file. Its rows read "| `kind` | status | …". */
export function assertReadmeNames(
  readme: string,
  ...tables: readonly Readonly<Record<string, Problem>>[]
): void {
  const told = [...readFileSync(readme, 'utf8').matchAll(ROW)].map(([, kind, status]) => ({
    kind,
    status: Number(status),
  }))
  const known = tables.flatMap(table =>
    Object.entries(table).map(([kind, { status }]) => ({ kind, status })),
  )
  assert.deepEqual(told.toSorted(byKind), known.toSorted(byKind))
}

function byKind(a: { readonly kind?: string | undefined }, b: typeof a): number {
  return (a.kind ?? '') < (b.kind ?? '') ? -1 : 1
}

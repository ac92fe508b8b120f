/**
 * The refusal table of a service's README is the same as its code: kinds and statuses, both ways.
 */
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
  const known = new Map<string, number>()
  for (const [kind, { status }] of tables.flatMap(table => Object.entries(table))) {
    assert.equal(known.get(kind) ?? status, status, `${kind} has two statuses`)
    known.set(kind, status)
  }
  const expected = [...known].map(([kind, status]) => ({ kind, status }))
  assert.deepEqual(told.toSorted(byKind), expected.toSorted(byKind))
}

function byKind(a: { readonly kind?: string | undefined }, b: typeof a): number {
  return (a.kind ?? '') < (b.kind ?? '') ? -1 : 1
}

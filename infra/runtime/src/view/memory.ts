/** Views in maps: for tests, for rebuilding beside the tables, for the audit. */
import type { Progress } from '../event-store/port.ts'
import type { Recorded } from '../service/recorded.ts'
import type { AnyView, Criteria, Row, RowValue, Saved, View, ViewStore } from './port.ts'
import { keyOfRow, keyText, looksAt } from './port.ts'

export class MemoryViewStore implements ViewStore {
  readonly #tables = new Map<string, Map<string, Row>>()

  async ensure(_group: string, views: readonly AnyView[]): Promise<void> {
    for (const view of views) this.table(view)
  }

  table(view: { readonly name: string }): Map<string, Row> {
    const known = this.#tables.get(view.name)
    if (known !== undefined) return known
    const table = new Map<string, Row>()
    this.#tables.set(view.name, table)
    return table
  }

  async get<R extends Row>(view: View<R>, key: readonly RowValue[]): Promise<R | undefined> {
    return this.table(view).get(keyText(key)) as R | undefined
  }

  async getAll<R extends Row>(
    view: View<R>,
    keys: readonly (readonly RowValue[])[],
  ): Promise<Map<string, R>> {
    const rows = new Map<string, R>()
    for (const key of keys) {
      const row = this.table(view).get(keyText(key))
      if (row !== undefined) rows.set(keyText(key), row as R)
    }
    return rows
  }

  async find<R extends Row>(view: View<R>, criteria: Criteria<R>): Promise<readonly R[]> {
    const rows = [...this.table(view).values()].filter(row => matches(row, criteria)) as R[]
    const order = criteria.orderBy ?? view.key
    rows.sort((a, b) => compareRows(a, b, order))
    if (criteria.descending === true) rows.reverse()
    return rows.slice(0, criteria.limit)
  }

  async save(saved: readonly Saved[], _progress: Progress): Promise<void> {
    for (const { view, upserts, deletes } of saved) {
      for (const row of upserts) this.table(view).set(keyText(keyOfRow(view, row)), row)
      for (const key of deletes) this.table(view).delete(keyText(key))
    }
  }

  /** Folds one event into the views at once: the rebuild. */
  apply(views: readonly AnyView[], event: Recorded): void {
    for (const view of views) {
      if (!looksAt(view, event.type)) continue
      const table = this.table(view)
      for (const { key, apply } of view.project(event)) {
        const text = keyText(key)
        const row = apply(table.get(text))
        if (row === undefined) table.delete(text)
        else table.set(text, row)
      }
    }
  }
}

function matches<R extends Row>(row: Row, { equals, from, to }: Criteria<R>): boolean {
  for (const [column, value] of Object.entries(equals ?? {}))
    if (row[column] !== value) return false
  for (const [column, value] of Object.entries(from ?? {})) {
    if (compareValues(row[column] ?? null, value as RowValue) < 0) return false
  }
  for (const [column, value] of Object.entries(to ?? {})) {
    if (compareValues(row[column] ?? null, value as RowValue) > 0) return false
  }
  return true
}

function compareRows(a: Row, b: Row, columns: readonly string[]): number {
  for (const column of columns) {
    const order = compareValues(a[column] ?? null, b[column] ?? null)
    if (order !== 0) return order
  }
  return 0
}

function compareValues(a: RowValue, b: RowValue): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}

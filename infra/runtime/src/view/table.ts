/**
 * The table of a view: names of its columns, its rows as text, and what its declaration comes to.
 */
import { createHash } from 'node:crypto'
import { assertSchemaName } from '../event-store/postgres/migrate.ts'
import type { AnyView, ColumnType, Row, RowValue } from './port.ts'

/** Rows of the view from rows of its table, all columns as PostgreSQL writes them in text. */
export function rowReader(
  view: Pick<AnyView, 'columns'>,
): (raw: Record<string, string | null>) => Row {
  const columns = Object.entries(view.columns).map(
    ([name, type]) => [name, snake(name), type] as const,
  )
  return raw => {
    const row: Record<string, RowValue> = {}
    for (const [name, column, type] of columns) row[name] = parse(type, raw[column] ?? null)
    return row
  }
}

/** Selects all rows of a view, its columns in the order of their declaration. */
export function selectText(schema: string, view: Pick<AnyView, 'name' | 'columns'>): string {
  assertSchemaName(schema)
  const columns = Object.keys(view.columns).map(name => `"${snake(name)}"`)
  return `select ${columns.join(', ')} from ${schema}."${view.name}"`
}

/** Another one for another declaration: the tables were then made from another build's views. */
export function groupFingerprint(views: readonly AnyView[]): string {
  return createHash('sha256')
    .update(JSON.stringify(views.map(declaration)))
    .digest('hex')
}

function declaration({ name, topic, columns, key, indexes, version }: AnyView): unknown {
  return [name, topic.name, Object.entries(columns), key, indexes, version]
}

/** Name of the column. */
export function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

function parse(type: ColumnType, text: string | null): RowValue {
  if (text === null) return null
  switch (type) {
    case 'bigint':
      return BigInt(text)
    case 'integer':
      return Number(text)
    case 'boolean':
      return text === 't'
    default:
      return text
  }
}

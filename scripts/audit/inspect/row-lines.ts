/** Rows of one view against the lines that COPY writes of its table. */
import type { AnyView, Row, RowValue } from '@tongchou/runtime/view/port.ts'
import { keyText } from '@tongchou/runtime/view/port.ts'

const TAB = 0x09

export class RowLines {
  readonly #columns: readonly string[]
  readonly #keyAt: readonly number[]

  constructor(view: Pick<AnyView, 'columns' | 'key'>) {
    this.#columns = Object.keys(view.columns)
    this.#keyAt = view.key.map(column => this.#columns.indexOf(column))
  }

  /** `keyText` of the row. */
  keyOf(line: string): string {
    const [first] = this.#keyAt
    const end = line.indexOf('\t')
    if (this.#keyAt.length === 1 && first === 0 && end > 0 && !line.startsWith('\\')) {
      const key = line.slice(0, end)
      if (!key.includes('\\')) return key
    }
    const fields = fieldsOf(line)
    return keyText(this.#keyAt.map(at => fields[at] ?? null))
  }

  /** Null, or which column of the line is not that of the row. */
  differenceOf(row: Row, line: string): string | null {
    if (this.#isPlainly(row, line)) return null
    const fields = fieldsOf(line)
    for (const [at, column] of this.#columns.entries()) {
      const wanted = textOf(row[column] ?? null)
      if (wanted !== fields[at]) return `has ${column} ${fields[at]} instead of ${wanted}`
    }
    return null
  }

  /** True when the line is the row's columns with tabs between them, and nothing is escaped. */
  #isPlainly(row: Row, line: string): boolean {
    let at = 0
    for (const column of this.#columns) {
      const text = textOf(row[column] ?? null)
      if (text?.includes('\\') === true) return false
      const written = text ?? '\\N'
      if (!line.startsWith(written, at)) return false
      at += written.length
      if (at < line.length && line.charCodeAt(at) !== TAB) return false
      at += 1
    }
    return at === line.length + 1
  }
}

/** A value as PostgreSQL writes it. */
function textOf(value: RowValue): string | null {
  if (typeof value === 'string' || value === null) return value
  return typeof value === 'boolean' ? (value ? 't' : 'f') : String(value)
}

const ESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** @source PostgreSQL 18 manual, COPY, "Text Format" */
function fieldsOf(line: string): (string | null)[] {
  return line
    .split('\t')
    .map(field =>
      field === '\\N'
        ? null
        : field.replaceAll(/\\(.)/gs, (_, char: string) => ESCAPED[char] ?? char),
    )
}

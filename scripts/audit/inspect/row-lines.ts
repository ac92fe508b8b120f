/** Rows of one view against the lines that COPY writes of its table. */
import type { Line } from '@tongchou/runtime/audit/snapshot/copy.ts'
import type { AnyView, Row, RowValue } from '@tongchou/runtime/view/port.ts'
import { keyText } from '@tongchou/runtime/view/port.ts'
import { NONE, type Rows } from './rows.ts'

const TAB = 0x09
const BACKSLASH = 0x5c
const ASCII_MAX = 0x7f

export class RowLines {
  readonly #columns: readonly string[]
  readonly #keyAt: readonly number[]

  constructor(view: Pick<AnyView, 'columns' | 'key'>) {
    this.#columns = Object.keys(view.columns)
    this.#keyAt = view.key.map(column => this.#columns.indexOf(column))
  }

  /**
   * The number of the row that the line plainly is: that of the first column's key, or `next`,
   * since tables are mostly in the order in which keys were met. `NONE`: more must be looked at.
   */
  plainRowOf(rows: Rows, next: number, line: Line): number {
    const following = rows.row(next)
    if (following !== undefined && this.#isPlainly(following, line)) return next
    const number = rows.numberOfBytes(line.bytes, line.start, endOfField(line))
    const row = number === NONE ? undefined : rows.row(number)
    return row !== undefined && this.#isPlainly(row, line) ? number : NONE
  }

  /** `keyText` of the row. */
  keyOf(line: string): string {
    const fields = fieldsOf(line)
    return keyText(this.#keyAt.map(at => fields[at] ?? null))
  }

  /** Null, or which column of the line is not that of the row. */
  differenceOf(row: Row, line: string): string | null {
    const fields = fieldsOf(line)
    for (const [at, column] of this.#columns.entries()) {
      const wanted = textOf(row[column] ?? null)
      if (wanted !== fields[at]) return `has ${column} ${fields[at]} instead of ${wanted}`
    }
    return null
  }

  /** True when the line is the row's columns with tabs between them, and nothing is escaped. */
  #isPlainly(row: Row, { bytes, start, end }: Line): boolean {
    let at = start - 1
    for (const column of this.#columns) {
      if (at >= start && bytes[at] !== TAB) return false
      at = behind(bytes, at + 1, row[column] ?? null)
      if (at < 0) return false
    }
    return at === end
  }
}

function endOfField({ bytes, start, end }: Line): number {
  let at = start
  while (at < end && bytes[at] !== TAB) at += 1
  return at
}

/** Position behind the value where it stands as it is; -1 where it does not or is escaped. */
function behind(bytes: Buffer, at: number, value: RowValue): number {
  if (value === null) return bytes[at] === BACKSLASH && bytes[at + 1] === 0x4e ? at + 2 : -1
  const text = textOf(value) ?? ''
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code !== bytes[at + index] || code === BACKSLASH || code > ASCII_MAX) return -1
  }
  return at + text.length
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

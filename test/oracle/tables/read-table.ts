/** A policy table of RULES.md §3 from its JSON. Nothing is checked: the product does that. */
import type { Table } from './table.ts'

export type TableFile = {
  readonly region: string
  readonly scheme: 'employee' | 'resident'
  readonly effectiveFrom: string | null
  readonly table: Table
}

type TableJson = Omit<TableFile, 'table'> & Table

export function readTable(document: unknown): TableFile {
  const table = document as TableJson
  const { region, scheme, effectiveFrom } = table
  return { region, scheme, effectiveFrom, table }
}

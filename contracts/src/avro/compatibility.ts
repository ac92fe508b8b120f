/**
 * The gate over released schemas: what today's code cannot read of yesterday's bytes, or
 * yesterday's code of today's, is refused before it is released.
 */
import type { Type } from 'avsc'
import { compileSchema } from './codec.ts'
import { canonicalForm } from './fingerprint.ts'

/** `backward`: new code reads old bytes. `full`: old code reads new bytes as well. */
export type CompatibilityMode = 'backward' | 'full'

type SchemaNode = { readonly [key: string]: unknown }

/** Every reason why `newer` may not follow `older`; empty when it may. */
export function incompatibilities(older: object, newer: object, mode: CompatibilityMode): string[] {
  const [before, after] = [compileSchema(older), compileSchema(newer)]
  const faults: string[] = []
  const unread = unreadable(after, before)
  if (unread !== null) faults.push(`the new schema cannot read old bytes: ${unread}`)
  if (mode === 'full') {
    const lost = unreadable(before, after)
    if (lost !== null) faults.push(`the old schema cannot read new bytes: ${lost}`)
  }
  if (canonicalForm(before) === canonicalForm(after) && meaningOf(older) !== meaningOf(newer)) {
    faults.push(
      'a logical type or brand changed under the same fingerprint: add a new field instead',
    )
  }
  return [...faults, ...enumsWithoutDefault(newer)]
}

function unreadable(reader: Type, writer: Type): string | null {
  try {
    reader.createResolver(writer)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Logical types, brands and value lists in order: what the canonical form strips. */
function meaningOf(schema: unknown): string {
  if (Array.isArray(schema)) return `[${schema.map(meaningOf).join()}]`
  if (typeof schema !== 'object' || schema === null) return ''
  const { logicalType, brand, type, items, fields } = schema as SchemaNode
  const own = [logicalType ?? '', brand ?? ''].join(':')
  return `{${own};${meaningOf(type)};${meaningOf(items)};${meaningOf(fields)}}`
}

/** An enum gets a default symbol from day one, or old readers fail on the first new symbol. */
function enumsWithoutDefault(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(enumsWithoutDefault)
  if (typeof schema !== 'object' || schema === null) return []
  const node = schema as SchemaNode
  const own = node['type'] === 'enum' && node['default'] === undefined
  const inner = Object.values(node).flatMap(enumsWithoutDefault)
  return own ? [`enum ${String(node['name'])} has no default symbol`, ...inner] : inner
}

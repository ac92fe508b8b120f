/**
 * What may follow what: the levels of the schema registry, and the gate over released schemas. Both
 * ask the rules of resolution; what today's code cannot read of yesterday's bytes, or yesterday's
 * code of today's, is refused before it is released.
 */
import type { Type } from 'avsc'
import { compileSchema } from './codec.ts'
import { canonicalForm } from './fingerprint.ts'
import type { AvroSchema } from './schema/model.ts'
import { schemaOf } from './schema/parse.ts'
import type { Misfit } from './schema/resolution.ts'
import { misfits } from './schema/resolution.ts'

/**
 * `BACKWARD`: new code reads what old code wrote. `FORWARD`: old code reads what new code writes.
 * `FULL`: both. `_TRANSITIVE`: against every version before, not only the last.
 */
export const LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const
export type Level = (typeof LEVELS)[number]

/**
 * Level of a topic's schemas: consumers of our own topics are ours and go first; those of public
 * topics are others', who change when they will.
 */
export function levelOf(topicOrSubject: string): Level {
  return topicOrSubject.startsWith('public.') ? 'FULL_TRANSITIVE' : 'BACKWARD_TRANSITIVE'
}

export type Earlier = { readonly version: number; readonly schema: AvroSchema }

/** What is in the way, between the new schema and the version before it that is named. */
export type Incompatibility = Misfit & {
  readonly version: number
  readonly reader: 'new' | 'old'
}

/** Every reason why `next` may not follow the versions before it, given oldest first. */
export function obstacles(
  level: Level,
  next: AvroSchema,
  earlier: readonly Earlier[],
): readonly Incompatibility[] {
  if (level === 'NONE') return []
  const compared = level.endsWith('_TRANSITIVE') ? earlier : earlier.slice(-1)
  return compared
    .toReversed()
    .flatMap(({ version, schema }) => [
      ...(level.startsWith('FORWARD') ? [] : told(misfits(next, schema), version, 'new')),
      ...(level.startsWith('BACKWARD') ? [] : told(misfits(schema, next), version, 'old')),
    ])
}

function told(
  found: readonly Misfit[],
  version: number,
  reader: Incompatibility['reader'],
): readonly Incompatibility[] {
  return found.map(misfit => ({ ...misfit, version, reader }))
}

type SchemaNode = { readonly [key: string]: unknown }

/**
 * Every reason why `newer` may not be released after `older`; empty when it may. Stricter than the
 * registry: what the canonical form strips may not change, and enums have a default.
 */
export function releaseFaults(older: object, newer: object, level: Level): string[] {
  const earlier = [{ version: 1, schema: schemaOf(older) }]
  const found = obstacles(level, schemaOf(newer), earlier).map(({ reader, path, detail }) =>
    reader === 'new'
      ? `the new schema cannot read old bytes: ${path} ${detail}`
      : `the old schema cannot read new bytes: ${path} ${detail}`,
  )
  const [before, after] = [compileSchema(older), compileSchema(newer)]
  const unread = found.length === 0 ? unreadable(after, before) : null
  if (unread !== null) found.push(`our own decoder cannot read old bytes: ${unread}`)
  if (canonicalForm(before) === canonicalForm(after) && meaningOf(older) !== meaningOf(newer)) {
    found.push(
      'a logical type or brand changed under the same fingerprint: add a new field instead',
    )
  }
  return [...found, ...enumsWithoutDefault(newer)]
}

/** avsc wants names equal with their namespace, and the default of a union in its first branch. */
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

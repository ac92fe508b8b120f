/**
 * Can a reader with one schema read everything that another one wrote? The rules of Avro's schema
 * resolution; all that is in the way is named, not only the first.
 * @source Apache Avro specification 1.12, "Schema Resolution", "Aliases", "Decimal".
 */
import type { AvroSchema, Primitive, RecordField } from './model.ts'
import { simpleName } from './names.ts'

export type MisfitKind =
  | 'TYPE_MISMATCH'
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'DECIMAL_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'MISSING_UNION_BRANCH'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'

/** One reason why what was written cannot be read. */
export type Misfit = { readonly kind: MisfitKind; readonly path: string; readonly detail: string }

/** What a reader of the key takes besides its own. */
const PROMOTED: { readonly [reader in Primitive]?: readonly Primitive[] } = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
}

/** Every reason why the reader cannot read the writer's bytes; empty when it can. */
export function misfits(reader: AvroSchema, writer: AvroSchema): readonly Misfit[] {
  return new Resolution().compare(reader, writer, '')
}

class Resolution {
  /** Pairs under way or done: a record that holds itself is asked about once. */
  readonly #asked = new Map<AvroSchema, Set<AvroSchema>>()

  compare(reader: AvroSchema, writer: AvroSchema, path: string): readonly Misfit[] {
    if (writer.kind === 'union') {
      return writer.branches.flatMap((branch, index) =>
        this.compare(reader, branch, reader.kind === 'union' ? path : `${path}[${index}]`),
      )
    }
    if (reader.kind === 'union') return this.#branchFor(reader.branches, writer, path)
    if (reader.kind === 'array' && writer.kind === 'array') {
      return this.compare(reader.items, writer.items, `${path}.items`)
    }
    if (reader.kind === 'map' && writer.kind === 'map') {
      return this.compare(reader.values, writer.values, `${path}.values`)
    }
    if (reader.kind === 'record' && writer.kind === 'record') {
      return this.#records(reader, writer, path)
    }
    return leaves(reader, writer, path)
  }

  /** The first branch that matches decides; of two records of one name, that of the namespace. */
  #branchFor(branches: readonly AvroSchema[], writer: AvroSchema, path: string): readonly Misfit[] {
    const own = branches.find(branch => nameOf(branch) === nameOf(writer))
    const matching = own ?? branches.find(branch => matches(branch, writer))
    if (matching !== undefined) return this.compare(matching, writer, path)
    const detail = `the reader's union has no branch for ${nameOf(writer)}`
    return [{ kind: 'MISSING_UNION_BRANCH', path, detail }]
  }

  #records(
    reader: AvroSchema & { readonly kind: 'record' },
    writer: AvroSchema & { readonly kind: 'record' },
    path: string,
  ): readonly Misfit[] {
    const asked = this.#asked.get(reader) ?? new Set()
    this.#asked.set(reader, asked)
    if (asked.has(writer)) return []
    asked.add(writer)
    const named = nameMisfit(reader, writer, path)
    if (named.length > 0) return named
    return reader.fields.flatMap(field => {
      const source = sourceOf(field, writer.fields)
      const at = `${path}.${field.name}`
      if (source !== undefined) return this.compare(field.schema, source.schema, at)
      if (field.hasDefault) return []
      const detail = `the writer has no field ${field.name}, and the reader no default for it`
      return [{ kind: 'READER_FIELD_MISSING_DEFAULT_VALUE' as const, path: at, detail }]
    })
  }
}

/** The writer's field of that name, or of one of the reader's aliases. */
function sourceOf(
  { name, aliases }: RecordField,
  fields: readonly RecordField[],
): RecordField | undefined {
  const own = fields.find(field => field.name === name)
  return own ?? fields.find(field => aliases.includes(field.name))
}

/** Which branch of a union is the reader's: by kind and name, or by promotion; not by content. */
function matches(reader: AvroSchema, writer: AvroSchema): boolean {
  if ('fullName' in reader && 'fullName' in writer) {
    return reader.kind === writer.kind && sameName(reader, writer)
  }
  return reader.kind === writer.kind || promotes(reader, writer)
}

function leaves(reader: AvroSchema, writer: AvroSchema, path: string): readonly Misfit[] {
  if (reader.kind !== writer.kind) {
    if (promotes(reader, writer)) return []
    const detail = `${nameOf(writer)} cannot be read as ${nameOf(reader)}`
    return [{ kind: 'TYPE_MISMATCH', path, detail }]
  }
  if (decimalsDiffer(reader, writer)) {
    const detail = 'precision or scale of the decimal differ'
    return [{ kind: 'DECIMAL_MISMATCH', path, detail }]
  }
  if (reader.kind === 'fixed' && writer.kind === 'fixed') {
    const detail = `${writer.size} bytes cannot be read as ${reader.size}`
    const sized = { kind: 'FIXED_SIZE_MISMATCH' as const, path, detail }
    return [...nameMisfit(reader, writer, path), ...(reader.size === writer.size ? [] : [sized])]
  }
  if (reader.kind === 'enum' && writer.kind === 'enum') {
    const lacking = writer.symbols.filter(symbol => !reader.symbols.includes(symbol))
    const detail = `the reader lacks ${lacking.join(', ')} and has no default`
    const missing = { kind: 'MISSING_ENUM_SYMBOLS' as const, path, detail }
    const unread = lacking.length > 0 && reader.fallback === null
    return [...nameMisfit(reader, writer, path), ...(unread ? [missing] : [])]
  }
  return []
}

function promotes(reader: AvroSchema, writer: AvroSchema): boolean {
  const taken: { readonly [kind in AvroSchema['kind']]?: readonly string[] } = PROMOTED
  return taken[reader.kind]?.includes(writer.kind) ?? false
}

/** Two decimals match when precision and scale do; one beside plain bytes is bytes. */
function decimalsDiffer(reader: AvroSchema, writer: AvroSchema): boolean {
  const [own, other] = [decimalOf(reader), decimalOf(writer)]
  if (own === undefined || other === undefined) return false
  return own.precision !== other.precision || own.scale !== other.scale
}

function decimalOf(schema: AvroSchema) {
  return 'decimal' in schema ? schema.decimal : undefined
}

type NamedSchema = { readonly fullName: string; readonly aliases: readonly string[] }

/** Names are compared without their namespace, aliases with it. */
function sameName(reader: NamedSchema, writer: NamedSchema): boolean {
  if (simpleName(reader.fullName) === simpleName(writer.fullName)) return true
  return reader.aliases.includes(writer.fullName)
}

function nameMisfit(reader: NamedSchema, writer: NamedSchema, path: string): readonly Misfit[] {
  if (sameName(reader, writer)) return []
  const detail = `${writer.fullName} is neither ${reader.fullName} nor an alias of it`
  return [{ kind: 'NAME_MISMATCH', path, detail }]
}

function nameOf(schema: AvroSchema): string {
  return 'fullName' in schema ? `${schema.kind} ${schema.fullName}` : schema.kind
}

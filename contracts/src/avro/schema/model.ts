/** An Avro schema as the rules of resolution need it: names resolved, attributes checked. */
export const PRIMITIVES = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const
export type Primitive = (typeof PRIMITIVES)[number]

export type AvroSchema =
  | { readonly kind: Primitive; readonly decimal?: Decimal }
  | { readonly kind: 'array'; readonly items: AvroSchema }
  | { readonly kind: 'map'; readonly values: AvroSchema }
  | { readonly kind: 'union'; readonly branches: readonly AvroSchema[] }
  | (Named & { readonly kind: 'fixed'; readonly size: number; readonly decimal?: Decimal })
  | (Named & {
      readonly kind: 'enum'
      readonly symbols: readonly string[]
      readonly fallback: string | null
    })
  | RecordSchema

/** Of logical type `decimal`: the one logical type that resolution looks at. */
export type Decimal = { readonly precision: number; readonly scale: number }

type Named = {
  /** Namespace and name. */
  readonly fullName: string
  /** Full names. */
  readonly aliases: readonly string[]
}

/** The fields are filled after the record is known by name, for it may hold itself. */
export type RecordSchema = Named & { readonly kind: 'record'; readonly fields: RecordField[] }

export type RecordField = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly schema: AvroSchema
  readonly hasDefault: boolean
}

/** A text that is no Avro schema; the message names the place and the rule. */
export class SchemaFault extends Error {
  override readonly name = 'SchemaFault'
}

export type Json = { readonly [key: string]: unknown }

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

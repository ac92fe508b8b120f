/** Names of Avro types. @source Apache Avro specification 1.12, "Names". */
import type { Json } from './model.ts'
import { PRIMITIVES, SchemaFault } from './model.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

export function isName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text)
}

export function isPrimitive(text: unknown): text is (typeof PRIMITIVES)[number] {
  return PRIMITIVES.some(primitive => primitive === text)
}

/** A name without a dot belongs to the namespace. */
export function qualified(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

export function simpleName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1)
}

export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')))
}

/** Full name of a definition. Throws SchemaFault for what is no name. */
export function definedName(node: Json, enclosing: string, path: string): string {
  const { name, namespace = enclosing } = node
  if (typeof name !== 'string') throw new SchemaFault(`${path}: a ${node['type']} needs a name`)
  if (typeof namespace !== 'string') throw new SchemaFault(`${path}: the namespace is no text`)
  const fullName = qualified(name, namespace)
  if (!fullName.split('.').every(isName)) {
    throw new SchemaFault(`${path}: '${fullName}' is not a name`)
  }
  if (isPrimitive(simpleName(fullName))) {
    throw new SchemaFault(`${path}: '${fullName}' is the name of a primitive type`)
  }
  return fullName
}

/** Any text may be an alias; without a dot it belongs to the namespace of the type. */
export function aliasesOf(node: Json, namespace: string | null, path: string): readonly string[] {
  const { aliases = [] } = node
  if (!Array.isArray(aliases) || !aliases.every(alias => typeof alias === 'string')) {
    throw new SchemaFault(`${path}: aliases are a list of names`)
  }
  return namespace === null ? aliases : aliases.map(alias => qualified(alias, namespace))
}

/**
 * One text for all spellings of a schema: white space, order of attributes, `{"type": "int"}` for
 * `"int"`, names with or without their namespace. Docs, defaults, aliases and attributes of one's
 * own stay, as the registry gives a schema back to those who want them.
 */
import type { Json } from './model.ts'
import { isObject } from './model.ts'
import { isPrimitive, namespaceOf, qualified, simpleName } from './names.ts'
import { parseJson, schemaOf } from './parse.ts'

/** Attributes in the order in which they are written; further ones follow by name. */
const ORDER = ['type', 'name', 'namespace', 'doc', 'fields', 'items', 'values', 'symbols', 'size']
const NAMED = new Set(['record', 'error', 'enum', 'fixed'])

/** The normal form of a schema text. Throws SchemaFault. */
export function normalForm(text: string): string {
  const json = parseJson(text)
  schemaOf(json)
  return JSON.stringify(normal(json, ''))
}

function normal(node: unknown, namespace: string): unknown {
  if (typeof node === 'string') return referred(node, namespace)
  if (Array.isArray(node)) return node.map(branch => normal(branch, namespace))
  if (!isObject(node)) return node
  const { type } = node
  if (typeof type === 'string' && NAMED.has(type)) return named(node, namespace)
  if (type === 'array') return ordered({ ...node, items: normal(node['items'], namespace) })
  if (type === 'map') return ordered({ ...node, values: normal(node['values'], namespace) })
  const inner = normal(type, namespace)
  return Object.keys(node).length === 1 ? inner : ordered({ ...node, type: inner })
}

/** A name within its namespace stands without it. */
function referred(name: string, namespace: string): string {
  if (isPrimitive(name)) return name
  const fullName = qualified(name, namespace)
  return namespaceOf(fullName) === namespace ? simpleName(fullName) : fullName
}

function named(node: Json, enclosing: string): Json {
  const { name, namespace = enclosing, fields, ...others } = node
  const fullName = qualified(String(name), String(namespace))
  const own = namespaceOf(fullName)
  return ordered({
    ...others,
    name: simpleName(fullName),
    ...(own === enclosing ? {} : { namespace: own }),
    ...(Array.isArray(fields) ? { fields: fields.map(field => fieldOf(field, own)) } : {}),
  })
}

function fieldOf(field: Json, namespace: string): Json {
  return ordered({ ...field, type: normal(field['type'], namespace) })
}

function ordered(node: Json): Json {
  const rest = Object.keys(node).filter(key => !ORDER.includes(key))
  const keys = [...ORDER.filter(key => Object.hasOwn(node, key)), ...rest.toSorted()]
  return Object.fromEntries(keys.map(key => [key, node[key]]))
}

/** A good body made bad in one place, in every way that callers do by mistake or on purpose. */
import type { Json, JsonObject } from './http.ts'
import { isObject } from './http.ts'

export type Mutant = { readonly what: string; readonly text: string }

/** Stands in the text where raw JSON is to stand. */
const RAW = /"\u2063([^"]*)\u2063"/g
const raw = (text: string) => `\u2063${text}\u2063`

const INSTEAD_OF_NUMBERS: readonly Json[] = [
  -1,
  raw('1.5'),
  raw('0.0001'),
  raw('9007199254740993'),
  raw('1e3'),
  raw('-0'),
  raw('1e999'),
  '1',
  'NaN',
  null,
  true,
  [],
  {},
]

const INSTEAD_OF_TEXT: readonly Json[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  'bell\u0007',
  'line\nbreak',
  '\u202egnirts',
  '\u2028',
  raw('"\\ud800"').slice(0, -1).concat('\u2063'),
  '😀'.repeat(40),
  'e\u0301'.normalize('NFD'),
  '２０２５-０１-０１',
  "'; drop table claims; --",
  '../../etc/passwd',
  '2025-02-30',
  '0000-00-00',
  'x'.repeat(20_000),
  1,
  null,
  true,
  [],
  {},
]

/** Every property at every depth: left out, one too many, and with each bad value. */
export function* mutants(body: JsonObject): Generator<Mutant> {
  yield { what: 'an unknown property', text: JSON.stringify({ ...body, surplus: 1 }) }
  for (const path of pathsIn(body)) {
    const at = path.join('.')
    yield { what: `${at} left out`, text: textOf(changed(body, path, undefined)) }
    for (const value of insteadOf(valueAt(body, path))) {
      const what = `${at} = ${JSON.stringify(value).slice(0, 40)}`
      yield { what, text: textOf(changed(body, path, value)) }
    }
  }
}

function insteadOf(value: Json | undefined): readonly Json[] {
  if (typeof value === 'number') return INSTEAD_OF_NUMBERS
  if (typeof value === 'string') return INSTEAD_OF_TEXT
  if (Array.isArray(value)) return [null, {}, 'text', [null], Array.from({ length: 5000 }, () => 1)]
  return [null, 1, 'text', []]
}

type Path = readonly (string | number)[]

/** The first element stands for all of an array. */
function pathsIn(value: Json, path: Path = []): readonly Path[] {
  const inner = isObject(value)
    ? Object.entries(value).flatMap(([name, part]) => pathsIn(part, [...path, name]))
    : Array.isArray(value) && value.length > 0
      ? pathsIn(value[0], [...path, 0])
      : []
  return path.length === 0 ? inner : [path, ...inner]
}

function valueAt(value: Json | undefined, path: Path): Json | undefined {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (isObject(value)) return valueAt(value[name], rest)
  return Array.isArray(value) ? valueAt(value[Number(name)], rest) : undefined
}

function changed(value: Json, path: Path, by: Json | undefined): Json {
  const [name, ...rest] = path
  if (name === undefined) return by ?? null
  if (Array.isArray(value)) {
    return value.map((part, at) => (at === name ? changed(part, rest, by) : part))
  }
  if (!isObject(value)) return value
  const { [name]: part, ...others } = value
  if (rest.length === 0 && by === undefined) return others
  return { ...others, [name]: changed(part ?? null, rest, by) }
}

function textOf(value: Json): string {
  return JSON.stringify(value).replaceAll(RAW, (_, text: string) => JSON.parse(`"${text}"`))
}

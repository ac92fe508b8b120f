/**
 * Writes contracts/src/events.generated.ts from contracts/avro/<service>/<Event>.v<n>.avsc, and
 * public-events.generated.ts from contracts/avro/public/<service>/…: one readonly type for each
 * event (newest version), every released schema beside it. `--check` fails when one is stale.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Schema = string | readonly Schema[] | SchemaObject
type SchemaObject = {
  readonly type: string
  readonly name?: string
  readonly namespace?: string
  readonly doc?: string
  readonly brand?: string
  readonly symbols?: readonly string[]
  readonly values?: Schema
  readonly items?: Schema
  readonly fields?: readonly {
    readonly name: string
    readonly type: Schema
    readonly doc?: string
  }[]
}

type Found = {
  readonly name: string
  readonly service: string
  readonly version: number
  readonly schema: SchemaObject
}

const root = join(import.meta.dirname, '..')
const source = join(root, 'contracts/avro')
const PUBLIC = 'public'
const PRIMITIVES: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  int: 'number',
  long: 'bigint',
  bytes: 'Buffer',
  null: 'null',
}

/** The TypeScript of some records, with the brands that they use. */
class Types {
  readonly brands = new Set<string>()
  readonly records = new Map<string, string>()
  /** An enum is used by its name within the schema that defines it. */
  #enums = new Map<string, string>()

  addEvent(schema: SchemaObject): void {
    this.#enums = new Map()
    this.#recordOf(schema)
  }

  #typeOf(schema: Schema): string {
    if (typeof schema === 'string') return PRIMITIVES[schema] ?? this.#enums.get(schema) ?? schema
    if (Array.isArray(schema))
      return schema
        .map(one => this.#typeOf(one))
        .reverse()
        .join(' | ')
    const object = schema as SchemaObject
    if (object.brand !== undefined) {
      this.brands.add(object.brand)
      return object.brand
    }
    if (object.type === 'array') return `readonly ${this.#element(object.items)}[]`
    if (object.type === 'map')
      return `Readonly<Record<string, ${this.#typeOf(object.values ?? 'null')}>>`
    if (Array.isArray(object.values)) return unionOf(object.values.map(String))
    if (object.symbols !== undefined) {
      const union = unionOf(object.symbols)
      this.#enums.set(object.name ?? '', union)
      return union
    }
    if (object.type === 'record') return this.#recordOf(object)
    return PRIMITIVES[object.type] ?? object.type
  }

  #element(items: Schema | undefined): string {
    const text = this.#typeOf(items ?? 'null')
    return text.includes('|') && !text.startsWith('(') ? `(${text})` : text
  }

  #recordOf(record: SchemaObject): string {
    const name = record.name ?? 'Unnamed'
    const lines = (record.fields ?? []).map(field => {
      const doc = field.doc === undefined ? '' : `  /** ${field.doc} */\n`
      const type = this.#typeOf(field.type).replace(/^\((.*)\)$/, '$1')
      return `${doc}  readonly ${field.name}: ${type}`
    })
    const doc = record.doc === undefined ? '' : `/** ${record.doc} */\n`
    const body = `${doc}export type ${name} = {\n${lines.join('\n')}\n}\n`
    const known = this.records.get(name)
    if (known !== undefined && known !== body)
      throw new Error(`two different records named ${name}`)
    this.records.set(name, body)
    return name
  }
}

function unionOf(values: readonly string[]): string {
  return `(${values.map(value => `'${value}'`).join(' | ')})`
}

function schemasIn(folder: string): readonly Found[] {
  const services = readdirSync(folder).sort()
  return services
    .filter(service => service !== PUBLIC)
    .flatMap(service =>
      readdirSync(join(folder, service))
        .sort()
        .map(file => {
          const match = /^([A-Z]\w+)\.v(\d+)\.avsc$/.exec(file)
          if (match === null) throw new Error(`${service}/${file}: expected <Event>.v<n>.avsc`)
          const schema = JSON.parse(readFileSync(join(folder, service, file), 'utf8'))
          return { name: match[1] ?? '', service, version: Number(match[2]), schema }
        }),
    )
}

const IMPORTS = {
  money: ['BasisPoints', 'Fen'],
  time: ['BusinessDate', 'Instant'],
  id: ['ClaimId', 'PersonId', 'Uuid'],
}

type Wording = {
  readonly from: string
  readonly dataDoc: string
  readonly data: string
  readonly type: string
  readonly schemasDoc: string
  readonly schemas: string
}

function textOf(events: readonly Found[], wording: Wording): string {
  const newest = new Map<string, Found>()
  for (const event of events) {
    const known = newest.get(event.name)
    if (known !== undefined && known.service !== event.service)
      throw new Error(`${event.name} of ${known.service} and ${event.service}`)
    if ((known?.version ?? 0) < event.version) newest.set(event.name, event)
  }
  const types = new Types()
  for (const { schema } of newest.values()) types.addEvent(schema)
  const names = [...newest.values()]
    .filter(event => event.service !== 'envelope')
    .map(event => event.name)
  const schemas = events.map(
    ({ name, service, version, schema }) =>
      `  { name: '${name}', service: '${service}', version: ${version}, ` +
      `schema: ${JSON.stringify(schema)} },`,
  )
  const importLines = Object.entries(IMPORTS)
    .map(([file, all]) => [file, all.filter(name => types.brands.has(name))] as const)
    .filter(([, used]) => used.length > 0)
    .map(([file, used]) => `import type { ${used.join(', ')} } from './${file}.ts'`)
  return `// Generated by scripts/generate-contracts.ts from ${wording.from}. Do not edit.
${importLines.join('\n')}

${[...types.records.values()].join('\n')}
/** ${wording.dataDoc} */
export type ${wording.data} = {
${names.map(name => `  readonly ${name}: ${name}`).join('\n')}
}

export type ${wording.type} = keyof ${wording.data}

/** ${wording.schemasDoc} */
export const ${wording.schemas} = [
${schemas.join('\n')}
] as const satisfies readonly { name: string; service: string; version: number; schema: object }[]
`
}

const FILES: Readonly<Record<string, string>> = {
  'events.generated.ts': textOf(schemasIn(source), {
    from: 'contracts/avro',
    dataDoc: 'Newest version of every stored event, by name.',
    data: 'EventData',
    type: 'EventType',
    schemasDoc: 'Every released schema: a stored event of any of them is readable for ever.',
    schemas: 'RELEASED_SCHEMAS',
  }),
  'public-events.generated.ts': textOf(schemasIn(join(source, PUBLIC)), {
    from: 'contracts/avro/public',
    dataDoc: 'Newest version of every public event and state row, by name.',
    data: 'PublicData',
    type: 'PublicType',
    schemasDoc: 'Every released public schema: each reads what any other one of its name wrote.',
    schemas: 'PUBLIC_SCHEMAS',
  }),
}

for (const [file, text] of Object.entries(FILES)) {
  const target = join(root, 'contracts/src', file)
  if (!process.argv.includes('--check')) writeFileSync(target, text)
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`contracts/src/${file} is stale: run node scripts/generate-contracts.ts`)
    process.exit(1)
  }
}

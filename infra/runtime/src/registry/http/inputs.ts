/** What a registry is asked with: paths, queries, bodies. Unknown members are passed over. */
import { LEVELS } from '@tongchou/contracts/avro/compatibility.ts'
import { TEXT_PATTERN } from '@tongchou/contracts/http/text.ts'
import type { Static, TProperties } from 'typebox'
import { Type } from 'typebox'
import { MODES } from '../port.ts'
import { candidateOf } from '../registry.ts'
import type { Candidate } from '../rules/decide.ts'
import { RegistryRefusal } from '../rules/refusal.ts'

const INT_MAX = 2 ** 31 - 1
/** As long as a path segment may be here. */
const SUBJECT_MAX = 128

/** An object whose further members belong to newer clients. */
function Open<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: true })
}

const Flag = Type.Boolean({ default: false })
const FLAGS = ['deleted', 'permanent', 'verbose', 'force', 'defaultToGlobal']

/** `True`, as Python writes it, is true. */
export function spellFlags(query: unknown): void {
  const values = Object(query)
  for (const name of FLAGS) {
    if (/^(true|false)$/i.test(values[name])) values[name] = String(values[name]).toLowerCase()
  }
}

export const Subject = Open({ subject: Type.String() })
export const SubjectVersion = Open({ subject: Type.String(), version: Type.String() })
export const SchemaId = Open({ id: Type.Integer({ minimum: 0, maximum: INT_MAX }) })

export const Deleted = Open({ deleted: Flag })
export const Permanent = Open({ permanent: Flag })
export const Verbose = Open({ verbose: Flag })
export const Force = Open({ force: Flag })
export const DefaultToGlobal = Open({ defaultToGlobal: Flag })

const SUBJECTS_MAX = 10_000
export const SubjectList = Open({
  deleted: Flag,
  subjectPrefix: Type.String({ default: '', maxLength: SUBJECT_MAX }),
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, maximum: SUBJECTS_MAX, default: SUBJECTS_MAX }),
})
export type SubjectList = Static<typeof SubjectList>

/** One page of the names; a limit of -1 is the most that are given. */
export function pageOf(names: readonly string[], query: SubjectList): readonly string[] {
  const limit = query.limit < 0 ? SUBJECTS_MAX : query.limit
  return names
    .filter(name => name.startsWith(query.subjectPrefix))
    .toSorted()
    .slice(query.offset, query.offset + limit)
}

export const SchemaBody = Open({
  schema: Type.Optional(Type.String({ description: 'Avro schema as JSON text' })),
  schemaType: Type.Optional(Type.Union([Type.String(), Type.Null()], { default: 'AVRO' })),
  references: Type.Optional(Type.Unknown({ description: 'not taken' })),
  metadata: Type.Optional(Type.Unknown({ description: 'not taken' })),
  ruleSet: Type.Optional(Type.Unknown({ description: 'not taken' })),
  id: Type.Optional(Type.Integer({ minimum: -1, maximum: INT_MAX })),
  version: Type.Optional(Type.Integer({ minimum: -1, maximum: INT_MAX })),
})
export type SchemaBody = Static<typeof SchemaBody>

/** The schema that was sent. Throws RegistryRefusal `invalid-schema`. */
export function sentSchema(body: SchemaBody): Candidate {
  const { schema = '', schemaType } = body
  if ((schemaType ?? 'AVRO').toUpperCase() !== 'AVRO') {
    throw invalidSchema(`schemas of type ${schemaType} are not taken here: only AVRO`)
  }
  if (schema.trim() === '') throw invalidSchema('Empty schema')
  for (const member of ['references', 'metadata', 'ruleSet'] as const) {
    const value = body[member] ?? []
    if (typeof value === 'object' && Object.keys(value).length === 0) continue
    throw invalidSchema(`${member} are not taken here: send the schema whole, and alone`)
  }
  return candidateOf(schema)
}

function invalidSchema(message: string): RegistryRefusal {
  return new RegistryRefusal('invalid-schema', message)
}

/** In mode IMPORT. -1, as clients write it, is none. */
export function importedAs({ id, version }: SchemaBody): { id?: number; version?: number } {
  return {
    ...(id === undefined || id < 1 ? {} : { id }),
    ...(version === undefined || version < 1 ? {} : { version }),
  }
}

const PLAIN = new RegExp(TEXT_PATTERN, 'u')

/** Throws RegistryRefusal `invalid-subject`. */
export function sentSubject({ subject }: { readonly subject: string }): string {
  if (subject.length <= SUBJECT_MAX && subject.trim() !== '' && PLAIN.test(subject)) return subject
  const message = `The specified subject is not valid: 1 to ${SUBJECT_MAX} plain characters`
  throw new RegistryRefusal('invalid-subject', message)
}

/** Throws RegistryRefusal `invalid-version`. */
export function sentVersion({ version }: { readonly version: string }): number | 'latest' {
  if (version === 'latest' || version === '-1') return 'latest'
  const number = /^[0-9]{1,10}$/.test(version) ? Number(version) : 0
  if (number >= 1 && number <= INT_MAX) return number
  const message =
    `The specified version '${version.slice(0, 40)}' is not a valid version id. ` +
    'Allowed values are between [1, 2^31-1] and the string "latest"'
  throw new RegistryRefusal('invalid-version', message)
}

export const LevelBody = Open({ compatibility: Type.Optional(Type.Unknown()) })

/** Throws RegistryRefusal `invalid-level`. */
export function sentLevel({ compatibility }: Static<typeof LevelBody>) {
  const level = LEVELS.find(one => one === String(compatibility).toUpperCase())
  if (level !== undefined) return level
  const message = `Invalid compatibility level. Valid values are ${LEVELS.join(', ')}`
  throw new RegistryRefusal('invalid-level', message)
}

export const ModeBody = Open({ mode: Type.Optional(Type.Unknown()) })

/** Throws RegistryRefusal `invalid-mode`. */
export function sentMode({ mode }: Static<typeof ModeBody>) {
  const found = MODES.find(one => one === String(mode).toUpperCase())
  if (found !== undefined) return found
  const message = `Invalid mode. Valid values are ${MODES.join(', ')}`
  throw new RegistryRefusal('invalid-mode', message)
}

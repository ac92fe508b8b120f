/**
 * What the registry says no to, with the codes that stock clients know.
 * @source Confluent Schema Registry API, "Errors".
 */
const REFUSALS = {
  'subject-not-found': { status: 404, code: 40401 },
  'version-not-found': { status: 404, code: 40402 },
  'schema-not-found': { status: 404, code: 40403 },
  'subject-already-deleted': { status: 404, code: 40404 },
  'subject-not-deleted': { status: 404, code: 40405 },
  'version-already-deleted': { status: 404, code: 40406 },
  'version-not-deleted': { status: 404, code: 40407 },
  'level-not-set': { status: 404, code: 40408 },
  'mode-not-set': { status: 404, code: 40409 },
  incompatible: { status: 409, code: 409 },
  'invalid-schema': { status: 422, code: 42201 },
  'invalid-version': { status: 422, code: 42202 },
  'invalid-level': { status: 422, code: 42203 },
  'invalid-mode': { status: 422, code: 42204 },
  'not-permitted': { status: 422, code: 42205 },
  'invalid-subject': { status: 422, code: 42208 },
} as const satisfies Record<string, { readonly status: number; readonly code: number }>

export type RefusalKind = keyof typeof REFUSALS

/** Thrown to the route, which answers `{error_code, message}`. */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal'
  readonly kind: RefusalKind
  readonly status: number
  readonly code: number
  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.kind = kind
    this.status = REFUSALS[kind].status
    this.code = REFUSALS[kind].code
  }
}

export function subjectNotFound(subject: string): RegistryRefusal {
  return new RegistryRefusal('subject-not-found', `Subject '${subject}' not found.`)
}

export function versionNotFound(version: number | 'latest'): RegistryRefusal {
  return new RegistryRefusal('version-not-found', `Version ${version} not found.`)
}

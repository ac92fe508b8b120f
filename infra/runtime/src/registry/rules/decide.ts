/** What a command changes in the registry: pure, so that a lost race is decided again. */
import type { Incompatibility, Level } from '@tongchou/contracts/avro/compatibility.ts'
import { obstacles } from '@tongchou/contracts/avro/compatibility.ts'
import type { AvroSchema } from '@tongchou/contracts/avro/schema/model.ts'
import { unreachable } from '@tongchou/contracts/decision.ts'
import type { Change, Mode } from '../port.ts'
import { RegistryRefusal, subjectNotFound, versionNotFound } from './refusal.ts'
import type { RegistryState, Version } from './state.ts'

export type Candidate = { readonly text: string; readonly schema: AvroSchema }

export type Command =
  | {
      readonly type: 'register'
      readonly subject: string
      readonly candidate: Candidate
      /** Only in mode IMPORT. */
      readonly id?: number
      readonly version?: number
    }
  | {
      readonly type: 'delete'
      readonly subject: string
      readonly version: number | 'latest' | null
      readonly permanent: boolean
    }
  | { readonly type: 'set-level'; readonly subject: string | null; readonly level: Level | null }
  | {
      readonly type: 'set-mode'
      readonly subject: string | null
      readonly mode: Mode | null
      readonly force: boolean
    }

/** `change` null: the registry is as it was asked for. `reply`: an id, or the versions deleted. */
export type Outcome = { readonly change: Change | null; readonly reply: readonly number[] }

/** Throws RegistryRefusal. */
export function decide(command: Command, state: RegistryState): Outcome {
  switch (command.type) {
    case 'register':
      return register(command, state)
    case 'delete':
      return command.version === null
        ? deleteSubject(command, state)
        : deleteVersion({ ...command, version: command.version }, state)
    case 'set-level':
      return setLevel(command, state)
    case 'set-mode':
      return setMode(command, state)
    default:
      return unreachable(command)
  }
}

type Register = Command & { readonly type: 'register' }
type Delete = Command & { readonly type: 'delete' }

/**
 * Refuses not-permitted (mode), incompatible. What is registered already gets its id in every mode.
 */
function register(command: Register, state: RegistryState): Outcome {
  const { subject, candidate } = command
  const known = state.idOf(candidate.text)
  const versions = state.versions(subject, false)
  const there = versions.some(({ id }) => id === known)
  const asked = command.id ?? known
  if (there && known !== undefined && asked === known) return { change: null, reply: [known] }
  refuseByMode(command, state)
  const mode = state.mode(subject)
  if (mode !== 'IMPORT') refuseIncompatible(command, state)
  if (mode === 'IMPORT') refuseOverwriting(command, state)
  const last = state.versions(subject, true).at(-1)?.version ?? 0
  const id = command.id ?? known ?? state.nextId
  const version = command.version ?? last + 1
  const change = { type: 'registered', subject, version, id, schema: candidate.text } as const
  return { change, reply: [id] }
}

function refuseByMode({ subject, id, version }: Register, state: RegistryState): void {
  const mode = state.mode(subject)
  if (mode === 'READONLY') throw readOnly(subject)
  if (mode === 'IMPORT' && id === undefined) {
    const message = `Subject ${subject} is in import mode: a schema is sent with its id.`
    throw new RegistryRefusal('not-permitted', message)
  }
  if (mode !== 'IMPORT' && (id !== undefined || version !== undefined)) {
    const message = `Subject ${subject} is not in import mode: ids and versions are given here.`
    throw new RegistryRefusal('not-permitted', message)
  }
}

function readOnly(subject: string): RegistryRefusal {
  return new RegistryRefusal('not-permitted', `Subject ${subject} is in read-only mode`)
}

function refuseIncompatible({ subject, candidate }: Register, state: RegistryState): void {
  const found = obstaclesOf(subject, candidate, state)
  if (found.length === 0) return
  const message =
    'Schema being registered is incompatible with an earlier schema for subject ' +
    `"${subject}", details: [${found.map(sentence).join('; ')}]`
  throw new RegistryRefusal('incompatible', message)
}

/** An id stands for one schema, a schema for one id, a version for one of them, for ever. */
function refuseOverwriting({ subject, id, version, candidate }: Register, state: RegistryState) {
  const known = state.idOf(candidate.text)
  const other = id === undefined ? undefined : state.everWithId(id)
  if ((other !== undefined && other.text !== candidate.text) || (known ?? id) !== id) {
    const message = `Overwriting the schema with id ${id} is not permitted.`
    throw new RegistryRefusal('not-permitted', message)
  }
  if (state.versions(subject, true).some(one => one.version === version)) {
    const message = `Overwriting version ${version} of subject ${subject} is not permitted.`
    throw new RegistryRefusal('not-permitted', message)
  }
}

/** What is in the way of the schema under the level of the subject. */
export function obstaclesOf(
  subject: string,
  { schema }: Candidate,
  state: RegistryState,
): readonly Incompatibility[] {
  return obstacles(state.level(subject), schema, state.earlier(subject))
}

export function sentence({ kind, reader, version, path, detail }: Incompatibility): string {
  const at = path === '' ? '' : ` at ${path}`
  return `${kind}${at}, ${reader} schema as reader, version ${version}: ${detail}`
}

/** Refuses not-permitted, subject-not-found, subject-already-deleted, subject-not-deleted. */
function deleteSubject({ subject, permanent }: Delete, state: RegistryState): Outcome {
  if (state.mode(subject) === 'READONLY') throw readOnly(subject)
  const all = state.versions(subject, true)
  const shown = state.versions(subject, false)
  if (all.length === 0) throw subjectNotFound(subject)
  if (!permanent && shown.length === 0) {
    const message = `Subject '${subject}' was soft deleted. permanent=true deletes it for good`
    throw new RegistryRefusal('subject-already-deleted', message)
  }
  if (permanent && shown.length > 0) {
    const message = `Subject '${subject}' was not deleted first before being permanently deleted`
    throw new RegistryRefusal('subject-not-deleted', message)
  }
  const type = permanent ? 'removed' : 'hidden'
  const reply = (permanent ? all : shown).map(({ version }) => version)
  return { change: { type, subject, version: null }, reply }
}

/** Refuses not-permitted, subject-, version-not-found, version-already-deleted, -not-deleted. */
function deleteVersion(
  command: Delete & { readonly version: number | 'latest' },
  state: RegistryState,
): Outcome {
  const { subject, version, permanent } = command
  if (state.mode(subject) === 'READONLY') throw readOnly(subject)
  const found = versionOf(subject, version, { state, withHidden: true })
  if (!permanent && found.hidden) {
    const message =
      `Subject '${subject}' Version ${found.version} was soft deleted. ` +
      'Set permanent=true to delete permanently'
    throw new RegistryRefusal('version-already-deleted', message)
  }
  if (permanent && !found.hidden) {
    const message =
      `Subject '${subject}' Version ${found.version} was not deleted first ` +
      'before being permanently deleted'
    throw new RegistryRefusal('version-not-deleted', message)
  }
  const type = permanent ? 'removed' : 'hidden'
  return { change: { type, subject, version: found.version }, reply: [found.version] }
}

/** Refuses subject-not-found, version-not-found. `latest` is the last that is not hidden. */
export function versionOf(
  subject: string,
  version: number | 'latest',
  { state, withHidden }: { readonly state: RegistryState; readonly withHidden: boolean },
): Version {
  const latest = version === 'latest'
  const versions = state.versions(subject, withHidden && !latest)
  if (versions.length === 0) throw subjectNotFound(subject)
  const found = latest ? versions.at(-1) : versions.find(one => one.version === version)
  if (found === undefined) throw versionNotFound(version)
  return found
}

/** Refuses level-not-set, when there is nothing to take back. */
function setLevel(
  { subject, level }: Command & { readonly type: 'set-level' },
  state: RegistryState,
): Outcome {
  const own = state.ownLevel(subject)
  if (level === null && own === undefined && subject !== null) throw levelNotSet(subject)
  const same = (own ?? null) === level
  return { change: same ? null : { type: 'level-set', subject, level }, reply: [] }
}

export function levelNotSet(subject: string): RegistryRefusal {
  const message = `Subject '${subject}' does not have subject-level compatibility configured`
  return new RegistryRefusal('level-not-set', message)
}

/** Refuses mode-not-set; not-permitted: IMPORT beside schemas that ids were given to here. */
function setMode(
  { subject, mode, force }: Command & { readonly type: 'set-mode' },
  state: RegistryState,
): Outcome {
  const own = state.ownMode(subject)
  if (mode === null && own === undefined && subject !== null) throw modeNotSet(subject)
  if ((own ?? null) === mode) return { change: null, reply: [] }
  const occupied =
    subject === null ? state.subjects(false).length > 0 : state.versions(subject, false).length > 0
  if (mode === 'IMPORT' && occupied && !force) {
    const message = 'Cannot import since found existing subjects; force=true does so all the same'
    throw new RegistryRefusal('not-permitted', message)
  }
  return { change: { type: 'mode-set', subject, mode }, reply: [] }
}

export function modeNotSet(subject: string): RegistryRefusal {
  const message = `Subject '${subject}' does not have subject-level mode configured`
  return new RegistryRefusal('mode-not-set', message)
}

/** The registry as its changes make it: subjects, versions, ids, levels, modes. */
import type { Earlier, Level } from '@tongchou/contracts/avro/compatibility.ts'
import { levelOf } from '@tongchou/contracts/avro/compatibility.ts'
import type { AvroSchema } from '@tongchou/contracts/avro/schema/model.ts'
import { parseSchema } from '@tongchou/contracts/avro/schema/parse.ts'
import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type { Change, Mode, NumberedChange } from '../port.ts'

export type Registered = {
  readonly id: number
  /** In normal form. */
  readonly text: string
  readonly schema: AvroSchema
}

export type Version = { readonly version: number; readonly id: number; readonly hidden: boolean }

export class RegistryState {
  #revision = 0
  #lastId = 0
  readonly #byId = new Map<number, Registered>()
  readonly #idOf = new Map<string, number>()
  readonly #subjects = new Map<string, Map<number, Version>>()
  readonly #levels = new Map<string | null, Level>()
  readonly #modes = new Map<string | null, Mode>()

  get revision(): number {
    return this.#revision
  }

  /** The id that a schema without one gets. */
  get nextId(): number {
    return this.#lastId + 1
  }

  /** The schema of an id that a version still has, hidden or not. */
  withId(id: number): Registered | undefined {
    return this.uses(id, true).length === 0 ? undefined : this.#byId.get(id)
  }

  /** Every schema that ever had this id, removed ones too. */
  everWithId(id: number): Registered | undefined {
    return this.#byId.get(id)
  }

  /** The id that this schema has for ever. */
  idOf(text: string): number | undefined {
    return this.#idOf.get(text)
  }

  subjects(withHidden: boolean): readonly string[] {
    return [...this.#subjects.keys()].filter(name => this.versions(name, withHidden).length > 0)
  }

  /** Oldest first. */
  versions(subject: string, withHidden: boolean): readonly Version[] {
    const all = [...(this.#subjects.get(subject)?.values() ?? [])]
    const shown = withHidden ? all : all.filter(({ hidden }) => !hidden)
    return shown.toSorted((a, b) => a.version - b.version)
  }

  /** Where an id stands. */
  uses(id: number, withHidden: boolean): readonly { subject: string; version: number }[] {
    return [...this.#subjects.keys()].flatMap(subject =>
      this.versions(subject, withHidden)
        .filter(version => version.id === id)
        .map(({ version }) => ({ subject, version })),
    )
  }

  /** What a new schema of the subject is held against. */
  earlier(subject: string): readonly Earlier[] {
    return this.versions(subject, false).map(({ version, id }) => {
      const registered = this.#byId.get(id)
      assert(registered !== undefined, `version ${version} of ${subject} has no schema`)
      return { version, schema: registered.schema }
    })
  }

  /** Level that was set, without the one that it inherits. */
  ownLevel(subject: string | null): Level | undefined {
    return this.#levels.get(subject)
  }

  level(subject: string | null): Level {
    const set = this.#levels.get(subject) ?? this.#levels.get(null)
    return set ?? levelOf(subject ?? '')
  }

  ownMode(subject: string | null): Mode | undefined {
    return this.#modes.get(subject)
  }

  mode(subject: string | null): Mode {
    return this.#modes.get(subject) ?? this.#modes.get(null) ?? 'READWRITE'
  }

  /** Takes the next change; one that it has is passed over. */
  apply({ revision, change }: NumberedChange): void {
    if (revision <= this.#revision) return
    assert(revision === this.#revision + 1, `the registry lacks change ${this.#revision + 1}`)
    this.#revision = revision
    this.#take(change)
  }

  #take(change: Change): void {
    switch (change.type) {
      case 'registered':
        this.#register(change)
        break
      case 'hidden':
        this.#forEach(change, version => ({ ...version, hidden: true }))
        break
      case 'removed':
        this.#forEach(change, () => null)
        break
      case 'level-set':
        set(this.#levels, change.subject, change.level)
        break
      case 'mode-set':
        set(this.#modes, change.subject, change.mode)
        break
      default:
        unreachable(change)
    }
  }

  #register({ subject, version, id, schema }: Change & { readonly type: 'registered' }): void {
    if (!this.#byId.has(id)) {
      this.#byId.set(id, { id, text: schema, schema: parseSchema(schema) })
      this.#idOf.set(schema, id)
      this.#lastId = Math.max(this.#lastId, id)
    }
    const versions = this.#subjects.get(subject) ?? new Map<number, Version>()
    this.#subjects.set(subject, versions.set(version, { version, id, hidden: false }))
  }

  #forEach(
    change: { readonly subject: string; readonly version: number | null },
    next: (version: Version) => Version | null,
  ): void {
    const versions = this.#subjects.get(change.subject)
    for (const version of versions?.values() ?? []) {
      if (change.version !== null && change.version !== version.version) continue
      const changed = next(version)
      if (changed === null) versions?.delete(version.version)
      else versions?.set(version.version, changed)
    }
    // A subject of which nothing is left has no settings of its own either.
    if (versions?.size === 0) {
      this.#subjects.delete(change.subject)
      this.#levels.delete(change.subject)
      this.#modes.delete(change.subject)
    }
  }
}

function set<T>(values: Map<string | null, T>, subject: string | null, value: T | null): void {
  if (value === null) values.delete(subject)
  else values.set(subject, value)
}

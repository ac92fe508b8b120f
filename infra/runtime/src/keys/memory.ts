import { randomBytes } from 'node:crypto'
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { KeyStore, PersonKey } from './port.ts'
import { KEY_BYTES } from './wrap.ts'

/** Keys in a map: for tests and `--memory`. */
export class MemoryKeys implements KeyStore {
  readonly #keys = new Map<PersonId, PersonKey>()

  async obtain(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKey>> {
    for (const person of persons) {
      if (!this.#keys.has(person)) this.#keys.set(person, randomBytes(KEY_BYTES))
    }
    return this.find(persons)
  }

  async find(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKey>> {
    const found = new Map<PersonId, PersonKey>()
    for (const person of persons) {
      const key = this.#keys.get(person)
      if (key !== undefined) found.set(person, key)
    }
    return found
  }

  async destroy(person: PersonId): Promise<void> {
    this.#keys.set(person, 'destroyed')
  }
}

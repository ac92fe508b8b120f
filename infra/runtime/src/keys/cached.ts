/**
 * Keys for sealing, kept for a while as they are unwrapped. Only for sealing: whoever opens asks
 * the store, so that what is sealed under a key that was destroyed meanwhile opens nowhere.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { LRUCache } from 'lru-cache'
import type { KeyStore } from './port.ts'
import { KEY_BYTES } from './wrap.ts'

export type CachedKeysOptions = {
  /** Persons whose keys are kept, about 200 bytes each. */
  readonly max: number
  readonly ttlMs: number
}

const TTL_STEP_MS = 1000

export class CachedKeys {
  readonly #store: Pick<KeyStore, 'obtain'>
  readonly #keys: LRUCache<PersonId, KeyObject>

  constructor(store: Pick<KeyStore, 'obtain'>, { max, ttlMs }: CachedKeysOptions) {
    this.#store = store
    this.#keys = new LRUCache({ max, ttl: ttlMs, ttlResolution: TTL_STEP_MS })
  }

  /**
   * A key for each person, made and durable where there was none; one round trip for all that are
   * not at hand. Who was erased gets one that nobody keeps: what is sealed under it opens nowhere.
   */
  async obtain(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, KeyObject>> {
    const found = new Map<PersonId, KeyObject>()
    const missing = new Set<PersonId>()
    for (const person of persons) {
      const key = this.#keys.get(person)
      if (key === undefined) missing.add(person)
      else found.set(person, key)
    }
    if (missing.size === 0) return found
    for (const [person, key] of await this.#store.obtain([...missing])) {
      const made = createSecretKey(key === 'destroyed' ? randomBytes(KEY_BYTES) : key)
      if (key !== 'destroyed') this.#keys.set(person, made)
      found.set(person, made)
    }
    return found
  }

  /** The person's key was destroyed. */
  forget(person: PersonId): void {
    this.#keys.delete(person)
  }
}

/**
 * Data keys of persons: one for each, random, kept beside the events and destroyed alone. Adapters:
 * memory, postgres.
 */
import type { PersonId } from '@tongchou/contracts/id.ts'

/** 32 bytes; `destroyed` for ever after the person's data were erased. */
export type PersonKey = Buffer | 'destroyed'

export interface KeyStore {
  /**
   * The key of each person, made where there is none, durable when this returns: whatever is sealed
   * afterwards can be opened again. One round trip for any number. Throws Fault `unavailable`.
   */
  obtain(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKey>>
  /** Keys that exist. */
  find(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKey>>
  /**
   * Durable when this returns; no key is ever made for the person again. Again: nothing happens.
   */
  destroy(person: PersonId): Promise<void>
}

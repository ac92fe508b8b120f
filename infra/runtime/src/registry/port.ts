/**
 * What a schema registry keeps: a log of changes, numbered without gaps. Whoever changes something
 * has decided on all changes before it, for the number is taken only once: so ids are given once,
 * and no schema slips past the check of another. Adapters: memory, postgres.
 */
import type { Level } from '@tongchou/contracts/avro/compatibility.ts'

export const MODES = ['READWRITE', 'READONLY', 'IMPORT'] as const
export type Mode = (typeof MODES)[number]

/** `subject` null: of the whole registry. */
export type Change =
  | {
      readonly type: 'registered'
      readonly subject: string
      readonly version: number
      readonly id: number
      /** In normal form. */
      readonly schema: string
    }
  /** Of one version or, with null, of all. Hidden ones can still be read by id. */
  | {
      readonly type: 'hidden' | 'removed'
      readonly subject: string
      readonly version: number | null
    }
  | { readonly type: 'level-set'; readonly subject: string | null; readonly level: Level | null }
  | { readonly type: 'mode-set'; readonly subject: string | null; readonly mode: Mode | null }

export type NumberedChange = { readonly revision: number; readonly change: Change }

export interface RegistryLog {
  /** Changes after that revision, oldest first, up to the limit. Throws Fault `unavailable`. */
  after(revision: number, limit: number): Promise<readonly NumberedChange[]>
  /**
   * Keeps the change under this revision, durably when this returns. False: another has it, or this
   * very change was stored and its answer lost; look again. Throws Fault `unavailable`.
   */
  append(revision: number, change: Change): Promise<boolean>
}

/**
 * Keys are stored wrapped by a master key that is not in the database: a copy of the tables opens
 * nothing.
 */
import { createCipheriv, createDecipheriv, hash, type KeyObject } from 'node:crypto'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { Fault } from '../service/fault.ts'

export const KEY_BYTES = 32
export const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Tells master keys apart without telling them: first 16 hex digits of a digest. */
export function masterName(master: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from('tongchou master key '), master])).slice(0, 16)
}

export type Wrapping = { readonly master: KeyObject; readonly nonce: Buffer }

/** Nonce, tag, AES-256-GCM text; bound to the person. `nonce`: 12 random bytes for this once. */
export function wrap(key: Buffer, person: PersonId, { master, nonce }: Wrapping): Buffer {
  const cipher = createCipheriv('aes-256-gcm', master, nonce)
  cipher.setAAD(Buffer.from(person))
  const body = [cipher.update(key), cipher.final()]
  return Buffer.concat([nonce, cipher.getAuthTag(), ...body])
}

/**
 * Throws Fault `altered` when the bytes are not what `wrap` made for this person under this master.
 */
export function unwrap(wrapped: Buffer, person: PersonId, master: KeyObject): Buffer {
  const nonce = wrapped.subarray(0, NONCE_BYTES)
  const head = NONCE_BYTES + TAG_BYTES
  try {
    const decipher = createDecipheriv('aes-256-gcm', master, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(person))
    decipher.setAuthTag(wrapped.subarray(NONCE_BYTES, head))
    return Buffer.concat([decipher.update(wrapped.subarray(head)), decipher.final()])
  } catch (cause) {
    throw new Fault('altered', `the key of ${person} does not open`, { cause })
  }
}

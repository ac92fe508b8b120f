/**
 * Bytes sealed with AES-256-GCM under a person's key: version 1, nonce, tag, text. What they belong
 * to is authenticated with them, so that a blob moved elsewhere does not open.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { NONCE_BYTES } from './wrap.ts'

const VERSION = Buffer.of(1)
const TAG_BYTES = 16
const HEAD_BYTES = VERSION.length + NONCE_BYTES + TAG_BYTES

export type Sealing = {
  readonly key: KeyObject
  /** What the bytes belong to, in words that nothing else has. */
  readonly boundTo: string
}

/** `nonce`: 12 random bytes, never used twice with one key. */
export function sealBytes(bytes: Buffer, { key, boundTo }: Sealing, nonce: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(boundTo))
  const body = cipher.update(bytes)
  cipher.final() // of a stream cipher nothing is left
  return Buffer.concat([VERSION, nonce, cipher.getAuthTag(), body])
}

/** Undefined when the blob was altered, belongs elsewhere or was sealed under another key. */
export function openSealed(sealed: Buffer, { key, boundTo }: Sealing): Buffer | undefined {
  if (sealed.length <= HEAD_BYTES || sealed[0] !== VERSION[0]) return undefined
  const nonce = sealed.subarray(VERSION.length, VERSION.length + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(boundTo))
  decipher.setAuthTag(sealed.subarray(VERSION.length + NONCE_BYTES, HEAD_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}

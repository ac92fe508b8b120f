/**
 * SHA-256 of short content. Asked for a buffer, Node makes memory of its own for each hash, which
 * takes three times as long as the hash; asked for text of one byte a character it does not.
 */
import { hash } from 'node:crypto'

const SHA256_BYTES = 32

/** 32 bytes; text is hashed as UTF-8. */
export function sha256(content: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', content, 'binary'), 'latin1')
}

/** Writes the first `length` bytes of the hash into `target` from `at` on. */
export function writeSha256(
  content: string | Uint8Array,
  { target, at, length = SHA256_BYTES }: Place,
): void {
  target.write(hash('sha256', content, 'binary'), at, length, 'latin1')
}

type Place = { readonly target: Buffer; readonly at: number; readonly length?: number }

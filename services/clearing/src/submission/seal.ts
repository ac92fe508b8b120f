/**
 * What a hospital sent, byte for byte, sealed under the person's key. The event carries a digest of
 * 16 random bytes and of what was sent; the random bytes are sealed too, so that the digest proves
 * the bytes to who may open them, and says nothing of a person number to who may not.
 */
import { hash, type KeyObject } from 'node:crypto'
import type { ClaimId, PersonId } from '@tongchou/contracts/id.ts'
import { openSealed, sealBytes } from '@tongchou/runtime/keys/seal.ts'
import { NONCE_BYTES } from '@tongchou/runtime/keys/wrap.ts'

export const SALT_BYTES = 16
/** Random bytes for one submission: the nonce and what is hashed and sealed before the body. */
export const RANDOM_BYTES = NONCE_BYTES + SALT_BYTES

export type Owner = { readonly claimId: ClaimId; readonly personId: PersonId }

export type SealedSubmission = {
  /** SHA-256 of salt and body, hex: `ClaimSubmitted.rawDigest`. */
  readonly rawDigest: string
  readonly sealed: Buffer
}

/** `random`: RANDOM_BYTES of it, never used twice. */
export function sealSubmission(
  raw: Buffer,
  { claimId, personId }: Owner,
  { key, random }: { readonly key: KeyObject; readonly random: Buffer },
): SealedSubmission {
  const salted = Buffer.concat([random.subarray(NONCE_BYTES), raw])
  const sealing = { key, boundTo: boundTo(claimId, personId) }
  const sealed = sealBytes(salted, sealing, random.subarray(0, NONCE_BYTES))
  return { rawDigest: hash('sha256', salted), sealed }
}

export type OpenedSubmission = { readonly raw: Buffer; readonly salt: Buffer }

/**
 * Undefined when the blob was altered, is another claim's, was sealed under another key, or is not
 * what the digest tells.
 */
export function openSubmission(
  { rawDigest, sealed }: SealedSubmission,
  { claimId, personId }: Owner,
  key: KeyObject,
): OpenedSubmission | undefined {
  const salted = openSealed(sealed, { key, boundTo: boundTo(claimId, personId) })
  if (salted === undefined || hash('sha256', salted) !== rawDigest) return undefined
  return { salt: salted.subarray(0, SALT_BYTES), raw: salted.subarray(SALT_BYTES) }
}

function boundTo(claimId: ClaimId, personId: PersonId): string {
  return `claim-${claimId}|ClaimSubmitted|${personId}`
}

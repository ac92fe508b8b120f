/**
 * A signed statement of how a store stood: its incarnation, number of events and Merkle root. Text
 * and signature are those of C2SP tlog-checkpoint and signed-note, so any witness of transparency
 * logs can check and co-sign it.
 */
import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { isUuid, type Uuid } from '@tongchou/contracts/id.ts'
import { type Instant, isInstant } from '@tongchou/contracts/time.ts'
import { CompactRange } from './tree.ts'

export type Checkpoint = {
  readonly service: string
  readonly incarnation: Uuid
  /** Events that the root covers: positions 1 to `size`. */
  readonly size: number
  readonly root: Buffer
  readonly at: Instant
}

export type SignedCheckpoint = Checkpoint & {
  /** Eight hex digits: the first four bytes of the key's hash, as in a signed note. */
  readonly keyId: string
  /** Ed25519 over `textOf`. */
  readonly signature: Buffer
}

/** A line of a checkpoint file: with the full subtrees, so that the writer can go on from it. */
export type CheckpointLine = SignedCheckpoint & { readonly frontier: Buffer }

/** Name of the key in notes; the same for all services of an installation. */
const KEY_NAME = 'tongchou'
const ED25519 = Buffer.from([0x01])
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex')

/** What is signed. */
export function textOf({ service, incarnation, size, root, at }: Checkpoint): string {
  return `tongchou/${service}/${incarnation}\n${size}\n${root.toString('base64')}\nat ${at}\n`
}

/** The signed note: text, empty line, signature. @source C2SP signed-note v1.0.0 */
export function noteOf(signed: SignedCheckpoint): string {
  const mark = Buffer.concat([Buffer.from(signed.keyId, 'hex'), signed.signature])
  return `${textOf(signed)}\n\u2014 ${KEY_NAME} ${mark.toString('base64')}\n`
}

/** The 32 bytes of an Ed25519 public key. */
export function rawKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI_ED25519.length)
}

/** First four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key), hex. @source C2SP signed-note */
export function keyIdOf(key: KeyObject): string {
  const named = Buffer.concat([Buffer.from(`${KEY_NAME}\n`), ED25519, rawKey(key)])
  return hash('sha256', named, 'buffer').toString('hex', 0, 4)
}

/**
 * `tongchou+<key id>+<base64>`: the form in which a verifier is given the key. @source C2SP signed-
 * note
 */
export function verificationKeyOf(key: KeyObject): string {
  const bytes = Buffer.concat([ED25519, rawKey(key)]).toString('base64')
  return `${KEY_NAME}+${keyIdOf(key)}+${bytes}`
}

/** The inverse of `verificationKeyOf`; undefined for what is no such key. */
export function keyFromVerificationKey(text: string): KeyObject | undefined {
  const [, name, keyId, base64 = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)\s*$/.exec(text) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (name !== KEY_NAME || bytes.length !== 33 || bytes[0] !== ED25519[0]) return undefined
  const der = Buffer.concat([SPKI_ED25519, bytes.subarray(1)])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return keyIdOf(key) === keyId ? key : undefined
}

export function signCheckpoint(checkpoint: Checkpoint, privateKey: KeyObject): SignedCheckpoint {
  const signature = sign(null, Buffer.from(textOf(checkpoint)), privateKey)
  return { ...checkpoint, keyId: keyIdOf(createPublicKey(privateKey)), signature }
}

export function isSignedBy(signed: SignedCheckpoint, publicKey: KeyObject): boolean {
  if (signed.keyId !== keyIdOf(publicKey)) return false
  return verify(null, Buffer.from(textOf(signed)), publicKey, signed.signature)
}

/** One line of NDJSON, without its end. */
export function lineOf(line: CheckpointLine): string {
  const { service, incarnation, size, root, at, keyId, signature, frontier } = line
  return JSON.stringify({
    service,
    incarnation,
    size,
    root: root.toString('hex'),
    at,
    keyId,
    signature: signature.toString('base64'),
    frontier: frontier.toString('base64'),
  })
}

/** Undefined for what is no such line, or whose subtrees do not make up its root. */
export function lineFrom(text: string): CheckpointLine | undefined {
  const found = fieldsOf(text)
  if (found === undefined) return undefined
  const { service, incarnation, size, at, keyId, ...bytes } = found
  if (typeof service !== 'string' || typeof incarnation !== 'string') return undefined
  if (!isUuid(incarnation) || typeof at !== 'string' || !isInstant(at)) return undefined
  if (typeof size !== 'number' || typeof keyId !== 'string') return undefined
  const { root: rootText, signature: signatureText, frontier: frontierText } = bytes
  const root = bytesOf(rootText, 'hex')
  const signature = bytesOf(signatureText, 'base64')
  const frontier = bytesOf(frontierText, 'base64')
  const line = { service, incarnation, size, root, at, keyId, signature, frontier }
  return lineOf(line) === text && foldsToRoot(line) ? line : undefined
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function bytesOf(value: unknown, encoding: 'hex' | 'base64'): Buffer {
  return Buffer.from(typeof value === 'string' ? value : '', encoding)
}

function foldsToRoot({ size, root, frontier }: CheckpointLine): boolean {
  try {
    return CompactRange.fromBytes(size, frontier).root().equals(root)
  } catch {
    return false
  }
}

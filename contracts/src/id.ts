import {
  createHash,
  createHmac,
  createSecretKey,
  hash,
  type KeyObject,
  randomUUID,
} from 'node:crypto'

/**
 * Ids are lowercase UUIDs, branded by what they name; they are made at the edge or derived from a
 * natural key.
 */
declare const uuidBrand: unique symbol
export type Uuid = string & { readonly [uuidBrand]: true }

declare const idBrand: unique symbol
export type Id<Name extends string> = Uuid & { readonly [idBrand]: Name }
export type ClaimId = Id<'claim'>
export type PersonId = Id<'person'>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isUuid(value: string): value is Uuid {
  return UUID.test(value)
}

/** Brands a lowercase UUID. Throws RangeError on anything else. */
export function uuid<T extends Uuid = Uuid>(value: string): T {
  if (!isUuid(value)) throw new RangeError(`not a lowercase UUID: ${value}`)
  return value as unknown as T
}

export function newUuid<T extends Uuid = Uuid>(): T {
  return randomUUID() as unknown as T
}

function formatUuid(bytes: Buffer, version: number): Uuid {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex', 0, 16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return `${parts.join('-')}-${hex.slice(20)}` as Uuid
}

/** The fourth group of a UUID begins with binary 10. */
const VARIANTS = Array.from('89ab89ab89ab89ab')

/** UUIDv5 (RFC 9562 §5.5): SHA-1 of namespace and name. The same name always gives the same id. */
export function uuidFrom<T extends Uuid = Uuid>(namespace: Uuid, name: string): T {
  const input = Buffer.allocUnsafe(16 + Buffer.byteLength(name))
  input.write(namespace.replaceAll('-', ''), 0, 'hex')
  input.write(name, 16)
  const digest = hash('sha1', input, 'hex')
  const variant = VARIANTS[Number.parseInt(digest.charAt(16), 16)]
  const start = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}`
  return `${start}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}` as unknown as T
}

const salts = new Map<string, Buffer>()

/**
 * UUIDv8 of an id within a scope: the id's bits turned by the scope's, so equal ids stay equal and
 * different ones different. A tenth of what a hash costs, for ids that are made for every message.
 */
export function scopedId(id: Uuid, scope: string): Uuid {
  let salt = salts.get(scope)
  if (salt === undefined) {
    salt = createHash('sha256').update(scope).digest().subarray(0, 16)
    salts.set(scope, salt)
  }
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  for (let at = 0; at < 16; at++) bytes[at] = (bytes[at] ?? 0) ^ (salt[at] ?? 0)
  return formatUuid(bytes, 8)
}

/** Fixed namespaces, themselves UUIDv5 of the DNS-style name beside them. */
export const NAMESPACE = {
  bill: namespace('bill.tongchou'),
  claim: namespace('claim.tongchou'),
  command: namespace('command.tongchou'),
  catalogue: namespace('catalogue.tongchou'),
  credit: namespace('credit.tongchou'),
  filing: namespace('filing.tongchou'),
  institution: namespace('institution.tongchou'),
  premium: namespace('premium.tongchou'),
  policy: namespace('policy.tongchou'),
  window: namespace('window.tongchou'),
} as const

function namespace(name: string): Uuid {
  return formatUuid(createHash('sha1').update(name).digest(), 5)
}

/**
 * Claim id from the natural key (institution after renames, claim number): a resend meets the same
 * stream.
 */
export function claimIdOf(institutionCode: string, claimNo: string): ClaimId {
  return uuidFrom(NAMESPACE.claim, `${institutionCode}\u0000${claimNo}`)
}

/** Node looks at raw key bytes for 20 µs at each use and at a key object for none. */
const keyObjects = new WeakMap<Buffer, KeyObject>()

function keyObjectOf(key: Buffer): KeyObject {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  const made = createSecretKey(key)
  keyObjects.set(key, made)
  return made
}

/**
 * Person id: a keyed hash of the person number, so that only holders of the key can link the two.
 */
export function personIdOf(key: Buffer, personNo: string): PersonId {
  const digest = createHmac('sha256', keyObjectOf(key)).update(personNo).digest()
  return formatUuid(digest, 8) as unknown as PersonId
}

/** Event ids are UUIDv5 of (command id, index): every retry of a command makes the same ids. */
export function eventIdOf(commandId: Uuid, index: number): Uuid {
  return uuidFrom(commandId, String(index))
}

/**
 * Which request stands under an `Idempotency-Key`: bound before it is decided, so that of several
 * different requests under one key one is taken. Adapters: memory, postgres.
 */
export type Binding = {
  /** SHA-256 of the caller, the route and the key. */
  readonly name: Buffer
  /** SHA-256 of the request: method, address, canonical body. */
  readonly digest: Buffer
  /** This one sending of the request: `newHolder`. */
  readonly holder: bigint
}

/** Each may be asked for again when its outcome was never learnt. */
export interface IdempotencyKeys {
  /**
   * Binds the request to the name; false when another request stands under it. Durable when this
   * returns. Throws Fault `unavailable`, `overloaded`.
   */
  bind(binding: Binding): Promise<boolean>
  /** The request was taken: it stays bound, whatever becomes of it when it is sent again. */
  accept(binding: Binding): Promise<void>
  /** The request was refused: the name is free unless the same one was taken or is under way. */
  release(binding: Binding): Promise<void>
  /** Frees at most `limit` names that were bound longer ago than `keepMs`; returns how many. */
  forget(keepMs: number, limit: number): Promise<number>
}

/** No request takes as long: whoever holds a name longer has died over it. */
export const HOLDER_MS = 10 * 60_000

const SERIAL_BITS = 20
const SERIALS = 1 << SERIAL_BITS
let serial = Math.floor(Math.random() * SERIALS)

/** A number of this sending alone, which tells when it came in. */
export function newHolder(nowMs: number): bigint {
  serial = (serial + 1) % SERIALS
  return oldestHolder(nowMs) + BigInt(serial)
}

/** Holders below this one came in before that time. */
export function oldestHolder(atMs: number): bigint {
  return BigInt(Math.trunc(atMs)) << BigInt(SERIAL_BITS)
}

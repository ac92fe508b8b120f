/**
 * The Merkle tree over a whole store, RFC 9162 §2.1 in shape: who holds an old root can be shown
 * that nothing before it was changed, moved or taken away. A leaf binds the position to the event's
 * chain hash.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import { sha256, writeSha256 } from '@tongchou/contracts/hash.ts'

const HASH_BYTES = 32
const LEAF = 0x00
const NODE = 0x01

const NO_ROOTS = Buffer.alloc(0)

const leafBytes = Buffer.alloc(1 + 8 + HASH_BYTES, LEAF)
const nodeBytes = Buffer.alloc(1 + 2 * HASH_BYTES, NODE)

/** SHA-256(0x00 ‖ position, 8 bytes big-endian ‖ hash of the event). */
export function leafHash(position: bigint, eventHash: Buffer): Buffer {
  leafBytes.writeBigUInt64BE(position, 1)
  eventHash.copy(leafBytes, 9, 0, HASH_BYTES)
  return sha256(leafBytes)
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(nodeBytes, 1, 0, HASH_BYTES)
  right.copy(nodeBytes, 1 + HASH_BYTES, 0, HASH_BYTES)
  return sha256(nodeBytes)
}

/** Root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = sha256('')

/** Enough for any tree that positions can count. */
const MAX_ROOTS = 64

/**
 * The tree so far as the roots of its full subtrees, largest first: all that is needed to go on.
 */
export class CompactRange {
  /** One behind the other, 32 bytes each. */
  readonly #roots = Buffer.alloc(MAX_ROOTS * HASH_BYTES)
  #end = 0
  #size: number

  constructor(size = 0, roots: Buffer = NO_ROOTS) {
    assert(roots.length === onesOf(size) * HASH_BYTES, `${size} leaves have other full subtrees`)
    this.#size = size
    this.#end = roots.copy(this.#roots)
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size
  }

  append(leaf: Buffer): void {
    leaf.copy(this.#roots, this.#end, 0, HASH_BYTES)
    let at = this.#end
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      this.#roots.copy(nodeBytes, 1, at - HASH_BYTES, at + HASH_BYTES)
      at -= HASH_BYTES
      writeSha256(nodeBytes, { target: this.#roots, at })
    }
    this.#end = at + HASH_BYTES
    this.#size += 1
  }

  root(): Buffer {
    if (this.#end === 0) return EMPTY_ROOT
    let at = this.#end - HASH_BYTES
    let root: Buffer = Buffer.from(this.#roots.subarray(at, this.#end))
    while (at > 0) {
      root = nodeHash(this.#roots.subarray(at - HASH_BYTES, at), root)
      at -= HASH_BYTES
    }
    return root
  }

  /** The roots of the full subtrees, 32 bytes each. */
  toBytes(): Buffer {
    return Buffer.from(this.#roots.subarray(0, this.#end))
  }

  /** Throws AssertionFault when the bytes are not those of a tree of that size. */
  static fromBytes(size: number, bytes: Buffer): CompactRange {
    assert(Number.isSafeInteger(size) && size >= 0, 'a tree has a whole number of leaves')
    assert(bytes.length % HASH_BYTES === 0, 'a hash has 32 bytes')
    return new CompactRange(size, bytes)
  }
}

function onesOf(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}

export function rootOf(leaves: readonly Buffer[]): Buffer {
  const range = new CompactRange()
  for (const leaf of leaves) range.append(leaf)
  return range.root()
}

/** Hashes beside the way from a leaf to the root, from below. @source RFC 9162 §2.1.3.1 */
export function inclusionProof(leaves: readonly Buffer[], index: number): readonly Buffer[] {
  assert(index >= 0 && index < leaves.length, `no leaf ${index} among ${leaves.length}`)
  if (leaves.length === 1) return []
  const half = splitOf(leaves.length)
  const left = leaves.slice(0, half)
  const right = leaves.slice(half)
  return index < half
    ? [...inclusionProof(left, index), rootOf(right)]
    : [...inclusionProof(right, index - half), rootOf(left)]
}

export type Inclusion = {
  readonly leaf: Buffer
  readonly index: number
  readonly size: number
  readonly proof: readonly Buffer[]
}

/** True when the proof leads from the leaf to the root. @source RFC 9162 §2.1.3.2 */
export function isIncluded({ leaf, index, size, proof }: Inclusion, root: Buffer): boolean {
  if (index < 0 || index >= size) return false
  return rootThrough(leaf, index, size, proof)?.equals(root) ?? false
}

function rootThrough(
  leaf: Buffer,
  ...[index, size, proof]: readonly [number, number, readonly Buffer[]]
): Buffer | null {
  const sibling = proof.at(-1)
  if (size === 1 || sibling === undefined) return size === 1 && sibling === undefined ? leaf : null
  const half = splitOf(size)
  const below = proof.slice(0, -1)
  if (index < half) {
    const left = rootThrough(leaf, index, half, below)
    return left === null ? null : nodeHash(left, sibling)
  }
  const right = rootThrough(leaf, index - half, size - half, below)
  return right === null ? null : nodeHash(sibling, right)
}

/** The largest power of two below the size. */
function splitOf(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

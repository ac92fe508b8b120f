/**
 * The Merkle tree over a whole store, RFC 9162 §2.1 in shape: who holds an old root can be shown
 * that nothing before it was changed, moved or taken away. A leaf binds the position to the event's
 * chain hash.
 */
import { hash } from 'node:crypto'
import { assert } from '@tongchou/contracts/decision.ts'

const HASH_BYTES = 32
const LEAF = 0x00
const NODE = 0x01

const leafBytes = Buffer.alloc(1 + 8 + HASH_BYTES, LEAF)
const nodeBytes = Buffer.alloc(1 + 2 * HASH_BYTES, NODE)

/** SHA-256(0x00 ‖ position, 8 bytes big-endian ‖ hash of the event). */
export function leafHash(position: bigint, eventHash: Buffer): Buffer {
  leafBytes.writeBigUInt64BE(position, 1)
  eventHash.copy(leafBytes, 9, 0, HASH_BYTES)
  return hash('sha256', leafBytes, 'buffer')
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(nodeBytes, 1, 0, HASH_BYTES)
  right.copy(nodeBytes, 1 + HASH_BYTES, 0, HASH_BYTES)
  return hash('sha256', nodeBytes, 'buffer')
}

/** Root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer')

/**
 * The tree so far as the roots of its full subtrees, largest first: all that is needed to go on.
 */
export class CompactRange {
  readonly #roots: Buffer[]
  #size: number

  constructor(size = 0, roots: readonly Buffer[] = []) {
    assert(roots.length === onesOf(size), `a tree of ${size} leaves has other full subtrees`)
    this.#size = size
    this.#roots = [...roots]
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size
  }

  append(leaf: Buffer): void {
    let joined = leaf
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      joined = nodeHash(this.#roots.pop() ?? EMPTY_ROOT, joined)
    }
    this.#roots.push(joined)
    this.#size += 1
  }

  root(): Buffer {
    return this.#roots.length === 0 ? EMPTY_ROOT : this.#roots.reduceRight((r, l) => nodeHash(l, r))
  }

  /** The roots of the full subtrees, 32 bytes each. */
  toBytes(): Buffer {
    return Buffer.concat(this.#roots)
  }

  /** Throws AssertionFault when the bytes are not those of a tree of that size. */
  static fromBytes(size: number, bytes: Buffer): CompactRange {
    assert(Number.isSafeInteger(size) && size >= 0, 'a tree has a whole number of leaves')
    assert(bytes.length % HASH_BYTES === 0, 'a hash has 32 bytes')
    const roots: Buffer[] = []
    for (let at = 0; at < bytes.length; at += HASH_BYTES) {
      roots.push(Buffer.from(bytes.subarray(at, at + HASH_BYTES)))
    }
    return new CompactRange(size, roots)
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

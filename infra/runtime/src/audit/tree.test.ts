import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  CompactRange,
  EMPTY_ROOT,
  inclusionProof,
  isIncluded,
  leafHash,
  nodeHash,
  rootOf,
} from './tree.ts'

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, at) =>
    leafHash(BigInt(at + 1), sha256(Buffer.from(`event ${at + 1}`))),
  )
}

/** MTH of RFC 9162 §2.1.1, written down as it stands there. */
function merkleTreeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return sha256()
  if (leaves.length === 1) return only
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  const [left, right] = [merkleTreeHash(leaves.slice(0, k)), merkleTreeHash(leaves.slice(k))]
  return sha256(Buffer.from([1]), left, right)
}

const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes))
const trees = fc.array(hashes, { minLength: 1, maxLength: 130 })

describe('the tree of a store', () => {
  test('a leaf is SHA-256 over 0, the position and the hash of the event', () => {
    const event = sha256(Buffer.from('event'))
    const position = Buffer.from('0000000000000102', 'hex')
    assert.deepEqual(leafHash(258n, event), sha256(Buffer.from([0]), position, event))
  })

  test('the same event at another position is another leaf', () => {
    const event = sha256(Buffer.from('event'))
    assert.notDeepEqual(leafHash(1n, event), leafHash(2n, event))
  })

  test('a node is SHA-256 over 1 and both sides, and sides do not change places', () => {
    const [left, right] = [sha256(Buffer.from('l')), sha256(Buffer.from('r'))]
    assert.deepEqual(nodeHash(left, right), sha256(Buffer.from([1]), left, right))
    assert.notDeepEqual(nodeHash(left, right), nodeHash(right, left))
  })

  test('a tree without leaves has the hash of nothing for a root', () => {
    assert.deepEqual(new CompactRange().root(), sha256())
    assert.deepEqual(EMPTY_ROOT, sha256())
  })

  test('appended leaf by leaf it has the root of RFC 9162', () => {
    fc.assert(fc.property(trees, leaves => rootOf(leaves).equals(merkleTreeHash(leaves))))
  })

  test('written down at any size and taken up again, it goes on to the same root', () => {
    fc.assert(
      fc.property(trees, fc.nat(), (leaves, cut) => {
        const first = new CompactRange()
        for (const leaf of leaves.slice(0, cut % leaves.length)) first.append(leaf)
        const second = CompactRange.fromBytes(first.size, first.toBytes())
        for (const leaf of leaves.slice(first.size)) second.append(leaf)
        return second.root().equals(rootOf(leaves))
      }),
    )
  })

  test('subtrees that do not make up the size are refused', () => {
    assert.throws(() => CompactRange.fromBytes(3, Buffer.alloc(32)), /3 leaves/)
    assert.throws(() => CompactRange.fromBytes(1, Buffer.alloc(31)), /32 bytes/)
    assert.throws(() => CompactRange.fromBytes(-1, Buffer.alloc(0)), /whole number/)
  })
})

describe('a proof of inclusion', () => {
  test('leads from every leaf of every tree to its root', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size)
      const root = rootOf(leaves)
      leaves.forEach((leaf, index) => {
        const proof = inclusionProof(leaves, index)
        assert.ok(isIncluded({ leaf, index, size, proof }, root), `leaf ${index} of ${size}`)
      })
    }
  })

  test('of one leaf holds for no other leaf, place or size', () => {
    const leaves = leavesOf(21)
    const root = rootOf(leaves)
    const [leaf = EMPTY_ROOT, other = EMPTY_ROOT] = leaves.slice(6)
    const proof = inclusionProof(leaves, 6)
    assert.ok(isIncluded({ leaf, index: 6, size: 21, proof }, root))
    assert.ok(!isIncluded({ leaf: other, index: 6, size: 21, proof }, root))
    assert.ok(!isIncluded({ leaf, index: 7, size: 21, proof }, root))
    assert.ok(!isIncluded({ leaf, index: 6, size: 9, proof }, root))
    assert.ok(!isIncluded({ leaf, index: 6, size: 21, proof: proof.slice(1) }, root))
    assert.ok(!isIncluded({ leaf, index: 6, size: 21, proof: [...proof, root] }, root))
    assert.ok(!isIncluded({ leaf, index: 21, size: 21, proof }, root))
  })

  test('of a leaf that is not there is not made', () => {
    assert.throws(() => inclusionProof(leavesOf(3), 3), /no leaf 3/)
  })
})

/**
 * Partition of a key: murmur2 as Kafka's Java client computes it, so that a key has the same number
 * everywhere.
 */
import { PARTITIONS } from '@tongchou/contracts/topics.ts'

const SEED = 0x9747b28c
const M = 0x5bd1e995

/** 32-bit murmur2 of the UTF-8 bytes from `start` up to `end`, unsigned. */
export function murmur2(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let h = SEED ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) {
    let k =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)
    k = Math.imul(k, M)
    k = Math.imul(k ^ (k >>> 24), M)
    h = Math.imul(h, M) ^ k
  }
  const rest = end - at
  if (rest === 3) h ^= (bytes[at + 2] ?? 0) << 16
  if (rest >= 2) h ^= (bytes[at + 1] ?? 0) << 8
  if (rest >= 1) h = Math.imul(h ^ (bytes[at] ?? 0), M)
  h = Math.imul(h ^ (h >>> 13), M)
  return (h ^ (h >>> 15)) >>> 0
}

/** 0 to PARTITIONS - 1. */
export function partitionOf(key: string): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % PARTITIONS
}

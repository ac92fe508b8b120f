/**
 * CRC-64-AVRO (Rabin) fingerprint of a schema's Parsing Canonical Form.
 * @source Apache Avro specification 1.12, "Schema Fingerprints".
 */
import type { Type } from 'avsc'

const EMPTY = 0xc15d213aa4d7a795n
const MASK = 0xffffffffffffffffn

const TABLE: readonly bigint[] = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index)
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (EMPTY & (-(value & 1n) & MASK))
  return value
})

/** CRC-64-AVRO of the bytes. */
export function crc64Avro(bytes: Uint8Array): bigint {
  let value = EMPTY
  for (const byte of bytes)
    value = (value >> 8n) ^ (TABLE[Number((value ^ BigInt(byte)) & 0xffn)] ?? 0n)
  return value
}

/** The schema's Parsing Canonical Form: no docs, defaults, logical types or own attributes. */
export function canonicalForm(type: Type): string {
  return JSON.stringify(type.schema())
}

/** Eight bytes, little endian, as they stand behind `C3 01`. */
export function fingerprintOf(type: Type): Buffer {
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(crc64Avro(Buffer.from(canonicalForm(type), 'utf8')))
  return out
}

/**
 * A stored event as the value of a record, and back, byte for byte: Confluent's five bytes (0 and
 * the schema's id, big endian) stand in place of the ten of Avro's single-object encoding (C3 01
 * and the schema's CRC-64-AVRO), which the hash of the event covers.
 * @source Confluent wire format; Apache Avro specification 1.12, "Single-object encoding".
 */
const MAGIC = 0
export const WIRE_HEADER = 5
const MARKER = 0xc301
const STORED_HEADER = 10
const FINGERPRINT_BYTES = 8

/** Bytes that are none of ours, named with the topic that they were for or came from. */
export class WireFault extends Error {
  override readonly name = 'WireFault'
}

/** Throws WireFault for bytes that are not in single-object encoding, RangeError for no id. */
export function toWire(stored: Buffer, id: number, topic: string): Buffer {
  if (stored.length < STORED_HEADER) {
    throw new WireFault(`${topic}: an event of ${stored.length} bytes is cut off`)
  }
  if (stored.readUInt16BE() !== MARKER) {
    throw new WireFault(`${topic}: an event is not in Avro single-object encoding`)
  }
  const value = Buffer.allocUnsafe(stored.length - STORED_HEADER + WIRE_HEADER)
  value[0] = MAGIC
  value.writeUInt32BE(id, 1)
  stored.copy(value, WIRE_HEADER, STORED_HEADER)
  return value
}

/** Id of the schema that a value was written with. Throws WireFault. */
export function schemaIdIn(value: Buffer, topic: string): number {
  if (value.length < WIRE_HEADER) {
    throw new WireFault(`${topic}: a value of ${value.length} bytes is cut off`)
  }
  if (value[0] !== MAGIC) {
    throw new WireFault(`${topic}: a value begins with ${value[0]}, not with 0 and a schema's id`)
  }
  return value.readUInt32BE(1)
}

/** The stored bytes; `fingerprintOf` gives the eight of a schema's id. Throws WireFault. */
export function fromWire(
  value: Buffer,
  fingerprintOf: (id: number) => Buffer,
  topic: string,
): Buffer {
  const id = schemaIdIn(value, topic)
  const fingerprint = fingerprintOf(id)
  if (fingerprint.length !== FINGERPRINT_BYTES) {
    throw new WireFault(`${topic}: the fingerprint of schema ${id} is not of eight bytes`)
  }
  const stored = Buffer.allocUnsafe(value.length - WIRE_HEADER + STORED_HEADER)
  stored.writeUInt16BE(MARKER)
  fingerprint.copy(stored, 2)
  value.copy(stored, STORED_HEADER, WIRE_HEADER)
  return stored
}

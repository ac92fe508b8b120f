/**
 * Avro `long` as bigint, exact over 64 bits. Nearly all are amounts and positions that a double
 * holds: these are read and written as such, without the buffer that avsc makes for each otherwise.
 */
import avsc from 'avsc'

/** What avsc's long types do with its cursor over the bytes; not in its typings. */
type Tap = { pos: number; readLong(): number; writeLong(value: number): void }
type LongType = avsc.Type & {
  _read(tap: Tap): bigint
  _write(tap: Tap, value: unknown): void
}

/** Below this a zigzag value is still an exact double. */
const EXACT = 2 ** 51
const EXACT_BIG = BigInt(EXACT)

const anyLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) =>
    typeof value === 'bigint' && value >= -(2n ** 63n) && value < 2n ** 63n,
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
}) as LongType

function read(tap: Tap): bigint {
  const start = tap.pos
  const value = tap.readLong()
  if (value > -EXACT && value < EXACT) return BigInt(value)
  tap.pos = start
  return anyLong._read(tap)
}

function write(tap: Tap, value: unknown): void {
  if (typeof value === 'bigint' && value > -EXACT_BIG && value < EXACT_BIG) {
    tap.writeLong(Number(value))
  } else {
    anyLong._write(tap, value)
  }
}

/** avsc freezes its types: this one stands on it and answers first. */
export const bigLong: avsc.Type = Object.create(anyLong, {
  _read: { value: read },
  _write: { value: write },
})

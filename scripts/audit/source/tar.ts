/**
 * Just enough of tar (POSIX ustar) for exports: members are written as streams, found by name, read
 * by stretch.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'

const BLOCK = 512
const NAME = 100
const SIZE_AT = 124
const SIZE_LENGTH = 12
const SUM_AT = 148
const SUM_LENGTH = 8
/**
 * Beyond this many bytes a size is not written in octal digits, but in binary with the first bit
 * set.
 */
const MAX_OCTAL = 8 ** 11 - 1

export class TarWriter {
  readonly #file: FileHandle
  #at = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Writes what the chunks hold; its size is known, and put in front, when they have ended. */
  async add(name: string, chunks: AsyncIterable<Buffer> | readonly Buffer[]): Promise<number> {
    const start = this.#at
    let at = start + BLOCK
    for await (const chunk of chunks) {
      await this.#file.write(chunk, 0, chunk.length, at)
      at += chunk.length
    }
    const size = at - start - BLOCK
    const padding = (BLOCK - (size % BLOCK)) % BLOCK
    await this.#file.write(Buffer.alloc(padding), 0, padding, at)
    await this.#file.write(headerOf(name, size), 0, BLOCK, start)
    this.#at = at + padding
    return size
  }

  /** Two empty blocks are the end of a tar file. */
  async finish(): Promise<void> {
    await this.#file.write(Buffer.alloc(2 * BLOCK), 0, 2 * BLOCK, this.#at)
    await this.#file.sync()
  }
}

export type Member = { readonly start: number; readonly size: number }

/** The file is no tar file, or is cut off. */
export class BadTar extends Error {
  override readonly name = 'BadTar'
}

/** Where each member of a tar file stands. Throws BadTar. */
export async function membersOf(path: string): Promise<ReadonlyMap<string, Member>> {
  const file = await open(path, 'r')
  try {
    const { size: length } = await file.stat()
    const members = new Map<string, Member>()
    for (let at = 0; ; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, at)
      if (bytesRead < BLOCK) throw new BadTar(`${path} ends without the mark of its end`)
      if (buffer.every(byte => byte === 0)) return members
      const { name, size } = memberFrom(buffer, at)
      if (at + BLOCK + size > length) throw new BadTar(`${path} is cut off within ${name}`)
      members.set(name, { start: at + BLOCK, size })
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    }
  } finally {
    await file.close()
  }
}

export function readMember(path: string, { start, size }: Member): Readable {
  if (size === 0) return createReadStream('/dev/null')
  return createReadStream(path, { start, end: start + size - 1, highWaterMark: 1024 * 1024 })
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, NAME, 'utf8')
  header.write('0000644\0', 100, 'latin1')
  header.write('0000000\0', 108, 'latin1')
  header.write('0000000\0', 116, 'latin1')
  if (size <= MAX_OCTAL) {
    header.write(`${size.toString(8).padStart(SIZE_LENGTH - 1, '0')} `, SIZE_AT, 'latin1')
  } else {
    header.writeBigUInt64BE(BigInt(size), SIZE_AT + 4)
    header.writeUInt8(0x80, SIZE_AT)
  }
  header.write('00000000000 ', 136, 'latin1')
  header.write('0', 156, 'latin1')
  header.write('ustar\u000000', 257, 'latin1')
  const sum = sumOf(header).toString(8).padStart(6, '0')
  header.write(`${sum}\u0000 `, SUM_AT, 'latin1')
  return header
}

/** Sum of the bytes, those of the sum itself taken as spaces. */
function sumOf(header: Buffer): number {
  let sum = 0
  header.forEach((byte, at) => {
    sum += at >= SUM_AT && at < SUM_AT + SUM_LENGTH ? 0x20 : byte
  })
  return sum
}

function memberFrom(header: Buffer, at: number): { readonly name: string; readonly size: number } {
  const written = Number.parseInt(header.toString('latin1', SUM_AT, SUM_AT + SUM_LENGTH), 8)
  if (written !== sumOf(header)) throw new BadTar(`no tar header at byte ${at}`)
  const name = header.toString('utf8', 0, header.indexOf(0))
  const size =
    header[SIZE_AT] === 0x80
      ? Number(header.readBigUInt64BE(SIZE_AT + 4))
      : Number.parseInt(header.toString('latin1', SIZE_AT, SIZE_AT + SIZE_LENGTH), 8)
  return { name, size }
}

/**
 * `<dataDir>/checkpoints/<service>.ndjson`: one signed line each, only ever appended to, outside
 * the database.
 */
import { mkdir, open, readFile, stat, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CheckpointLine, lineFrom, lineOf } from './checkpoint.ts'

/** Some hundred lines: as far back as the writer looks when it starts. */
const TAIL_BYTES = 256 * 1024
const LF = 0x0a

export function checkpointFile(dataDir: string, service: string): string {
  return join(dataDir, 'checkpoints', `${service}.ndjson`)
}

/** `line` undefined: the text is no signed line, or not one any more. */
export type FoundLine = { readonly text: string; readonly line: CheckpointLine | undefined }

/**
 * All lines, those within the first `upTo` bytes, or the newest ones; a last line without its end
 * was not finished and is left out.
 */
export async function readCheckpoints(
  path: string,
  { tailOnly = false, upTo }: { readonly tailOnly?: boolean; readonly upTo?: number } = {},
): Promise<readonly FoundLine[]> {
  const bytes = tailOnly ? await readTail(path) : (await readWhole(path)).subarray(0, upTo)
  const end = bytes.lastIndexOf(LF)
  if (end < 0) return []
  const texts = bytes.toString('utf8', 0, end).split('\n')
  return texts.map(text => ({ text, line: lineFrom(text) }))
}

/** Appends a line; it is on the disk when this returns. */
export async function appendCheckpoint(path: string, line: CheckpointLine): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a', 0o644)
  try {
    await file.write(`${lineOf(line)}\n`)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/**
 * Cuts off what a crash left unfinished behind the last line, so that the next one begins on a line
 * of its own.
 */
export async function mendCheckpoints(path: string): Promise<void> {
  const tail = await readTail(path)
  const unfinished = tail.length - (tail.lastIndexOf(LF) + 1)
  if (unfinished > 0) await truncate(path, (await stat(path)).size - unfinished)
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0)
    throw error
  }
}

/** The end of the file, from the beginning of a line on. */
async function readTail(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path)
    if (size <= TAIL_BYTES) return await readFile(path)
    const file = await open(path, 'r')
    try {
      const { buffer } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, size - TAIL_BYTES)
      return buffer.subarray(buffer.indexOf(LF) + 1)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0)
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

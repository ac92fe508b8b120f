import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

const LOG_BYTES_MAX = 64_000_000
const TAIL_BYTES = 4_000
const TAIL_LINES = 16

/**
 * Keeps one older log of at most that size. The writer appends, so cutting the file under it is
 * safe; what it writes between copy and cut is lost.
 */
export function boundLog(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size <= LOG_BYTES_MAX) return
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
}

/** The end of a log, indented for a message; empty when there is none. */
export function lastLines(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return ''
  const length = Math.min(size, TAIL_BYTES)
  const bytes = Buffer.alloc(length)
  const handle = openSync(file, 'r')
  readSync(handle, bytes, 0, length, size - length)
  closeSync(handle)
  const lines = bytes.toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES)
  return `\n${lines.map(line => `  | ${line}`).join('\n')}`
}

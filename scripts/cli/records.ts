/** Files of records: NDJSON, plain or gzip-compressed, read as they are needed. */
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { CommandFault } from './instance.ts'

/** `name.ndjson` or `name.ndjson.gz` in the folder; null when there is neither. */
export function recordFile(folder: string, name: string): string | null {
  const plain = join(folder, `${name}.ndjson`)
  const packed = `${plain}.gz`
  return existsSync(plain) ? plain : existsSync(packed) ? packed : null
}

/** Lines of a record file, blank ones left out. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  for await (const line of createInterface({ input })) if (line !== '') yield line
}

/** All records of `name` in the folder. Throws CommandFault when the file is missing. */
export async function recordsOf<T>(folder: string, name: string): Promise<T[]> {
  const path = recordFile(folder, name)
  if (path === null) throw new CommandFault(`${join(folder, name)}.ndjson is missing`)
  const records: T[] = []
  for await (const line of linesOf(path)) records.push(JSON.parse(line) as T)
  return records
}

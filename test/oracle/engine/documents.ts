/** The policy documents that lie in a folder, by file name without its ending. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Plan, planOf } from './engine.ts'

const ROOT = new URL('../../../', import.meta.url)
export const PACKS = new URL('contracts/policies/packs/', ROOT)
export const TABLES = new URL('test/fixtures/demo/policies/', ROOT)
export const CITIES = new URL('contracts/policies/cities/', ROOT)
export const CITY_SOURCES = new URL('contracts/policies/cities/source/', ROOT)

export function documentsOf(folder: URL): ReadonlyMap<string, unknown> {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder).filter(name => name.endsWith('.json'))
  return new Map(names.sort().map(name => [name.replace(/\.json$/, ''), read(name, folder)]))
}

function read(name: string, folder: URL): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}

/** The plan of a pack, or why there is none. */
export function packPlan(name: string): Plan | string {
  const document = documentsOf(PACKS).get(name)
  return document === undefined ? 'the engine has no such pack' : planOf(document)
}

/** The files of the 22 cities and their packs, as they lie in contracts/policies/cities. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'
import { cityOf } from '../make-packs.ts'

export const CITIES = join(import.meta.dirname, '../../../../../../contracts/policies/cities')

/** Texts by file name. */
function textsIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter(name => name.endsWith('.json'))
  return new Map(names.sort().map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}

export const SOURCE_TEXTS = textsIn(join(CITIES, 'source'))
export const PACK_TEXTS = textsIn(CITIES)
export const SOURCES: readonly CityDocument[] = [...SOURCE_TEXTS.values()].map(cityOf)

/** A city by its code. Throws where there is none. */
export function source(code: string): CityDocument {
  const found = SOURCES.find(({ cityCode }) => cityCode === code)
  if (found === undefined) throw new RangeError(`no city ${code}`)
  return found
}

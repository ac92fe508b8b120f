/** Makes every pack of a set of cities: what `tongchou policy cities` writes. */
import { type CityDocument, readCity } from '@tongchou/contracts/city/city-document.ts'
import { conflictsOf } from '../checker/city/conflicts-of.ts'
import type { Scheme } from '../facts.ts'
import { convertCity } from './convert.ts'
import { printPack } from './print.ts'

const SCHEMES: readonly Scheme[] = ['employee', 'resident']

/**
 * The text of each pack by its file name, in the order of the cities. Throws RangeError naming the
 * city whose file has another shape than the schema.
 */
export function makePacks(texts: readonly string[]): ReadonlyMap<string, string> {
  const cities = texts.map(cityOf)
  const packs = new Map<string, string>()
  for (const city of cities) {
    for (const scheme of SCHEMES) {
      const conflicts = conflictsOf(city, scheme, cities)
      packs.set(`${city.cityCode}-${scheme}.json`, printPack(convertCity(city, scheme, conflicts)))
    }
  }
  return packs
}

/** A city from the text of its file. Throws RangeError where its shape is wrong. */
export function cityOf(text: string): CityDocument {
  const read = readCity(text)
  if (read.ok) return read.city
  const [first] = read.problems
  throw new RangeError(`no city file: ${first?.path ?? ''} ${first?.message ?? ''}`)
}

/** Regions in which a note frees people of filing (免备案). */
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'

const numbered = (province: string, cities: readonly number[]): readonly string[] =>
  cities.map(city => `${province}${String(city).padStart(2, '0')}00`)
const upTo = (last: number): readonly number[] =>
  Array.from({ length: last }, (_, index) => index + 1)

/** Pooling areas by province: its prefectures. @source GB/T 2260 */
const AREAS = {
  '11': numbered('11', [1]),
  '12': numbered('12', [1]),
  '13': numbered('13', upTo(11)),
  '31': numbered('31', [1]),
  '32': numbered('32', upTo(13)),
  '33': numbered('33', upTo(11)),
  '34': numbered('34', [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 15, 16, 17, 18]),
  '43': numbered('43', [...upTo(13), 31]),
} as const satisfies Record<string, readonly string[]>

/** Names of groups of provinces as notes use them. */
const GROUPS: readonly (readonly [RegExp, readonly (keyof typeof AREAS)[]])[] = [
  [/京津冀/, ['11', '12', '13']],
  [/长三角(?!示范区|生态)/, ['31', '32', '33', '34']],
]

const FREED = /免备案|视同备案|视同本地/
const WITHIN_PROVINCE = /省内/

/**
 * The areas, in the order of their codes and without the city itself, that a clause names together
 * with the freeing word. A district (长三角示范区) is no area of its own and is left out.
 */
export function regionsWithoutFiling(
  { cityCode, provinceCode }: CityDocument,
  notes: readonly string[],
): readonly string[] {
  const province = provinceCode.slice(0, 2)
  const found = new Set<string>()
  for (const clause of notes.flatMap(note => note.split(/[。；，]/))) {
    if (!FREED.test(clause)) continue
    for (const [name, provinces] of GROUPS) {
      if (name.test(clause)) for (const each of provinces) addAll(found, AREAS[each])
    }
    if (WITHIN_PROVINCE.test(clause)) addAll(found, areasOf(province))
  }
  found.delete(cityCode)
  return [...found].sort()
}

function addAll(found: Set<string>, areas: readonly string[]): void {
  for (const area of areas) found.add(area)
}

function areasOf(province: string): readonly string[] {
  return Object.entries(AREAS).find(([code]) => code === province)?.[1] ?? []
}

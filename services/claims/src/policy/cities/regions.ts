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
  '14': numbered('14', upTo(11)),
  '15': numbered('15', [...upTo(9), 22, 25, 29]),
  '21': numbered('21', upTo(14)),
  '22': numbered('22', [...upTo(8), 24]),
  '23': numbered('23', [...upTo(12), 27]),
  '31': numbered('31', [1]),
  '32': numbered('32', upTo(13)),
  '33': numbered('33', upTo(11)),
  '34': numbered('34', [...upTo(8), 10, 11, 12, 13, 15, 16, 17, 18]),
  '35': numbered('35', upTo(9)),
  '36': numbered('36', upTo(11)),
  '37': numbered('37', [...upTo(11), 13, 14, 15, 16, 17]),
  '41': numbered('41', upTo(17)),
  '42': numbered('42', [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 28]),
  '43': numbered('43', [...upTo(13), 31]),
  '44': numbered('44', [...upTo(9), 12, 13, 14, 15, 16, 17, 18, 19, 20, 51, 52, 53]),
  '45': numbered('45', upTo(14)),
  '46': numbered('46', upTo(4)),
  '50': numbered('50', [1]),
  '51': numbered('51', [1, ...upTo(11).slice(2), 13, 14, 15, 16, 17, 18, 19, 20, 32, 33, 34]),
  '52': numbered('52', [...upTo(6), 23, 26, 27]),
  '53': numbered('53', [1, ...upTo(9).slice(2), 23, 25, 26, 28, 29, 31, 33, 34]),
  '54': numbered('54', [...upTo(6), 25]),
  '61': numbered('61', upTo(10)),
  '62': numbered('62', [...upTo(12), 29, 30]),
  '63': numbered('63', [1, 2, 22, 23, 25, 26, 27, 28]),
  '64': numbered('64', upTo(5)),
  '65': numbered('65', [1, 2, 4, 5, 23, 27, 28, 29, 30, 31, 32, 40, 42, 43]),
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

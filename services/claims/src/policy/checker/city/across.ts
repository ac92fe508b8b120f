/** What only shows when files of several cities are laid side by side. */
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import { LEVELS, type Scheme } from '../../facts.ts'
import { conflict } from './wording.ts'

/**
 * Article numbers that files outside this set share with one inside it. @source README of the data
 * set, "Caveats, Trust"
 */
const SHARED_ELSEWHERE: readonly (readonly [string, readonly string[]])[] = [
  ['58931234', ['330300', '330400', '330900']],
  ['3490124', ['460100', '540100']],
  ['3190823', ['540100', '630100', '632800']],
  ['6391024', ['630100', '632800']],
]

const TYPICAL_MIN = 3

export function across(
  city: CityDocument,
  scheme: Scheme,
  all: readonly CityDocument[],
): readonly ConflictDocument[] {
  return [...articles(city, scheme, all), ...(scheme === 'employee' ? rates(city, all) : [])]
}

type Article = {
  readonly number: string
  readonly cityCode: string
  readonly docId: string
  readonly url: string
}

function articlesOf({ cityCode, sourceDocs }: CityDocument): readonly Article[] {
  return sourceDocs.flatMap(({ docId, officialUrl }) => {
    const number = /(\d{6,})\.\w+$/.exec(officialUrl)?.[1]
    return number === undefined ? [] : [{ number, cityCode, docId, url: officialUrl }]
  })
}

/** For documents that the scheme's blocks rest on, or that no block of either names. */
function articles(
  city: CityDocument,
  scheme: Scheme,
  all: readonly CityDocument[],
): readonly ConflictDocument[] {
  const { cityCode } = city
  const others = all.filter(other => other.cityCode !== cityCode).flatMap(articlesOf)
  const own = articlesOf(city)
  return own
    .filter(({ docId }) => !isOnlyOf(city, docId, scheme))
    .flatMap(({ number, docId, url }) => {
      const known = SHARED_ELSEWHERE.find(([shared]) => shared === number)?.[1] ?? []
      const with_ = [
        ...own.filter(one => one.number === number && one.docId !== docId).map(one => one.docId),
        ...others.filter(one => one.number === number).map(one => one.cityCode),
        ...(known.includes(cityCode) ? known.filter(code => code !== cityCode) : []),
      ]
      if (with_.length === 0) return []
      const found = `${url} = ${[...new Set(with_)].join(', ')}`
      return [conflict('article-number-shared', `sourceDocs.${docId}.officialUrl`, found)]
    })
}

/** True for a document that blocks of the other scheme name and none of this one does. */
function isOnlyOf(city: CityDocument, docId: string, scheme: Scheme): boolean {
  const names = (which: Scheme): boolean =>
    Object.values(city[which]).some(block => block.sourceDocId === docId)
  return !names(scheme) && names(scheme === 'employee' ? 'resident' : 'employee')
}

function rates(city: CityDocument, all: readonly CityDocument[]): readonly ConflictDocument[] {
  const own = ratesOf(city)
  const same = all
    .filter(other => ratesOf(other) === own)
    .sort((a, b) => (a.cityCode < b.cityCode ? -1 : 1))
    .map(({ cityName }) => cityName)
  if (same.length < TYPICAL_MIN) return []
  return [
    conflict(
      'same-rates-elsewhere',
      'employee.inpatient.tierBenefits',
      `${own}：${same.join('、')}`,
    ),
  ]
}

function ratesOf({ employee }: CityDocument): string {
  const { tierBenefits } = employee.inpatient
  return LEVELS.map(level => tierBenefits[level]?.reimbursementRatio.decimal ?? '–').join('/')
}

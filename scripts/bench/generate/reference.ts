/** The demo set's regions, institutions and catalogues as the generator needs them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../supervisor/options.ts'
import { HOT_REGION } from './persons.ts'

export const DEMO_FOLDER = join(ROOT, 'test/fixtures/demo')

/**
 * Claims end in these days: prices, agreements and policies of the demo set hold in all of them.
 */
export const FIRST_DAY = '2025-02-05'
export const LAST_DAY = '2025-12-20'

export type Item = {
  readonly itemCode: string
  readonly name: string
  readonly unitPriceFen: number
}

export type Institution = {
  readonly institutionCode: string
  readonly regionCode: string
  readonly kind: 'hospital' | 'pharmacy'
  readonly doctors: readonly string[]
}

export type Region = {
  readonly regionCode: string
  readonly hospitals: readonly Institution[]
  readonly pharmacies: readonly Institution[]
  readonly items: ReadonlyMap<string, Item>
}

type InstitutionRecord = {
  readonly institutionCode: string
  readonly regionCode: string
  readonly type: 'hospital' | 'pharmacy'
  readonly agreementFrom: string
  readonly agreementTo: string
  readonly doctors: readonly string[]
}

type CatalogueRecord = Item & {
  readonly regionCode: string
  readonly onlySex: string | null
  readonly minAge: number | null
  readonly maxAge: number | null
  readonly validFrom: string
  readonly validTo: string | null
}

function records<T>(name: string): T[] {
  const text = readFileSync(join(DEMO_FOLDER, `${name}.ndjson`), 'utf8')
  return text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as T]))
}

/** Items for one sex or some ages only are left out: their claims would be held. */
export function readRegions(): readonly Region[] {
  const institutions = records<InstitutionRecord>('institutions')
    .filter(
      ({ agreementFrom, agreementTo }) => agreementFrom <= FIRST_DAY && agreementTo >= LAST_DAY,
    )
    .map(({ type, institutionCode, regionCode, doctors }) => {
      return { institutionCode, regionCode, kind: type, doctors }
    })
  const rows = records<CatalogueRecord>('catalogue').filter(isForAll)
  return records<{ readonly regionCode: string }>('regions').map(({ regionCode }) => {
    const here = institutions.filter(institution => institution.regionCode === regionCode)
    const items = rows.filter(row => row.regionCode === regionCode)
    return {
      regionCode,
      hospitals: here.filter(({ kind }) => kind === 'hospital'),
      pharmacies: here.filter(({ kind }) => kind === 'pharmacy'),
      items: new Map(
        items.map(({ itemCode, name, unitPriceFen }) => {
          return [itemCode, { itemCode, name, unitPriceFen }]
        }),
      ),
    }
  })
}

function isForAll(row: CatalogueRecord): boolean {
  const { onlySex, minAge, maxAge, validFrom, validTo } = row
  const always = validFrom <= FIRST_DAY && (validTo === null || validTo >= LAST_DAY)
  return always && onlySex === null && minAge === null && maxAge === null
}

export function regionCodes(regions: readonly Region[]): readonly string[] {
  const codes = regions.map(({ regionCode }) => regionCode)
  if (!codes.includes(HOT_REGION)) throw new Error(`the demo set lacks ${HOT_REGION}`)
  return codes
}

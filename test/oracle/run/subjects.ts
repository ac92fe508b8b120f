/**
 * What there is to compare: every pack, demo table and city that lies in its folder or that the
 * oracle knows. One that only one side computes is listed too.
 */
import { CITIES, CITY_SOURCES, documentsOf, PACKS, TABLES } from '../engine/documents.ts'
import { planOf, planWith } from '../engine/engine.ts'
import { inForceFrom, ORACLE_PACKS, type OraclePack, WITHOUT_BENEFITS } from '../packs/registry.ts'
import type { World } from '../random/person.ts'
import type { CityFile } from '../tables/city.ts'
import { cityPolicy, inForceOn } from '../tables/city-policy.ts'
import { wordsOf } from '../tables/city-texts.ts'
import { readTable } from '../tables/read-table.ts'
import { tablePolicy } from '../tables/table.ts'
import type { Kind } from '../words/claim.ts'
import type { Pair } from './compare.ts'

export type Subject = { readonly name: string } & (
  | (Pair & { readonly ready: true; readonly world: World })
  | { readonly ready: false; readonly why: string }
)

const KINDS: readonly Kind[] = [
  ...(['inpatient', 'inpatient', 'inpatient', 'inpatient', 'inpatient'] as const),
  ...(['outpatient', 'outpatient', 'chronic', 'pharmacy'] as const),
]
const STATUSES = { employee: ['active', 'retired'], resident: ['adult', 'child'] } as const
const FAR = '460100'
/** Neighbours of the cities, with and without an agreement on filing. */
const NEARBY = ['110100', '130200', '310100', '320500', '330100', '340300', '430300', '441900']

export function subjects(): readonly Subject[] {
  return [...packs(), ...tables(), ...cities()]
}

/** Of a pack without an entry the oracle expects that it refuses every claim. */
function packs(): readonly Subject[] {
  const documents = documentsOf(PACKS)
  const known = Object.entries(ORACLE_PACKS)
  const files = new Set(known.map(([, { file }]) => file))
  const others = [...documents.keys()].filter(name => !files.has(name))
  return [
    ...known.map(([name, pack]) => subjectOf(name, pack, documents.get(pack.file))),
    ...others.map(name => subjectOf(name, refusing(name, documents), documents.get(name))),
  ].sort((first, second) => (first.name < second.name ? -1 : 1))
}

function refusing(file: string, documents: ReadonlyMap<string, unknown>): OraclePack {
  const isResident = JSON.stringify(documents.get(file)).includes('"scheme":"resident"')
  const scheme = isResident ? 'resident' : 'employee'
  return { file, scheme, policy: WITHOUT_BENEFITS, effectiveFrom: null }
}

function subjectOf(name: string, pack: OraclePack, document: unknown): Subject {
  if (document === undefined) return { name, ready: false, why: 'the engine has no such pack' }
  const plan = pack.set === undefined ? planOf(document) : planWith(document, pack.set)
  if (typeof plan === 'string') return { name, ready: false, why: `not loaded: ${plan}` }
  const { scheme, effectiveFrom, policy, firstYear = 2024, years = 2 } = pack
  return {
    name,
    ready: true,
    plan,
    scheme,
    remembersFrom: pack.remembers ? firstYear : null,
    policy: inForceFrom(effectiveFrom, policy),
    open: pack.open ?? null,
    world: {
      home: '222222',
      elsewhere: [FAR],
      statuses: STATUSES[scheme],
      firstYear,
      years,
      kinds: pack.kinds ?? KINDS,
      says: pack.says ?? {},
      tells: pack.tells ?? (() => ({})),
    },
  }
}

function tables(): readonly Subject[] {
  return [...documentsOf(TABLES)].map(([file, document]): Subject => {
    const name = `demo ${file}`
    const plan = planOf(document)
    if (typeof plan === 'string') return { name, ready: false, why: `not loaded: ${plan}` }
    const { region, scheme, effectiveFrom, table } = readTable(document)
    return {
      name,
      ready: true,
      plan,
      scheme,
      remembersFrom: null,
      policy: inForceFrom(effectiveFrom, tablePolicy(table)),
      open: null,
      world: {
        home: region,
        elsewhere: [FAR, ...table.remote.deemedFiledFor],
        statuses: STATUSES[scheme],
        firstYear: 2025,
        years: 2,
        kinds: KINDS,
        says: {},
        tells: () => ({}),
      },
    }
  })
}

/** Every file of a city and every pack in the folder, of whichever side. */
function cities(): readonly Subject[] {
  const sources = documentsOf(CITY_SOURCES)
  const documents = documentsOf(CITIES)
  const names = [...sources.keys()].flatMap(code => [`${code}-employee`, `${code}-resident`])
  return [...new Set([...names, ...documents.keys()])]
    .sort()
    .map(name => city(name, sources.get(name.slice(0, 6)), documents.get(name)))
}

function city(file: string, source: unknown, document: unknown): Subject {
  const name = `city ${file}`
  if (source === undefined) return { name, ready: false, why: 'there is no file of the city' }
  if (document === undefined) return { name, ready: false, why: 'the engine has no such pack' }
  const plan = planOf(document)
  if (typeof plan === 'string') return { name, ready: false, why: `not loaded: ${plan}` }
  const figures = source as CityFile
  const scheme = file.endsWith('-resident') ? 'resident' : 'employee'
  const from = inForceOn(figures, scheme)
  const { deemedFiledFor = [], asks = [], ...words } = wordsOf(figures.cityCode, scheme)
  const asked = [words.catastrophicOnlyIf, words.noDeductibleIf, ...asks].filter(
    each => each !== undefined,
  )
  return {
    name,
    ready: true,
    plan,
    scheme,
    remembersFrom: null,
    policy: inForceFrom(from, cityPolicy(figures, scheme)),
    open: null,
    world: {
      home: figures.cityCode,
      elsewhere: [FAR, ...NEARBY.filter(each => each !== figures.cityCode), ...deemedFiledFor],
      statuses: STATUSES[scheme],
      firstYear: Number(from?.slice(0, 4) ?? 2024),
      years: 2,
      kinds: KINDS,
      says: Object.fromEntries(asked.map(fact => [fact, [true, false]])),
      tells: () => ({}),
    },
  }
}

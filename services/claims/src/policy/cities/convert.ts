/** Makes a pack of the policy language from a city's file. Pure: the same file, the same pack. */
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'
import type {
  BenefitDocument,
  ConflictDocument,
  PackDocument,
} from '@tongchou/contracts/policy-document.ts'
import { type Scheme, STATUSES } from '../facts.ts'
import { type Book, figureAt, openBook, reading } from './benefits/book.ts'
import { inpatientBenefit } from './benefits/inpatient.ts'
import { outpatientBenefit } from './benefits/outpatient.ts'
import { MISSING } from './benefits/readings.ts'
import { fenOf } from './decimal.ts'
import { remoteOf } from './remote.ts'

/** A pack with what its sources leave contradictory, as `conflictsOf` found it. */
export function convertCity(
  city: CityDocument,
  scheme: Scheme,
  conflicts: readonly ConflictDocument[],
): PackDocument {
  const book = openBook(city, scheme)
  const pack = city[scheme]
  const remote = remoteOf(book, pack)
  const benefits = {
    inpatient: inpatientBenefit(book, pack),
    outpatient: outpatientBenefit(book, pack),
    chronic: gap('chronic'),
    pharmacy: gap('pharmacy'),
  }
  const otherNumbers = otherNumbersOf(book)
  if (conflicts.some(({ rule }) => rule === 'depends-on-person')) reading(book, 'baseFigure')
  return {
    form: 'language',
    packId: `city-${city.cityCode}-${scheme}`,
    name: nameOf(city, scheme),
    scheme,
    region: city.cityCode,
    effectiveFrom: effectiveFromOf(city, scheme),
    effectiveTo: null,
    statuses: STATUSES[scheme],
    documents: Object.fromEntries(book.documents),
    clauses: Object.fromEntries(book.clauses),
    readings: Object.fromEntries(book.readings),
    attributes: attributesOf(benefits.inpatient),
    remote,
    benefits,
    contribution: null,
    riskReserve: null,
    conflicts,
    otherNumbers,
  }
}

function gap(kind: 'chronic' | 'pharmacy'): BenefitDocument {
  return { missing: MISSING[kind] }
}

function nameOf({ cityName, cityCode }: CityDocument, scheme: Scheme): PackDocument['name'] {
  return scheme === 'employee'
    ? { en: `Employees of ${cityCode}`, zh: `${cityName}职工基本医疗保险` }
    : { en: `Residents of ${cityCode}`, zh: `${cityName}城乡居民基本医疗保险` }
}

/** The figures hold together from the day on which the last of their documents took effect. */
function effectiveFromOf({ sourceDocs, ...city }: CityDocument, scheme: Scheme): string | null {
  const { outpatient, inpatient, catastrophic, remoteMedical } = city[scheme]
  const named = new Set(
    [outpatient, inpatient, catastrophic, remoteMedical].map(({ sourceDocId }) => sourceDocId),
  )
  const days = sourceDocs.filter(({ docId }) => named.has(docId)).map(doc => doc.effectiveDate)
  return days.sort().at(-1) ?? null
}

const ATTRIBUTES = {
  movedDown: {
    default: false,
    means: {
      en: 'moved from a higher to a lower hospital within one illness',
      zh: '同一病程由上级转往下级医疗机构住院',
    },
  },
  highPremiumClass: {
    default: false,
    means: { en: 'pays the higher class of premium', zh: '按高档标准缴费' },
  },
  catastrophicDisease: {
    default: false,
    means: {
      en: 'a disease to which the text limits the catastrophic layer',
      zh: '属于文字所列大病保险病种',
    },
  },
} as const satisfies PackDocument['attributes']

/** Those that a rule of the pack asks for. */
function attributesOf(benefit: BenefitDocument): PackDocument['attributes'] {
  const text = JSON.stringify(benefit)
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).filter(([name]) => text.includes(`"attribute.${name}"`)),
  )
}

function otherNumbersOf(book: Book): PackDocument['otherNumbers'] {
  const { inpatient } = book.city[book.scheme]
  const { comprehensiveCap } = inpatient
  if (comprehensiveCap === undefined) return []
  const place = { path: `${book.scheme}.inpatient`, docId: inpatient.sourceDocId }
  const clause = figureAt(book, place, { name: 'comprehensiveCap', value: comprehensiveCap })
  const value = Number(fenOf(comprehensiveCap))
  return [{ name: 'inpatient.comprehensiveCap', value, unit: 'fen', clause }]
}

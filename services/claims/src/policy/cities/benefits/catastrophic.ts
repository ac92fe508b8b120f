/** The layer above the pooled fund: 大病保险 on the year's burden, or 大额补助 above the cap. */
import type {
  CityBand,
  CityCatastrophic,
  CityPackage,
} from '@tongchou/contracts/city/city-document.ts'
import { type Fen, fenToJson, greatest, ZERO } from '@tongchou/contracts/money.ts'
import type {
  BandDocument,
  CapDocument,
  FlagLeaf,
  LayerDocument,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import { bpOf, fenOf, isUnlimited } from '../decimal.ts'
import { type Book, cited, clause, figureAt, type Place, reading } from './book.ts'
import { MISSING } from './readings.ts'

/**
 * Above the cap: the layer begins where the pooled fund ends, or, for employees, it has no
 * deductible and begins at 0.
 */
export function isAboveCap({ scheme }: Pick<Book, 'scheme'>, pack: CityPackage): boolean {
  const { deductible, tiers } = pack.catastrophic
  const capFen = fenOf(pack.inpatient.annualCap)
  const firstFen = startOf(tiers)
  if (fenOf(deductible) === capFen || firstFen === capFen) return true
  return scheme === 'employee' && fenOf(deductible) === 0n && firstFen === 0n
}

function startOf([first]: readonly CityBand[]): Fen {
  return first === undefined ? ZERO : fenOf(first.minAmount)
}

export function catastrophicLayer(book: Book, pack: CityPackage): readonly LayerDocument[] {
  const { catastrophic } = pack
  const place = { path: `${book.scheme}.catastrophic`, docId: catastrophic.sourceDocId }
  const layer = isAboveCap(book, pack)
    ? aboveCap(book, place, catastrophic)
    : onBurden(book, place, catastrophic)
  return [{ ...layer, ...capOf(book, place, catastrophic) }]
}

function aboveCap(book: Book, place: Place, { tiers }: CityCatastrophic): LayerDocument {
  const [only] = tiers
  const name = reading(book, 'aboveCap')
  const rate =
    only === undefined || tiers.length > 1
      ? { fundBp: null, ...cited([], [name]), missing: MISSING.tiers }
      : {
          fundBp: bpOf(only.ratio),
          ...cited([figureAt(book, place, { name: 'tiers.0.ratio', value: only.ratio })], [name]),
        }
  return {
    id: 'catastrophic',
    payer: 'catastrophic',
    of: { cutByCapOf: 'pooled' },
    bands: [{ rate }],
  }
}

function onBurden(book: Book, place: Place, block: CityCatastrophic): LayerDocument {
  const diseases = diseasesOf(book, block)
  return {
    id: 'catastrophic',
    payer: 'catastrophic',
    ...(diseases === null ? {} : { when: onlyFor(book, place, diseases) }),
    of: 'unpaid',
    measure: 'burdenFen',
    from: fromOf(book, place, block),
    bands: block.tiers.map((tier, index) => bandOf(book, place, { tier, index })),
  }
}

function fromOf(book: Book, place: Place, { deductible, tiers }: CityCatastrophic) {
  const own = figureAt(book, place, { name: 'deductible', value: deductible })
  const startFen = startOf(tiers)
  const ownFen = fenOf(deductible)
  if (startFen === ownFen)
    return { fen: fenToJson(ownFen), ...cited([own], [reading(book, 'burden')]) }
  const [first] = tiers
  const start =
    first === undefined
      ? []
      : [figureAt(book, place, { name: 'tiers.0.minAmount', value: first.minAmount })]
  const readings = [reading(book, 'burden'), reading(book, 'fromDeductible')]
  const fen = fenToJson(greatest(startFen, ownFen))
  return { fen, ...cited([own, ...start], readings) }
}

function bandOf(
  book: Book,
  place: Place,
  { tier, index }: { readonly tier: CityBand; readonly index: number },
): BandDocument {
  const { maxAmount, ratio } = tier
  const rate = {
    fundBp: bpOf(ratio),
    ...cited([figureAt(book, place, { name: `tiers.${index}.ratio`, value: ratio })]),
  }
  if (maxAmount === undefined || isUnlimited(maxAmount)) return { rate }
  const end = figureAt(book, place, { name: `tiers.${index}.maxAmount`, value: maxAmount })
  return { to: { fen: fenToJson(fenOf(maxAmount)), ...cited([end]) }, rate }
}

function capOf(
  book: Book,
  place: Place,
  { annualCap }: CityCatastrophic,
): { readonly cap?: CapDocument } {
  if (annualCap === undefined || isUnlimited(annualCap)) return {}
  const own = figureAt(book, place, { name: 'annualCap', value: annualCap })
  const amount = { fen: fenToJson(fenOf(annualCap)), ...cited([own]) }
  return { cap: { kind: 'fundPayment', counts: ['paidCatFen'], amount } }
}

/** 大病保险涵盖重症尿毒症、恶性肿瘤等 */
export function diseasesOf(
  { city }: Pick<Book, 'city'>,
  { sourceDocId, name }: CityCatastrophic,
): string | null {
  if (!name.includes('大病保险')) return null
  const doc = city.sourceDocs.find(({ docId }) => docId === sourceDocId)
  return /大病保险涵盖[^，。]+/.exec(doc?.summaryQuote ?? '')?.[0] ?? null
}

function onlyFor(book: Book, place: Place, quote: string): RuleDocument<FlagLeaf> {
  const id = clause(book, `sourceDocs.${place.docId ?? ''}.summaryQuote`, {
    docId: place.docId,
    quote,
  })
  const origin = cited([id], [reading(book, 'diseaseOnly')])
  return {
    by: 'attribute.catastrophicDisease',
    of: { true: { is: true, ...origin }, false: { is: false, ...origin } },
  }
}

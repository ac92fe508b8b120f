/** The inpatient benefit of a city: the ladder of deductibles, the pooled fund, the layer above. */
import type { CityLevel, CityPackage, CityTier } from '@tongchou/contracts/city/city-document.ts'
import type {
  BenefitDocument,
  CapLeaf,
  DeductibleDocument,
  LadderLeaf,
  LayerDocument,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import { fenOf, isUnlimited } from '../decimal.ts'
import { ladderOf, readFurtherStays, type StayRule } from '../text/further-stays.ts'
import { retireeDeductible, retireeReduction, type TextFigure } from '../text/retirees.ts'
import { sharesInpatientCap, textsOf } from '../texts.ts'
import { type Book, cited, clause, figureAt, type Place, reading } from './book.ts'
import { pointsOfClass, ratesOfMinors } from './by-person.ts'
import { catastrophicLayer } from './catastrophic.ts'
import {
  byLevel,
  byStatus,
  type Entry,
  ladderLeaf,
  NO_RATE,
  ratesOf,
  tierClause,
} from './levels.ts'
import { MISSING, type ReadingName } from './readings.ts'

export function inpatientBenefit(book: Book, pack: CityPackage): BenefitDocument {
  const place = placeOf(book, pack)
  const layers = [pooledLayer(book, pack), ...catastrophicLayer(book, pack)]
  return {
    covered: [],
    deductible: deductibleOf(book, { place, pack }),
    layers,
    account: accountOf(book),
  }
}

/** What the personal account may pay; residents have none. */
export function accountOf(
  book: Book,
): { readonly pays: 'allButFullSelf'; readonly reading: string } | null {
  if (book.scheme === 'resident') return null
  return { pays: 'allButFullSelf', reading: reading(book, 'account') }
}

function placeOf({ scheme }: Book, { inpatient }: CityPackage): Place {
  return { path: `${scheme}.inpatient`, docId: inpatient.sourceDocId }
}

function pooledLayer(book: Book, pack: CityPackage): LayerDocument {
  const place = placeOf(book, pack)
  const shared = sharesInpatientCap(pack)
  const rates = ratesOf(book, place, { tiers: pack.inpatient.tierBenefits, absent: NO_RATE })
  return {
    id: 'pooled',
    payer: 'pooled',
    of: 'aboveDeductible',
    bands: [{ rate: ratesOfMinors(book, rates), ...pointsOfClass(book) }],
    remoteFactor: true,
    cap: {
      kind: 'fundPayment',
      counts: shared ? ['paidInFen', 'paidOutFen'] : ['paidInFen'],
      amount: capLeaf(book, place, {
        name: 'annualCap',
        value: pack.inpatient.annualCap,
        readings: shared ? ['capAsGiven', 'sharedCap'] : ['capAsGiven'],
      }),
    },
  }
}

/** A yearly cap; 9999999 is none. */
export function capLeaf(
  book: Book,
  place: Place,
  field: {
    readonly name: string
    readonly value: CityTier['deductible']
    readonly readings: readonly ReadingName[]
  },
): RuleDocument<CapLeaf> {
  const { name, value, readings } = field
  const origin = cited(
    [figureAt(book, place, { name, value })],
    readings.map(each => reading(book, each)),
  )
  return isUnlimited(value)
    ? { unlimited: true, ...origin }
    : { fen: Number(fenOf(value)), ...origin }
}

type Stay = {
  readonly place: Place
  readonly pack: CityPackage
}

function deductibleOf(book: Book, { place, pack }: Stay): DeductibleDocument {
  const text = pack.inpatient.repeatedDeductibleRule
  const rule = readFurtherStays(text)
  const whole = ladders(book, { place, pack, rule })
  const amount = rule.noneAfterMovingDown ? unlessMovedDown(book, { place, pack }, whole) : whole
  const { maxPerYearFen } = rule
  return {
    per: 'stay',
    count: rule.count,
    amount,
    ...(maxPerYearFen === null
      ? {}
      : {
          maxPerYear: {
            fen: Number(maxPerYearFen),
            ...cited([textClause(book, { place, pack })]),
          },
        }),
  }
}

function textClause(book: Book, { place, pack }: Stay): string {
  const quote = pack.inpatient.repeatedDeductibleRule ?? ''
  return clause(book, `${place.path}.repeatedDeductibleRule`, { docId: place.docId, quote })
}

function unlessMovedDown(
  book: Book,
  stay: Stay,
  whole: RuleDocument<LadderLeaf>,
): RuleDocument<LadderLeaf> {
  const none: Entry = {
    fen: [0n],
    clauses: [textClause(book, stay)],
    readings: [reading(book, 'movedDown')],
  }
  return { by: 'attribute.movedDown', of: { true: ladderLeaf(none), false: whole } }
}

type Ladders = Stay & { readonly rule: StayRule }

function ladders(book: Book, stay: Ladders): RuleDocument<LadderLeaf> {
  const { scheme } = book
  const own = scheme === 'employee' ? retireeOf(book, stay) : null
  if (scheme === 'resident' && stay.rule.childHalf) {
    const adult = ladder(book, stay, null)
    return { by: 'status', of: { adult, child: childLadder(book, stay) } }
  }
  if (own === null) return ladder(book, stay, null)
  return byStatus<LadderLeaf>(book, status => ladder(book, stay, status === 'retired' ? own : null))
}

/** The first deductible of retirees where a text gives one. */
type Retiree = { readonly from: TextFigure; readonly firstOf: (activeFen: bigint) => bigint }

function retireeOf({ scheme }: Book, { pack }: Stay): Retiree | null {
  const places = textsOf(pack, 'inpatient')
  const figure = retireeDeductible(places, { scheme, block: 'inpatient' })
  if (figure !== null) return { from: figure, firstOf: () => figure.fen }
  const reduction = retireeReduction(places)
  if (reduction === null) return null
  const { lessFen, floorFen, where, text } = reduction
  const firstOf = (activeFen: bigint): bigint => {
    const lowered = activeFen > lessFen ? activeFen - lessFen : 0n
    return lowered > floorFen ? lowered : floorFen
  }
  return { from: { fen: lessFen, where, quote: text }, firstOf }
}

function ladder(book: Book, stay: Ladders, retiree: Retiree | null): RuleDocument<LadderLeaf> {
  return byLevel<LadderLeaf>(
    stay.pack.inpatient.tierBenefits,
    (tier, level) => ladderLeaf(entryOf(book, stay, { tier, level, retiree })),
    { ladderFen: null, missing: MISSING.level },
  )
}

type Step = {
  readonly tier: CityTier
  readonly level: CityLevel
  readonly retiree: Retiree | null
}

function entryOf(book: Book, stay: Ladders, { tier, level, retiree }: Step): Entry {
  const { place, pack, rule } = stay
  const own = tierClause(book, place, { tier, level })('deductible', tier.deductible)
  const activeFen = fenOf(tier.deductible)
  const tier1 = pack.inpatient.tierBenefits.tier1?.deductible
  const tier1Fen = tier1 === undefined ? 0n : fenOf(tier1)
  const firstFen = retiree === null ? activeFen : retiree.firstOf(activeFen)
  return {
    fen: ladderOf(firstFen, { further: rule.further, level, tier1Fen }),
    clauses: [own, ...furtherClauses(book, stay, retiree)],
    readings: [
      ...furtherReadings(rule).map(name => reading(book, name)),
      ...(retiree === null ? [] : [reading(book, 'retireeText')]),
    ],
  }
}

function furtherClauses(book: Book, stay: Ladders, retiree: Retiree | null): readonly string[] {
  const { kind } = stay.rule.further
  const text = kind === 'unsaid' ? [] : [textClause(book, stay)]
  if (retiree === null) return text
  const { where, quote } = retiree.from
  const id = `${stay.place.path}.${where}`
  return text.includes(id) ? text : [...text, clause(book, id, { docId: stay.place.docId, quote })]
}

function furtherReadings({ further, noneAfterMovingDown }: StayRule): readonly ReadingName[] {
  switch (further.kind) {
    case 'unsaid':
      return ['furtherSame']
    case 'unclear':
      return [noneAfterMovingDown ? 'furtherSame' : 'furtherUnclear']
    case 'percentLessEach':
      return ['lessEachOfFirst']
    default:
      return []
  }
}

function childLadder(book: Book, stay: Ladders): RuleDocument<LadderLeaf> {
  const { place, pack } = stay
  return byLevel<LadderLeaf>(
    pack.inpatient.tierBenefits,
    (tier, level) => {
      const own = tierClause(book, place, { tier, level })('deductible', tier.deductible)
      const fen = [fenOf(tier.deductible) / 2n]
      return ladderLeaf({ fen, clauses: [own, textClause(book, stay)], readings: [] })
    },
    { ladderFen: null, missing: MISSING.level },
  )
}

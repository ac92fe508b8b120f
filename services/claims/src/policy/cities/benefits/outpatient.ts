/** The outpatient benefit of a city. A rate of 0 means that the level is not covered. */
import type { CityLevel, CityPackage, CityTier } from '@tongchou/contracts/city/city-document.ts'
import type {
  BenefitDocument,
  CapLeaf,
  LadderLeaf,
  RateLeaf,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import { LEVELS } from '../../facts.ts'
import { fenOf } from '../decimal.ts'
import { retireeDeductible } from '../text/retirees.ts'
import { isPerVisitByText, sharesInpatientCap, textsOf } from '../texts.ts'
import { type Book, cited, clause, figureAt, type Place, reading } from './book.ts'
import { bandsOfCost, capByAge, retiredByAge, youngAndOld } from './by-person.ts'
import { accountOf, capLeaf } from './inpatient.ts'
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

export function outpatientBenefit(book: Book, pack: CityPackage): BenefitDocument {
  const { outpatient } = pack
  const place = { path: `${book.scheme}.outpatient`, docId: outpatient.sourceDocId }
  const absent = absentLevel(book, place, pack)
  const amount = byStatus<LadderLeaf>(book, status =>
    deductibles(book, place, { pack, absent, retired: status === 'retired' }),
  )
  const rate = ratesOf(book, place, { tiers: outpatient.tierBenefits, absent: absent.rate })
  const banded = bandsOfCost(book, rate, amount)
  return {
    covered: [],
    deductible: { per: isPerVisit(pack) ? 'visit' : 'year', amount },
    layers: [
      {
        id: 'pooled',
        payer: 'pooled',
        ...banded,
        remoteFactor: true,
        cap: {
          kind: 'fundPayment',
          counts: sharesInpatientCap(pack) ? ['paidInFen', 'paidOutFen'] : ['paidOutFen'],
          amount: capOf(book, place, pack),
        },
      },
    ],
    account: accountOf(book),
    zeroRateIsNotCovered: banded.measure === undefined,
  }
}

/**
 * A level without figures: a note that pays 在基层 leaves it out, so that nothing is paid; without
 * such a note its figures are unknown.
 */
function absentLevel(book: Book, place: Place, { outpatient }: CityPackage): Absent {
  const { note, tierBenefits } = outpatient
  const complete = LEVELS.every(level => tierBenefits[level] !== undefined)
  if (complete || note === undefined || !/在基层/.test(note)) {
    return { rate: NO_RATE, ladder: { ladderFen: null, missing: MISSING.level } }
  }
  const own = clause(book, `${place.path}.note`, { docId: place.docId, quote: note })
  const origin = cited([own], [reading(book, 'levelNotNamed')])
  return { rate: { fundBp: 0, ...origin }, ladder: { ladderFen: [0], ...origin } }
}

type Absent = {
  readonly rate: RuleDocument<RateLeaf>
  readonly ladder: RuleDocument<LadderLeaf>
}

function isPerVisit(pack: CityPackage): boolean {
  return pack.outpatient.deductibleType === 'per_visit' || isPerVisitByText(pack)
}

function capOf(book: Book, place: Place, pack: CityPackage): RuleDocument<CapLeaf> {
  const { annualCap, annualCapRetiree } = pack.outpatient
  const readings: readonly ReadingName[] = sharesInpatientCap(pack)
    ? ['capAsGiven', 'sharedCap']
    : ['capAsGiven']
  const base = capLeaf(book, place, { name: 'annualCap', value: annualCap, readings })
  if (book.scheme === 'resident') return base
  const retired =
    annualCapRetiree === undefined
      ? capLeaf(book, place, {
          name: 'annualCap',
          value: annualCap,
          readings: [...readings, 'retireeSameCap'],
        })
      : capLeaf(book, place, { name: 'annualCapRetiree', value: annualCapRetiree, readings })
  return { by: 'status', of: { active: capByAge(book, base), retired } }
}

type Who = { readonly pack: CityPackage; readonly retired: boolean; readonly absent: Absent }

function deductibles(book: Book, place: Place, who: Who): RuleDocument<LadderLeaf> {
  const retiree = who.retired ? retireeEntry(book, place, who.pack) : null
  return byLevel<LadderLeaf>(
    who.pack.outpatient.tierBenefits,
    (tier, level) => {
      const entry = ladderLeaf(entryOf(book, place, { ...who, tier, level, retiree }))
      return who.retired ? retiredByAge(book, entry) : youngAndOld(book, entry)
    },
    who.absent.ladder,
  )
}

/**
 * The retirees' deductible, by field or by text. It takes the place of the figure of the active:
 * a level with another deductible keeps its own.
 */
function retireeEntry(book: Book, place: Place, pack: CityPackage): Entry | null {
  const { annualDeductibleRetiree } = pack.outpatient
  if (annualDeductibleRetiree !== undefined) {
    const own = figureAt(book, place, {
      name: 'annualDeductibleRetiree',
      value: annualDeductibleRetiree,
    })
    return { fen: [fenOf(annualDeductibleRetiree)], clauses: [own], readings: [] }
  }
  const found = retireeDeductible(textsOf(pack, 'outpatient'), {
    scheme: book.scheme,
    block: 'outpatient',
  })
  if (found === null) return null
  const { fen, where, quote } = found
  const own = clause(book, `${place.path}.${where}`, { docId: place.docId, quote })
  return { fen: [fen], clauses: [own], readings: [reading(book, 'retireeText')] }
}

function entryOf(
  book: Book,
  place: Place,
  {
    pack,
    tier,
    level,
    retiree,
  }: Pick<Who, 'pack'> & {
    readonly tier: CityTier
    readonly level: CityLevel
    readonly retiree: Entry | null
  },
): Entry {
  const { annualDeductible } = pack.outpatient
  const ownFen = fenOf(tier.deductible)
  const isBase = annualDeductible === undefined || fenOf(annualDeductible) === ownFen
  if (retiree !== null && isBase) return retiree
  const own = tierClause(book, place, { tier, level })('deductible', tier.deductible)
  return { fen: [ownFen], clauses: [own], readings: readingsOf(book, pack) }
}

function readingsOf(book: Book, pack: CityPackage): readonly ReadingName[] {
  if (isPerVisitByText(pack)) return [reading(book, 'perVisit')]
  if (isPerVisit(pack)) return []
  const amounts = Object.values(pack.outpatient.tierBenefits).map(tier => fenOf(tier.deductible))
  return new Set(amounts).size > 1 ? [reading(book, 'yearByLevel')] : []
}

/** Treatment elsewhere: the factors by filing, and the regions that count as filed. */
import type { CityPackage, Decimal } from '@tongchou/contracts/city/city-document.ts'
import type { PackDocument, RateLeaf, RuleDocument } from '@tongchou/contracts/policy-document.ts'
import { type Book, cited, clause, figureAt, type Place, reading } from './benefits/book.ts'
import { bpOf } from './decimal.ts'
import { regionsWithoutFiling } from './regions.ts'

export function remoteOf(book: Book, { remoteMedical }: CityPackage): PackDocument['remote'] {
  const place = { path: `${book.scheme}.remoteMedical`, docId: remoteMedical.sourceDocId }
  return {
    deemedFiledFor: regionsWithoutFiling(book.city, remoteMedical.specialNotes ?? []),
    factor: {
      by: 'filing',
      of: {
        local: { fundBp: 10_000, ...cited([], [reading(book, 'home')]) },
        deemed: deemed(book, place, remoteMedical),
        longTerm: factor(book, place, ['longTermFiledRatio', remoteMedical.longTermFiledRatio]),
        transfer: factor(book, place, ['transferFiledRatio', remoteMedical.transferFiledRatio]),
        unfiledEmergency: factor(book, place, [
          'unfiledEmergencyRatio',
          remoteMedical.unfiledEmergencyRatio,
        ]),
        unfiled: factor(book, place, ['unfiledNormalRatio', remoteMedical.unfiledNormalRatio]),
      },
    },
  }
}

function factor(
  book: Book,
  place: Place,
  [name, value]: readonly [string, Decimal],
): RuleDocument<RateLeaf> {
  const own = figureAt(book, place, { name, value })
  return { fundBp: bpOf(value), ...cited([own], [reading(book, 'factor')]) }
}

/** A region that counts as filed is paid like one with a long-term filing. */
function deemed(
  book: Book,
  place: Place,
  { longTermFiledRatio, specialNotes = [] }: CityPackage['remoteMedical'],
): RuleDocument<RateLeaf> {
  const base = figureAt(book, place, { name: 'longTermFiledRatio', value: longTermFiledRatio })
  const notes = specialNotes.flatMap((quote, index) =>
    regionsWithoutFiling(book.city, [quote]).length === 0
      ? []
      : [clause(book, `${place.path}.specialNotes.${index}`, { docId: place.docId, quote })],
  )
  const readings = [reading(book, 'factor'), reading(book, 'otherRegions')] as const
  return { fundBp: bpOf(longTermFiledRatio), ...cited([base, ...notes], readings) }
}

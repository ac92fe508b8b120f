/** Which filing (备案) a remote claim rests on. */
import type { BenefitFacts, Filing, FilingBranch, FilingKind } from '../facts.ts'

const LONG_TERM: ReadonlySet<FilingKind> = new Set([
  'longTermResidence',
  'retireeResettled',
  'postedWorker',
])

/**
 * The filing branch: at home, in a region deemed filed, by a long-term filing, by any other
 * filing, or without one. A filing counts when it was made and had begun by the end date and had
 * not ended before the begin date, so one made during the stay counts. @source data/demo/RULES.md
 * §4.2
 */
export function filingBranch(
  facts: Pick<
    BenefitFacts,
    'insuredRegion' | 'treatingRegion' | 'beginOn' | 'endOn' | 'emergency' | 'filings'
  >,
  deemedFiledFor: ReadonlySet<string>,
): FilingBranch {
  if (facts.treatingRegion === facts.insuredRegion) return 'local'
  if (deemedFiledFor.has(facts.treatingRegion)) return 'deemed'
  let filed = false
  for (const filing of facts.filings) {
    if (!counts(filing, facts)) continue
    if (LONG_TERM.has(filing.kind)) return 'longTerm'
    filed = true
  }
  if (filed) return 'transfer'
  return facts.emergency ? 'unfiledEmergency' : 'unfiled'
}

function counts(
  { filedOn, validFrom, validTo }: Filing,
  { beginOn, endOn }: Pick<BenefitFacts, 'beginOn' | 'endOn'>,
): boolean {
  return filedOn <= endOn && validFrom <= endOn && (validTo === null || validTo >= beginOn)
}

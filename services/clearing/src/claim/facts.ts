/**
 * The door's judgement of one claim, in the order of DESIGN §8: from what was sent and what is
 * known to the facts that the claim carries for ever (law 1), or the first refusal. Pure: look-ups
 * and the clock come in.
 */
import type { ClaimLine, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { sum, ZERO } from '@tongchou/contracts/money.ts'
import type { CatalogueBook } from '@tongchou/contracts/reference/catalogues.ts'
import type { CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { coveredOn, filingsFor, statusOn } from '@tongchou/contracts/reference/coverage.ts'
import type { Institution, InstitutionBook } from '@tongchou/contracts/reference/institutions.ts'
import { agreementInForce, suspendedOn } from '@tongchou/contracts/reference/institutions.ts'
import type { PackBook } from '@tongchou/contracts/reference/packs.ts'
import { gapOf } from '@tongchou/contracts/reference/packs.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { type AttributeRefusal, attributesFor } from './attributes.ts'
import { splitLine } from './catalogue-split.ts'
import { billFingerprint, contentDigest } from './digest.ts'
import type { ParsedClaim, ParsedLine } from './parse.ts'

/** In the order in which they are checked. `field` names what of the request is meant. */
export type FactRefusal =
  | { readonly kind: 'dates-out-of-order'; readonly field: string; readonly rule: string }
  | { readonly kind: 'date-in-the-future'; readonly field: string; readonly today: BusinessDate }
  | { readonly kind: 'unknown-institution'; readonly field: 'institutionCode' }
  | { readonly kind: 'agreement-not-in-force'; readonly field: string; readonly on: BusinessDate }
  | { readonly kind: 'institution-suspended'; readonly field: string; readonly on: BusinessDate }
  | { readonly kind: 'kind-not-allowed'; readonly field: 'kind'; readonly rule: string }
  | { readonly kind: 'unknown-person'; readonly field: 'personNo' }
  | { readonly kind: 'not-covered'; readonly field: string; readonly on: BusinessDate }
  | { readonly kind: 'line-amount-mismatch'; readonly field: string; readonly rule: string }
  | { readonly kind: 'total-mismatch'; readonly field: 'totalFen'; readonly linesFen: Fen }
  | { readonly kind: 'unknown-item'; readonly field: string; readonly itemCode: string }
  | AttributeRefusal
  | { readonly kind: 'no-policy'; readonly field: 'personNo'; readonly reason: string }

/**
 * Refusals that rest on what a view did not know yet: checked again once it has caught up (law 2).
 */
export const ABSENCES: ReadonlySet<FactRefusal['kind']> = new Set<FactRefusal['kind']>([
  'unknown-institution',
  'agreement-not-in-force',
  'institution-suspended',
  'kind-not-allowed',
  'unknown-person',
  'not-covered',
  'unknown-item',
  'attribute-not-asked',
  'attribute-malformed',
  'attribute-contradicts',
  'no-policy',
])

export type Known = {
  readonly institutions: InstitutionBook
  readonly catalogues: CatalogueBook
  readonly packs: PackBook
  /** Coverage of the person; undefined when unknown. */
  readonly coverage: CoverageFacts | undefined
  readonly coveragePosition: bigint
  /** Today with the five minutes that clocks may differ. */
  readonly latestDay: BusinessDate
}

export function claimFacts(
  claim: ParsedClaim,
  personId: PersonId,
  known: Known,
): ClaimSubmitted | FactRefusal {
  const dates = checkDates(claim, known.latestDay)
  if (dates !== null) return dates
  const resolved = known.institutions.resolve(claim.institutionCode)
  if (resolved === undefined) return { kind: 'unknown-institution', field: 'institutionCode' }
  const { institution, canonicalCode } = resolved
  const institutionFault = checkInstitution(claim, institution)
  if (institutionFault !== null) return institutionFault
  const { coverage } = known
  if (coverage === undefined) return { kind: 'unknown-person', field: 'personNo' }
  const period = coveredOn(coverage, claim.beginOn)
  if (period === undefined)
    return { kind: 'not-covered', field: beginField(claim), on: claim.beginOn }
  const amounts = checkAmounts(claim)
  if (amounts !== null) return amounts
  const { regionCode: treatingRegion, level } = institution
  const lines = splitLines(claim.lines, treatingRegion, known.catalogues)
  if ('kind' in lines) return lines
  const status = statusOn(coverage, claim.endOn, period.scheme)
  const { regionCode: insuredRegion, scheme } = period
  const pack = known.packs.inForce(insuredRegion, scheme, claim.endOn)
  if (pack === undefined) {
    const reason = `no pack of ${insuredRegion} ${scheme} is in force on ${claim.endOn}`
    return { kind: 'no-policy', field: 'personNo', reason }
  }
  const asked = attributesFor(claim, pack.attributes, { coverage, period })
  if ('kind' in asked) return asked
  const { attributes } = asked
  const gap = gapOf(pack, { kind: claim.kind, status, level, attributes })
  if (gap !== undefined) return { kind: 'no-policy', field: 'personNo', reason: gap }
  return {
    claimId: claimIdOf(canonicalCode, claim.claimNo),
    personId,
    claimNo: claim.claimNo,
    institutionCode: canonicalCode,
    treatingRegion,
    insuredRegion,
    institutionType: institution.type,
    level,
    scheme,
    status,
    sex: coverage.sex,
    bornOn: coverage.bornOn,
    filings: filingsFor(coverage, treatingRegion),
    kind: claim.kind,
    beginOn: claim.beginOn,
    endOn: claim.endOn,
    emergency: claim.emergency,
    doctorCode: claim.doctorCode,
    diagnoses: claim.diagnoses,
    useAccount: claim.useAccount,
    attributes,
    lines,
    ...sumLines(lines),
    totalFen: claim.totalFen,
    coveragePosition: known.coveragePosition,
    catalogueVersion: known.catalogues.version(treatingRegion),
    fingerprint: billFingerprint(claim, personId),
    rawDigest: '',
    contentDigest: contentDigest({ ...claim, institutionCode: canonicalCode }, personId),
  }
}

function beginField({ kind }: ParsedClaim): string {
  return kind === 'inpatient' ? 'admittedOn' : 'visitedOn'
}

/** @source RULES.md §1 "dates-out-of-order", "date-in-the-future" */
function checkDates(claim: ParsedClaim, latestDay: BusinessDate): FactRefusal | null {
  const { beginOn, endOn } = claim
  if (beginOn > endOn) {
    return { kind: 'dates-out-of-order', field: 'dischargedOn', rule: 'on or after admittedOn' }
  }
  if (endOn > latestDay) {
    const field = claim.kind === 'inpatient' ? 'dischargedOn' : 'visitedOn'
    return { kind: 'date-in-the-future', field, today: latestDay }
  }
  const outside = claim.lines.findIndex(({ on }) => on < beginOn || on > endOn)
  if (outside < 0) return null
  return {
    kind: 'dates-out-of-order',
    field: `lines[${outside}].on`,
    rule: `from ${beginOn} to ${endOn}`,
  }
}

function checkInstitution(claim: ParsedClaim, institution: Institution): FactRefusal | null {
  const { beginOn, kind } = claim
  const field = beginField(claim)
  if (!agreementInForce(institution, beginOn))
    return { kind: 'agreement-not-in-force', field, on: beginOn }
  if (suspendedOn(institution, beginOn))
    return { kind: 'institution-suspended', field, on: beginOn }
  if ((institution.type === 'pharmacy') !== (kind === 'pharmacy')) {
    return { kind: 'kind-not-allowed', field: 'kind', rule: `not at a ${institution.type}` }
  }
  return null
}

const ONE_FEN_E8 = 100_000_000n

/**
 * A line may differ from quantity × unit price by 1 fen; the total may not differ from the lines at
 * all.
 */
function checkAmounts(claim: ParsedClaim): FactRefusal | null {
  let linesFen = ZERO
  for (const [index, { quantityE4, unitPriceE4, amountFen }] of claim.lines.entries()) {
    const difference = amountFen * ONE_FEN_E8 - quantityE4 * unitPriceE4
    if (difference > ONE_FEN_E8 || difference < -ONE_FEN_E8) {
      const rule = 'quantity × unitPriceFen, to 1 fen'
      return { kind: 'line-amount-mismatch', field: `lines[${index}].amountFen`, rule }
    }
    linesFen = sum(linesFen, amountFen)
  }
  return linesFen === claim.totalFen
    ? null
    : { kind: 'total-mismatch', field: 'totalFen', linesFen }
}

function splitLines(
  lines: readonly ParsedLine[],
  treatingRegion: string,
  catalogues: CatalogueBook,
): ClaimLine[] | FactRefusal {
  const split: ClaimLine[] = []
  for (const [index, line] of lines.entries()) {
    const { itemCode, on } = line
    const item = catalogues.itemOn(treatingRegion, itemCode, on)
    if (item === undefined) {
      return { kind: 'unknown-item', field: `lines[${index}].itemCode`, itemCode }
    }
    const { firstShareBp, priceLimitFen, onlySex, minAge, maxAge } = item
    split.push({
      ...line,
      class: item.class,
      firstShareBp,
      priceLimitFen,
      onlySex,
      minAge,
      maxAge,
      ...splitLine(line, item),
    })
  }
  return split
}

function sumLines(lines: readonly ClaimLine[]) {
  let fullSelf = 0n
  let overLimit = 0n
  let firstShare = 0n
  let inScope = 0n
  for (const line of lines) {
    fullSelf += line.fullSelfFen
    overLimit += line.overLimitFen
    firstShare += line.firstShareFen
    inScope += line.inScopeFen
  }
  return {
    fullSelfFen: fullSelf as Fen,
    overLimitFen: overLimit as Fen,
    firstShareFen: firstShare as Fen,
    inScopeFen: inScope as Fen,
  }
}

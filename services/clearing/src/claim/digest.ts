/**
 * What makes two submissions the same: the content of a number, and the bill whatever its number
 * (law 15).
 */
import { hash } from 'node:crypto'
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { ParsedClaim, ParsedLine } from './parse.ts'

/** SHA-256 over everything that was sent, in a fixed order; the person as id. Hex. */
export function contentDigest(claim: ParsedClaim, personId: PersonId): string {
  const { claimNo, institutionCode, kind, beginOn, endOn, emergency, doctorCode, diagnoses } = claim
  const head = [claimNo, institutionCode, personId, kind, beginOn, endOn, emergency, doctorCode]
  const lines = claim.lines.map(line => [line.name, ...lineParts(line), String(line.unitPriceE4)])
  const all = [...head, diagnoses, claim.useAccount, lines, String(claim.totalFen)]
  const attributes = Object.entries(claim.attributes)
  return digest(attributes.length === 0 ? all : [...all, attributes])
}

/**
 * SHA-256 over person, begin and end date and the lines in any order: item, quantity, amount, date.
 * Hex.
 */
export function billFingerprint(claim: ParsedClaim, personId: PersonId): string {
  const lines = claim.lines.map(line => lineParts(line).join('\u0000')).sort()
  return digest([personId, claim.beginOn, claim.endOn, lines])
}

function lineParts({ itemCode, quantityE4, amountFen, on }: ParsedLine): string[] {
  return [itemCode, String(quantityE4), String(amountFen), on]
}

/** JSON of nested arrays is injective: every text is quoted and escaped. */
function digest(value: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(value))
}

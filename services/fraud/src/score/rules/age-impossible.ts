import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { ageOn } from '@tongchou/contracts/time.ts'
import type { LineFacts, Rule } from './rule.ts'

/**
 * A line whose item the treating region's catalogue does not allow at the person's age: completed
 * years on the line's date, both ends allowed.
 * @source data/demo/RULES.md §1 (age-impossible; catalogue.minAge, maxAge)
 */
export const ageImpossible: Rule = ({ bornOn, lines }) => {
  let count = 0
  let first = -1
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]
    if (line === undefined || !outsideAges(line, bornOn)) continue
    count += 1
    if (first < 0) first = index
  }
  const line = lines[first]
  if (line === undefined) return null
  const detail = `lines[${first}]: item ${line.itemCode} is for ages ${agesOf(line)} only`
  return { count, detail, otherClaimId: null }
}

function outsideAges({ minAge, maxAge, on }: LineFacts, bornOn: BusinessDate): boolean {
  if (minAge === null && maxAge === null) return false
  const age = ageOn(bornOn, on)
  return (minAge !== null && age < minAge) || (maxAge !== null && age > maxAge)
}

function agesOf({ minAge, maxAge }: LineFacts): string {
  if (maxAge === null) return `${minAge} and above`
  return `${minAge ?? 0} to ${maxAge}`
}

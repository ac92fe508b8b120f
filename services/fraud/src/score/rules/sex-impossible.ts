import type { Rule } from './rule.ts'

/**
 * A line whose item the treating region's catalogue allows for the other sex only.
 * @source data/demo/RULES.md §1 (sex-impossible; catalogue.onlySex)
 */
export const sexImpossible: Rule = ({ sex, lines }) => {
  let count = 0
  let first = -1
  for (let index = 0; index < lines.length; index++) {
    const onlySex = lines[index]?.onlySex ?? null
    if (onlySex === null || onlySex === sex) continue
    count += 1
    if (first < 0) first = index
  }
  const line = lines[first]
  if (line === undefined) return null
  const detail = `lines[${first}]: item ${line.itemCode} is for sex ${line.onlySex} only`
  return { count, detail, otherClaimId: null }
}

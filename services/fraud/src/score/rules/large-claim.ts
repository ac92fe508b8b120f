import type { Rule } from './rule.ts'

/**
 * A claim whose total is at least the amount that is configured is verified before it is paid
 * (大额查证). Without an amount there is no such rule.
 * @source capabilities CL-29
 */
export const largeClaim: Rule = ({ totalFen, largeFromFen }) => {
  if (largeFromFen === undefined || totalFen < largeFromFen) return null
  const detail = `totalFen: claims of ${largeFromFen} fen and more are verified before payment`
  return { count: 1, detail, otherClaimId: null }
}

/** P03, Tianjin (天津, 2016), the layers that the seed gives in full. */
import { notBelowZero, overlap, part, smaller, total } from '../words/fen.ts'

/** R04–R06 on the year's in-scope burden after basic insurance (reading 2). */
const ILLNESS = [
  { from: 2_000_000n, to: 10_000_000n, fundBp: 5000 },
  { from: 10_000_000n, to: 20_000_000n, fundBp: 6000 },
  { from: 20_000_000n, to: 30_000_000n, fundBp: 7000 },
] as const

export type Segments = {
  readonly segments: readonly (readonly [bigint, bigint])[]
  readonly fund: bigint
}

/** The burden lies on the year's as (before, before + burden]. */
export function residentCriticalIllness(before: bigint, burden: bigint): Segments {
  const segments = ILLNESS.map(band => {
    const inBand = overlap({ start: before, length: burden }, band)
    return [inBand, part(inBand, band.fundBp)] as const
  }).filter(([inBand]) => inBand > 0n)
  return { segments, fund: total(segments.map(([, fund]) => fund)) }
}

/** R07 on the year's in-scope cost (reading 3). */
const LARGE_AMOUNT = { from: 15_000_000n, to: 35_000_000n, fundBp: 8000 } as const

export function employeeLargeAmount(before: bigint, cost: bigint, premiumPaid: boolean) {
  const stretch = { start: before, length: cost }
  const inLayer = overlap(stretch, LARGE_AMOUNT)
  const fund = premiumPaid ? part(inLayer, LARGE_AMOUNT.fundBp) : 0n
  return {
    basicSegment: overlap(stretch, { from: 0n, to: LARGE_AMOUNT.from }),
    inLayer,
    fund,
    person: inLayer - fund,
    above: overlap(stretch, { from: LARGE_AMOUNT.to, to: null }),
  }
}

/** R16: deductible of the year, cost that is counted at most (reading 1), what the fund pays. */
export const OUTPATIENT = { deductible: 50_000n, costMax: 300_000n, fundBp: 5000 } as const

/** R17–R19: by the years without a claim before this one. */
export function reducedDeductible(normal: bigint, noClaimYears: number): bigint {
  const reduction = [0n, 10_000n, 20_000n, 30_000n][Math.min(noClaimYears, 3)] ?? 0n
  return notBelowZero(normal - reduction)
}

export function residentOutpatient(before: bigint, cost: bigint, noClaimYears: number) {
  const deductible = reducedDeductible(OUTPATIENT.deductible, noClaimYears)
  const band = { from: deductible, to: OUTPATIENT.costMax }
  const reimbursable = overlap({ start: before, length: cost }, band)
  return { deductible, reimbursable, fund: part(reimbursable, OUTPATIENT.fundBp) }
}

/** R17–R21 with reading 4: the deductible of each year and of the one after the last. */
export function noClaimSequence(normal: bigint, yearCosts: readonly bigint[]): readonly bigint[] {
  const deductibles = [normal]
  let streak = 0
  for (const cost of yearCosts) {
    const inForce = deductibles.at(-1) ?? normal
    streak = cost <= inForce ? streak + 1 : 0
    deductibles.push(reducedDeductible(normal, streak))
  }
  return deductibles
}

type Year = { readonly cost: bigint; readonly wholeYear: boolean }

/** R20: only a year that was insured from its first day to its last can go on with the count. */
export function noClaimStreak(years: readonly Year[]): number {
  let streak = 0
  for (const { cost, wholeYear } of years) {
    const inForce = reducedDeductible(OUTPATIENT.deductible, streak)
    streak = wholeYear && cost <= inForce ? Math.min(3, streak + 1) : 0
  }
  return streak
}

/** R25 with reading 5: what was not used of each year's outpatient maximum. */
export function outpatientCarryOver(maximum: bigint, yearCosts: readonly bigint[]): bigint {
  return total(yearCosts.map(cost => notBelowZero(maximum - cost)))
}

/** R22, R23 with reading 9: first stay and later ones, after a year of little outpatient cost. */
export function employeeInpatientDeductible(
  status: string,
  lastYearOutpatient: bigint,
  normal: readonly bigint[],
): readonly bigint[] {
  const threshold = status === 'retired' ? 250_000n : 150_000n
  if (lastYearOutpatient > threshold) return normal
  return normal.map((stated, index) => (index === 0 ? smaller(stated, 50_000n) : 0n))
}

/** R38, R40 */
export function fraudPenalty(fraud: bigint) {
  return { recover: fraud, fineMin: 2n * fraud, fineMax: 5n * fraud }
}

/** R27 with reading 7 */
export function accountToCard(monthCredit: bigint) {
  const toCard = part(monthCredit, 7000)
  return { toCard, stays: monthCredit - toCard }
}

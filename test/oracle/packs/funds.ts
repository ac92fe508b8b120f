/** Reserves, runway, total budget and floors: what funds and packs are measured by. */
import { halfUp, notBelowZero, part, smaller, total } from '../words/fen.ts'

/** P04-R32, R33 */
export function riskReserve(income: bigint, surplus: bigint, balance: bigint): bigint {
  const room = part(income, 1500) - balance
  return notBelowZero(smaller(smaller(part(income, 500), surplus), room))
}

/** P07-R03: balance over monthly spend, in hundredths of a month. Decimals as they are written. */
export function runwayHundredths(balance: string, monthlySpend: string): bigint {
  const [over, overPlaces] = decimal(balance)
  const [under, underPlaces] = decimal(monthlySpend)
  return halfUp(over * 100n * 10n ** underPlaces, under * 10n ** overPlaces)
}

/** The same for a period of several months: balance ÷ (spent ÷ months). */
export function runwayOf(balance: bigint, spent: bigint, months: bigint): bigint {
  return halfUp(balance * 100n * months, spent)
}

function decimal(text: string): readonly [bigint, bigint] {
  const [whole = '', fraction = ''] = text.split('.')
  return [BigInt(whole + fraction), BigInt(fraction.length)]
}

export type Budget = {
  readonly quota: bigint
  /** Of each month. */
  readonly actual: readonly bigint[]
  readonly monthlyMode: 'actual90' | 'quotaTwelfth'
  /** Reading 1: not in the seed. */
  readonly fundShareOfOverspendBp: number
}

/** P08-R02 to R05 with readings 1 and 2; what each month brings, then the year's end. */
export function totalBudget({ quota, actual, monthlyMode, fundShareOfOverspendBp }: Budget) {
  const monthly =
    monthlyMode === 'actual90' ? actual.map(month => part(month, 9000)) : twelfths(quota)
  const over = notBelowZero(total(actual) - quota)
  const ofFund = part(over, fundShareOfOverspendBp)
  const settled = quota + ofFund
  return {
    monthly,
    settled,
    yearEnd: settled - total(monthly),
    hospitalBears: over - ofFund,
  }
}

/** Whole fen each; the last month takes the remainder (P08-W3). */
function twelfths(quota: bigint): readonly bigint[] {
  const each = quota / 12n
  return Array.from({ length: 12 }, (_, month) => (month === 11 ? quota - 11n * each : each))
}

/** P20-R08 with reading 7: half of what is in scope, of residents; no maximum is spoken of. */
export function p20FloorBreaches(scheme: string, fundBp: number): readonly string[] {
  return scheme === 'resident' && fundBp < 5000 ? ['fundBp'] : []
}

/**
 * For what the account may be used beyond claims, by pack. Of any other use the words say nothing.
 * @source P01-R20, R21; P03-R28; P04-R29; P10-R07 to R09; P31-R02
 */
export const ACCOUNT_MAY_PAY: Readonly<Record<string, readonly string[]>> = {
  P01: ['ownOutpatient', 'ownInScopeShare'],
  'P03-employee': ['ownInScopeShare', 'commercialInsurance', 'healthCheck'],
  P04: ['relativesPremium'],
  P10: ['relativesPremium', 'relativesCare', 'vaccines', 'healthCheck'],
  P31: ['ownOutpatient', 'belowDeductible'],
}

/** P10-R01 to R04: a maximum that is not there is none too low. */
export function floorBreaches(scheme: string, fundBp: number, cap: bigint | null) {
  const floor =
    scheme === 'employee' ? { bp: 8000, cap: 10_000_000n } : { bp: 5500, cap: 6_000_000n }
  const breaches: string[] = []
  if (fundBp < floor.bp) breaches.push('fundBp')
  if (cap !== null && cap < floor.cap) breaches.push('capFen')
  return breaches
}

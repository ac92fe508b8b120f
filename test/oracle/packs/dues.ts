/** What is owed, by whom, and what of it goes into the account, for the packs that give figures. */
import { notBelowZero, part, smaller } from '../words/fen.ts'

export type Employee = {
  readonly status: 'active' | 'retired'
  readonly age: number
  readonly civilServant: boolean
  readonly averageWage: bigint
  readonly wage: bigint
}

/** P01-R03 to R10, R24, R25, R35 to R37. A retired civil servant's pension is not given. */
export function p01(person: Employee) {
  const { status, civilServant, averageWage, wage } = person
  const largeAmount = 9000n
  const largeAmountPayer = civilServant ? ('civilServantFund' as const) : ('person' as const)
  if (status === 'retired') {
    const fixed = { base: 0n, employer: 80_000n, ofPerson: 0n, accountCredit: 40_000n }
    return { ...fixed, largeAmount, largeAmountPayer, civilServantFund: 0n }
  }
  const floor = part(averageWage, 6000)
  const ceiling = part(averageWage, 30_000)
  const base = wage < floor ? floor : smaller(wage, ceiling)
  const credit = part(base, ageRate(person.age))
  return {
    base,
    employer: part(base, 600),
    ofPerson: part(base, 200),
    largeAmount,
    largeAmountPayer,
    accountCredit: credit + (civilServant ? part(base, 400) : 0n),
    civilServantFund: civilServant ? part(base, 500) : 0n,
  }
}

/** P01-R24 with reading 8 */
function ageRate(age: number): number {
  if (age <= 35) return 50
  return age <= 45 ? 150 : 250
}

/** P04-R03 to R12: central, province, county, person, for 2008. */
export const P04_2008: Readonly<Record<string, readonly [bigint, bigint, bigint, bigint]>> = {
  poorOrDisabledChild: [4500n, 2100n, 1400n, 0n],
  otherAllowance: [7000n, 3600n, 3800n, 3600n],
  disabled: [7000n, 3600n, 3800n, 3600n],
  lowIncome60: [7000n, 3600n, 2400n, 5000n],
  otherAdult: [4000n, 1800n, 1200n, 11_000n],
  child: [4000n, 1800n, 1200n, 1000n],
}
/** P04-R27: adults who want it. */
export const P04_LARGE_AMOUNT = 6000n

/** P06-R02, R03 with its reading: 5 yuan that no rate explains are kept apart. */
export function p06EmployeeMonth() {
  const base = 260_000n
  const employer = part(base, 900)
  const person = part(base, 200) + 500n
  return { employer, person, total: employer + person }
}

/** P06-R04 against booked income. */
export function p06Reconcile(members: bigint, booked: bigint) {
  const expected = members * 68_000n
  return { expected, difference: booked - expected }
}

/** P11-R05: from 2010. */
export function p11Month(averageMonthlyWage: bigint): bigint {
  return part(averageMonthlyWage, 550)
}

/** P20-R03 to R07 with its readings 1 to 5. */
export function p20Subsidy(category: string, premium: bigint) {
  const [central, province, local] = p20Parts(category, premium)
  return { central, province, local, family: premium - central - province - local }
}

function p20Parts(category: string, premium: bigint): readonly [bigint, bigint, bigint] {
  if (category === 'general') return [2000n, 2000n, 2000n]
  if (category === 'poorOrDisabledChild') return [2500n, 2500n, 2500n]
  if (category !== 'hardAdult' && category !== 'otherAllowance') throw new RangeError(category)
  return [5000n, 5000n, notBelowZero(part(premium, 8000) - 10_000n)]
}

/** P05-R02, R04 to R06 with reading 5 */
export function p05Premium(status: string, unit: string) {
  const none = { person: 0n, employer: 0n, district: 0n, township: 0n }
  if (status === 'retired' && unit === 'districtBudget') return { ...none, district: 7500n }
  if (status === 'retired' && unit === 'townshipBudget') return { ...none, township: 7500n }
  return { ...none, person: 3000n, employer: 4500n }
}

/** P05-R03 */
export function p05DueDate(year: number): string {
  return year === 2011 ? '2011-05-31' : `${year}-01-31`
}

/** P05-R21, R22 with reading 4. Days are YYYY-MM-DD. */
export function p05LateFee(
  amount: bigint,
  days: { readonly due: string; readonly noticeDelivered: string; readonly paid: string },
) {
  const inTime = dayNumber(days.paid) <= dayNumber(days.noticeDelivered) + 10
  const late = inTime ? 0 : Math.max(0, dayNumber(days.paid) - dayNumber(days.due))
  return { days: late, fee: part(amount * BigInt(late), 20) }
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000
}

/** P03-R10, R13, R14: these pay nothing; of others, and of what finance pays, nothing is said. */
export const P03_FREE = ['hardship', 'especiallyHard', 'minorOfHardship', 'studentOnLoan']

/** P19-R07: what government pays for a resident in 2013. */
export const P19_SUBSIDY = 24_000n

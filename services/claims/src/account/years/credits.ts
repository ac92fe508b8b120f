/**
 * How much of a personal account was credited in a year and is there still. Care outside hospital
 * and pharmacies take this year's money first, so that what was carried over (历年结余) is left for
 * what only it may pay. Sums alone, so that an undone claim was never there.
 * @source P01-R20, P01-R21, P01-A10
 */
import { type Fen, greatest, least, remainder, sum, ZERO } from '@tongchou/contracts/money.ts'
import type { TotalsMap } from '../../policy/totals.ts'

export type CreditedYear = {
  readonly year: number
  readonly creditedFen: Fen
  /** What the account paid for claims of the year outside hospital. */
  readonly drawnFen: Fen
}

/** What a change adds to a year; nothing is kept of a year that it leaves at 0. */
export function withCredits(
  years: readonly CreditedYear[],
  year: number,
  { creditedFen = ZERO, drawnFen = ZERO }: Partial<Omit<CreditedYear, 'year'>>,
): readonly CreditedYear[] {
  if (creditedFen === 0n && drawnFen === 0n) return years
  const known = years.find(other => other.year === year)
  const changed = {
    year,
    creditedFen: sum(known?.creditedFen ?? ZERO, creditedFen),
    drawnFen: sum(known?.drawnFen ?? ZERO, drawnFen),
  }
  const others = years.filter(other => other.year !== year)
  if (changed.creditedFen === 0n && changed.drawnFen === 0n) return others
  return [...others, changed].sort((a, b) => a.year - b.year)
}

/** Of what the account paid for a claim, the part that this year's credits bear first. */
export function drawnBy(effect: TotalsMap, accountFen: Fen): Fen {
  const inHospital = (effect['stays'] ?? 0n) !== 0n || (effect['costInFen'] ?? 0n) !== 0n
  return inHospital ? ZERO : accountFen
}

/** Of the balance, what is no carried-over money for a claim of the year. */
export function creditsOf(
  {
    credited,
    balanceFen,
  }: { readonly credited: readonly CreditedYear[]; readonly balanceFen: Fen },
  year: number,
): Fen {
  const held = credited
    .filter(other => other.year >= year)
    .reduce((all, of) => sum(all, left(of)), ZERO)
  return least(greatest(ZERO, balanceFen), held)
}

function left({ creditedFen, drawnFen }: CreditedYear): Fen {
  return remainder(greatest(ZERO, creditedFen), greatest(ZERO, drawnFen))
}

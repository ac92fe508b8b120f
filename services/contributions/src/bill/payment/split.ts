/**
 * Where the money of a payment goes: into funds as premium, into the person's account as credit.
 * What a fund hands to the account is kept back from what is paid into that fund, in proportion, so
 * that premiums and credits together are exactly the money that came.
 */
import type { BillLine } from '@tongchou/contracts/events.generated.ts'
import { apportion, type Fen, minus, sum, ZERO } from '@tongchou/contracts/money.ts'
import { bookFundOf, fundNamed, payerKind } from '@tongchou/contracts/policy/dues/payers.ts'

/** The destination that is the person's own. */
const ACCOUNT = 'account'

export type PremiumPart = {
  readonly payer: string
  /** As the books name it. */
  readonly fund: string
  readonly amountFen: Fen
}
export type CreditPart = { readonly part: string; readonly amountFen: Fen }

export type Split = {
  readonly premiums: readonly PremiumPart[]
  readonly credits: readonly CreditPart[]
}

/** Parts that are 0 are left out. Premiums and credits add up to what the payers owe. */
export function splitOf(lines: readonly BillLine[], payers: readonly string[]): Split {
  const paid = (line: BillLine) => payers.includes(line.payer) && isPaidIn(line)
  const kept = new Map<BillLine, Fen>()
  const credits: CreditPart[] = []
  for (const line of lines) {
    if (line.fund !== ACCOUNT) continue
    if (paid(line)) credits.push(line)
    if (isPaidIn(line)) continue
    const shares = sharesOf(line, lines).filter(share => paid(share.line))
    for (const { line: into, amountFen } of shares) {
      kept.set(into, sum(kept.get(into) ?? ZERO, amountFen))
    }
    const amountFen = sum(...shares.map(share => share.amountFen))
    credits.push({ part: line.part, amountFen })
  }
  const premiums = lines
    .filter(line => paid(line) && line.fund !== ACCOUNT)
    .map(line => ({
      ...{ payer: line.payer, fund: bookFundOf(line.fund) },
      amountFen: minus(line.amountFen, kept.get(line) ?? ZERO),
    }))
  return { premiums: byPlace(premiums), credits: credits.filter(isSomething).map(creditOf) }
}

/**
 * A late fee by fund, in proportion to what the payers owe each fund; none goes to the account.
 * Where they owe the account alone, it is the pooled fund's. @source P05-R22; the split is ours
 */
export function lateFeeByFund(
  lines: readonly BillLine[],
  payers: readonly string[],
  feeFen: Fen,
): readonly Pick<PremiumPart, 'fund' | 'amountFen'>[] {
  const dues = new Map<string, Fen>()
  for (const line of lines) {
    if (!payers.includes(line.payer) || !isPaidIn(line) || line.fund === ACCOUNT) continue
    const fund = bookFundOf(line.fund)
    dues.set(fund, sum(dues.get(fund) ?? ZERO, line.amountFen))
  }
  if (dues.size === 0) dues.set(bookFundOf('pooled'), feeFen)
  const shares = feeFen > 0n ? apportion(feeFen, [...dues.values()]) : []
  return [...dues.keys()]
    .map((fund, index) => ({ fund, amountFen: shares[index] ?? ZERO }))
    .filter(isSomething)
}

/** False for a credit that a fund bears which gets less than that by the same bill. */
export function isFunded(line: BillLine, lines: readonly BillLine[]): boolean {
  if (line.fund !== ACCOUNT || isPaidIn(line)) return true
  const all = lines.filter(other => other.fund === ACCOUNT && other.payer === line.payer)
  const wanted = sum(...all.map(({ amountFen }) => amountFen))
  return sum(...intoFundOf(line, lines).map(({ amountFen }) => amountFen)) >= wanted
}

/** Money comes from outside; else one fund hands it to another. */
export function isPaidIn({ payer }: Pick<BillLine, 'payer'>): boolean {
  return payerKind(payer) !== 'fund'
}

type Share = { readonly line: BillLine; readonly amountFen: Fen }

function sharesOf(credit: BillLine, lines: readonly BillLine[]): readonly Share[] {
  const into = intoFundOf(credit, lines)
  if (into.length === 0) return []
  const weights = into.map(({ amountFen }) => amountFen)
  const shares = apportion(credit.amountFen, weights)
  return into.map((line, index) => ({ line, amountFen: shares[index] ?? ZERO }))
}

function intoFundOf({ payer }: BillLine, lines: readonly BillLine[]): readonly BillLine[] {
  const fund = fundNamed(payer)
  return lines.filter(line => isPaidIn(line) && fundNamed(line.fund) === fund)
}

function byPlace(parts: readonly PremiumPart[]): readonly PremiumPart[] {
  const sums = new Map<string, PremiumPart>()
  for (const { payer, fund, amountFen } of parts) {
    const before = sums.get(`${payer} ${fund}`)?.amountFen ?? ZERO
    sums.set(`${payer} ${fund}`, { payer, fund, amountFen: sum(before, amountFen) })
  }
  return [...sums.values()].filter(isSomething)
}

function creditOf({ part, amountFen }: CreditPart): CreditPart {
  return { part, amountFen }
}

function isSomething({ amountFen }: { readonly amountFen: Fen }): boolean {
  return amountFen > 0n
}

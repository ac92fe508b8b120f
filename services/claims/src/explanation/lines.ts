/**
 * The shares of a claim laid on its lines: every share adds up to that of the claim, every line to
 * its amount. A policy knows no lines, so a share falls on them in proportion to what of each it
 * can pay and no earlier share has paid.
 */
import type { ClaimLine } from '@tongchou/contracts/events.generated.ts'
import {
  apportion,
  type Fen,
  fen,
  least,
  minus,
  remainder,
  sum,
  ZERO,
} from '@tongchou/contracts/money.ts'
import type { AccountUse, Basis, Benefit, Gap } from '../policy/plan/plan.ts'

/** What of a line the catalogue let in, and what not. */
export const LINE_PARTS = ['inScopeFen', 'firstShareFen', 'overLimitFen', 'fullSelfFen'] as const
export type LinePart = (typeof LINE_PARTS)[number]
export type SplitLine = Pick<ClaimLine, LinePart | 'amountFen'>

export type LineShares = {
  /** By layer, in the order of the claim's layers; the personal account is the last of them. */
  readonly layers: readonly { readonly layer: string; readonly amountFen: Fen }[]
  readonly cashFen: Fen
}

/** The layers that paid, of the outcome or of the event; their order counts. */
export type Paid = {
  readonly layers: readonly { readonly layer: string; readonly amountFen: Fen }[]
  readonly totalFen: Fen
}

type Open = Record<LinePart, Fen>

/** Null when the lines do not sum to the claim's parts; their number is at least one. */
export function lineSharesOf(
  lines: readonly SplitLine[],
  outcome: Paid,
  benefit: Benefit | Gap,
): readonly LineShares[] | null {
  if (lines.length === 0 || !holdTogether(lines, outcome.totalFen)) return null
  const open = lines.map(openOf)
  const paid = outcome.layers.map(({ layer, amountFen }) => ({
    layer,
    parts: take(open, orderFor(layer, benefit), amountFen),
  }))
  return open.map((left, at) => ({
    layers: paid.map(({ layer, parts }) => ({ layer, amountFen: parts[at] ?? ZERO })),
    cashFen: totalOf(left, LINE_PARTS),
  }))
}

function holdTogether(lines: readonly SplitLine[], totalFen: Fen): boolean {
  const whole = lines.every(line => totalOf(line, LINE_PARTS) === line.amountFen)
  return whole && sum(...lines.map(({ amountFen }) => amountFen)) === totalFen
}

function openOf({ inScopeFen, firstShareFen, overLimitFen, fullSelfFen }: SplitLine): Open {
  return { inScopeFen, firstShareFen, overLimitFen, fullSelfFen }
}

function totalOf(of: Readonly<Record<LinePart, Fen>>, parts: readonly LinePart[]): Fen {
  let total = 0n
  for (const part of parts) total += of[part]
  return fen(total)
}

const ACCOUNT_ORDERS: Readonly<Record<AccountUse['pays'], readonly (readonly LinePart[])[]>> = {
  allButFullSelf: [['inScopeFen', 'firstShareFen', 'overLimitFen'], ['fullSelfFen']],
  inScopeShare: [['inScopeFen'], ['firstShareFen', 'overLimitFen'], ['fullSelfFen']],
}
const IN_SCOPE = ACCOUNT_ORDERS.inScopeShare
const ORDERS: Readonly<Partial<Record<Basis['kind'], typeof IN_SCOPE>>> = {
  firstShare: [['firstShareFen'], ['inScopeFen', 'overLimitFen'], ['fullSelfFen']],
  overLimit: [['overLimitFen'], ['inScopeFen', 'firstShareFen'], ['fullSelfFen']],
}

/** Which parts of the lines a layer pays first. */
function orderFor(layer: string, benefit: Benefit | Gap): typeof IN_SCOPE {
  if (benefit.kind === 'gap') return IN_SCOPE
  const found = benefit.layers.find(({ id }) => id === layer)
  if (found !== undefined) return ORDERS[found.of.kind] ?? IN_SCOPE
  return benefit.account === null ? IN_SCOPE : ACCOUNT_ORDERS[benefit.account.pays]
}

/** Takes the amount from what is open, group of parts by group, and says how much of each line. */
function take(open: readonly Open[], order: typeof IN_SCOPE, amountFen: Fen): readonly Fen[] {
  const taken = open.map(() => ZERO)
  let left = amountFen
  for (const parts of order) {
    if (left === 0n) break
    const weights = open.map(line => totalOf(line, parts))
    const openFen = sum(...weights)
    const now = least(left, openFen)
    if (now === 0n) continue
    const shares = now === openFen ? weights : apportion(now, weights)
    for (const [at, part] of shares.entries()) {
      if (part === 0n) continue
      const line = open[at]
      if (line !== undefined) takeOne(line, parts, part)
      taken[at] = sum(taken[at] ?? ZERO, part)
    }
    left = minus(left, now)
  }
  return taken
}

function takeOne(line: Open, parts: readonly LinePart[], amountFen: Fen): void {
  let left = amountFen
  for (const part of parts) {
    const now = least(left, line[part])
    line[part] = remainder(line[part], now)
    left = fen(left - now)
  }
}

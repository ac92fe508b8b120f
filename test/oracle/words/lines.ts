/**
 * The shares of a claim on its lines. Every payer in turn takes from what is still open of the
 * lines, in proportion, and the fen that are left over go to the largest remainders, of equal ones
 * to the earlier line. What is open at the end is paid in cash. Funds and an account that pays
 * shares of what is in scope begin with what is in scope; an account that may pay all but full
 * self-pay takes the three other parts alike.
 */
import type { Claim } from './claim.ts'
import { smaller, total } from './fen.ts'

export type Line = {
  readonly inScope: bigint
  readonly firstShare: bigint
  readonly overLimit: bigint
  readonly fullSelf: bigint
}
type Part = keyof Line
const PARTS: readonly Part[] = ['inScope', 'firstShare', 'overLimit', 'fullSelf']

export type Payment = { readonly layer: string; readonly amount: bigint }
export type AccountPays = 'inScopeShare' | 'allButFullSelf'

const IN_SCOPE_FIRST: readonly (readonly Part[])[] = [
  ['inScope'],
  ['firstShare', 'overLimit'],
  ['fullSelf'],
]
const ALIKE: readonly (readonly Part[])[] = [['inScope', 'firstShare', 'overLimit'], ['fullSelf']]

/** By line: what each payment pays of it, in their order, and last what is paid in cash. */
export function onLines(
  lines: readonly Line[],
  payments: readonly Payment[],
  accountPays: AccountPays,
): readonly (readonly bigint[])[] {
  const open = lines.map(line => ({ ...line }))
  const shares: bigint[][] = lines.map(() => [])
  for (const { layer, amount } of payments) {
    const order = layer === 'account' && accountPays === 'allButFullSelf' ? ALIKE : IN_SCOPE_FIRST
    const taken = take(open, amount, order)
    for (const [at, share] of shares.entries()) share.push(taken[at] ?? 0n)
  }
  return shares.map((share, at) => [...share, total(PARTS.map(part => open[at]?.[part] ?? 0n))])
}

function take(
  open: readonly Record<Part, bigint>[],
  amount: bigint,
  order: readonly (readonly Part[])[],
): readonly bigint[] {
  const taken = open.map(() => 0n)
  let left = amount
  for (const parts of order) {
    const there = open.map(line => total(parts.map(part => line[part])))
    const now = smaller(left, total(there))
    for (const [at, share] of byLargestRemainder(now, there).entries()) {
      taken[at] = (taken[at] ?? 0n) + share
      let of = share
      for (const part of parts) {
        const line = open[at]
        if (line === undefined) continue
        const from = smaller(of, line[part])
        line[part] -= from
        of -= from
      }
    }
    left -= now
  }
  if (left !== 0n) throw new RangeError(`${left} fen more are paid than the lines hold`)
  return taken
}

function byLargestRemainder(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  const all = total(weights)
  if (all === 0n) return weights.map(() => 0n)
  const parts = weights.map(weight => (whole * weight) / all)
  const rests: (bigint | null)[] = weights.map(weight => (whole * weight) % all)
  while (total(parts) < whole) {
    let largest = 0
    for (const [at, rest] of rests.entries()) {
      const most = rests[largest]
      if (rest !== null && (most === null || most === undefined || rest > most)) largest = at
    }
    parts[largest] = (parts[largest] ?? 0n) + 1n
    rests[largest] = null
  }
  return parts
}

/** Lines that sum to the claim: always the same ones for the same claim, some of them alike. */
export function linesOf(claim: Claim): readonly Line[] {
  const { inScope, firstShare, overLimit, fullSelf } = claim
  let state = Number((inScope * 7n + firstShare * 5n + overLimit * 3n + fullSelf) % 2_147_483_647n)
  const next = (most: number) => {
    state = (state * 48_271 + 11) % 2_147_483_647
    return state % most
  }
  const weights = Array.from({ length: 1 + next(7) }, () => [1n, 1n, 3n, 1009n, 0n][next(5)] ?? 1n)
  const split = (whole: bigint) => {
    const all = total(weights) + 1n
    const parts = weights.map(weight => (whole * weight) / all)
    const rest = whole - total(parts)
    const at = next(parts.length)
    return parts.map((part, index) => (index === at ? part + rest : part))
  }
  const [a, b, c, d] = [split(inScope), split(firstShare), split(overLimit), split(fullSelf)]
  return weights.map((_, at) => ({
    inScope: a[at] ?? 0n,
    firstShare: b[at] ?? 0n,
    overLimit: c[at] ?? 0n,
    fullSelf: d[at] ?? 0n,
  }))
}

/** Makes a history that differs as small as it can be while it still does. */
import type { Case, Step } from '../random/person.ts'
import type { Claim } from '../words/claim.ts'

const TRIES_MAX = 20_000

export function shrink(whole: Case, differs: (smaller: Case) => boolean): Case {
  let best = whole
  let tries = 0
  let improved = true
  while (improved && tries < TRIES_MAX) {
    improved = false
    for (const candidate of candidates(best)) {
      tries += 1
      if (!differs(candidate)) continue
      best = candidate
      improved = true
      break
    }
  }
  return best
}

function* candidates({ opening, steps }: Case): Generator<Case> {
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    yield { opening, steps: steps.filter((_, index) => index !== at) }
  }
  for (const amount of smallerAmounts(opening)) yield { opening: amount, steps }
  for (const [at, step] of steps.entries()) {
    if (step === 'reverse') continue
    for (const claim of simplerClaims(step)) yield { opening, steps: replace(steps, at, claim) }
  }
}

function replace(steps: readonly Step[], at: number, claim: Claim): readonly Step[] {
  return steps.map((step, index) => (index === at ? claim : step))
}

function* simplerClaims(claim: Claim): Generator<Claim> {
  if (claim.treating !== claim.home) yield { ...claim, treating: claim.home, filings: [] }
  if (claim.filings.length > 0) yield { ...claim, filings: claim.filings.slice(1) }
  if (claim.emergency) yield { ...claim, emergency: false }
  if (claim.useAccount) yield { ...claim, useAccount: false }
  if (claim.beginOn !== claim.endOn) yield { ...claim, beginOn: claim.endOn }
  for (const [name, value] of Object.entries(claim.says)) {
    if (value === true) yield { ...claim, says: { ...claim.says, [name]: false } }
  }
  for (const name of ['fullSelf', 'overLimit', 'firstShare', 'inScope'] as const) {
    for (const amount of smallerAmounts(claim[name])) yield { ...claim, [name]: amount }
  }
}

/** Nothing, half, fewer figures, one less. */
function* smallerAmounts(amount: bigint): Generator<bigint> {
  if (amount === 0n) return
  yield 0n
  if (amount > 3n) yield amount / 2n
  for (let unit = 100_000_000n; unit > 1n; unit /= 10n) {
    if (amount > unit && amount % unit !== 0n) yield amount - (amount % unit)
  }
  yield amount - 1n
}

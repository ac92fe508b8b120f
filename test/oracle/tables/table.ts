/**
 * Claims under a policy table, straight from RULES.md §4: one section below for each step there.
 */
import {
  type Branch,
  type Claim,
  type History,
  ofTheYear,
  type Paid,
  type Policy,
  paid,
  type Settled,
  totalOf,
} from '../words/claim.ts'
import { notBelowZero, overlap, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

export type ByLevel<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

/** RULES.md §3; amounts in fen, rates in basis points. */
export type Table = {
  readonly inpatient: {
    readonly deductibleFen: ByLevel<readonly number[]>
    readonly stayCount: 'all' | 'sameLevel'
    readonly deductibleMaxFenPerYear: number | null
    readonly fundBp: ByLevel<number>
    readonly capFen: number | null
  }
  readonly outpatient: {
    readonly deductibleFen: ByLevel<number>
    readonly deductiblePer: 'year' | 'visit'
    readonly fundBp: ByLevel<number>
    readonly capFen: Readonly<Record<string, number | null>>
    readonly sharesInpatientCap: boolean
    /** Bounds of the year's in-scope outpatient cost: up to the first the rate, then another. */
    readonly onCost?: { readonly firstTo: bigint; readonly end: bigint; readonly thenBp: bigint }
  }
  readonly catastrophic: null | {
    readonly measure: 'cutByCap' | 'burden'
    readonly fundBp?: number
    readonly fromFen?: number
    readonly bands?: readonly { readonly toFen: number | null; readonly fundBp: number }[]
    readonly capFen: number | null
  }
  readonly remote: {
    readonly longTermFiledBp: number
    readonly transferFiledBp: number
    readonly unfiledEmergencyBp: number
    readonly unfiledBp: number
    readonly deemedFiledFor: readonly string[]
  }
}

export function tablePolicy(table: Table, hasAccount = true): Policy {
  return {
    settle: (claim, history) =>
      settle(table, hasAccount ? claim : { ...claim, useAccount: false }, history),
    edges: (claim, history) => edges(table, claim, history),
  }
}

function settle(table: Table, claim: Claim, history: History): Paid {
  const branch = branchOf(claim, table.remote.deemedFiledFor)
  const outcome = decide(table, claim, history, branch)
  const { pooled, catastrophic } = outcome
  return paid(claim, history, {
    branch,
    // §3: a rate of 0 is not covered.
    counts: claim.kind !== 'outpatient' || outcome.fundBp > 0n || isOnCost(table),
    fundBp: outcome.fundBp,
    deductible: outcome.deductible,
    funds: { pooled, catastrophic },
    // §4.8
    accountMay: totalOf(claim) - pooled - catastrophic - claim.fullSelf,
  })
}

type Decided = {
  readonly fundBp: bigint
  readonly deductible: bigint
  readonly pooled: bigint
  readonly catastrophic: bigint
}

function decide(table: Table, claim: Claim, history: History, branch: Branch): Decided {
  // §4.7
  if (claim.kind === 'pharmacy') return { fundBp: 0n, deductible: 0n, pooled: 0n, catastrophic: 0n }
  if (claim.kind === 'outpatient') return outpatient(table, claim, history, branch)
  return inpatient(table, claim, history, branch)
}

/** §4.2 */
function factorBp({ remote }: Table, branch: Branch): number {
  switch (branch) {
    case 'local':
      return 10_000
    case 'deemed':
    case 'longTerm':
      return remote.longTermFiledBp
    case 'transfer':
      return remote.transferFiledBp
    case 'unfiledEmergency':
      return remote.unfiledEmergencyBp
    case 'unfiled':
      return remote.unfiledBp
  }
}

/** §4.3 */
function rate(table: Table, claim: Claim, branch: Branch): bigint {
  const { fundBp } = claim.kind === 'outpatient' ? table.outpatient : table.inpatient
  return part(BigInt(at(fundBp, claim)), factorBp(table, branch))
}

function at<T>(byLevel: ByLevel<T>, { status, level }: Claim): T {
  const figure = byLevel[status]?.[level ?? '']
  if (figure === undefined) throw new RangeError(`no figure for ${status} at ${level}`)
  return figure
}

/** §4.4, inpatient and chronic */
function inpatient(table: Table, claim: Claim, history: History, branch: Branch): Decided {
  const fundBp = rate(table, claim, branch)
  const deductible = claim.kind === 'chronic' ? 0n : stayDeductible(table, claim, history)
  const due = part(claim.inScope - deductible, fundBp)
  const room = inpatientRoom(table, claim, history)
  const pooled = room === null ? due : smaller(due, room)
  return { fundBp, deductible, pooled, catastrophic: extra(table, claim, history, { due, pooled }) }
}

function stayDeductible(table: Table, claim: Claim, history: History): bigint {
  const entry = ladderEntry(table, claim, history)
  const deductible = smaller(entry, claim.inScope)
  const { deductibleMaxFenPerYear } = table.inpatient
  if (deductibleMaxFenPerYear === null) return deductible
  const borne = total(ofTheYear(claim, history, 'inpatient').map(stay => stay.paid.deductible))
  return smaller(deductible, notBelowZero(BigInt(deductibleMaxFenPerYear) - borne))
}

function ladderEntry(table: Table, claim: Claim, history: History): bigint {
  const stays = ofTheYear(claim, history, 'inpatient')
  const counted =
    table.inpatient.stayCount === 'all'
      ? stays
      : stays.filter(stay => stay.claim.level === claim.level)
  const ladder = at(table.inpatient.deductibleFen, claim)
  const entry = ladder[Math.min(counted.length, ladder.length - 1)]
  if (entry === undefined) throw new RangeError('an empty ladder')
  return BigInt(entry)
}

function pooledOf(claims: readonly Settled[]): bigint {
  return total(claims.map(earlier => earlier.paid.pooled))
}

/** What is left under the inpatient cap; null without one. */
function inpatientRoom(table: Table, claim: Claim, history: History): bigint | null {
  const { capFen } = table.inpatient
  if (capFen === null) return null
  const used = pooledOf(ofTheYear(claim, history, 'inpatient', 'chronic'))
  const shared = table.outpatient.sharesInpatientCap
    ? pooledOf(ofTheYear(claim, history, 'outpatient'))
    : 0n
  return notBelowZero(BigInt(capFen) - used - shared)
}

/** §4.5 */
function extra(
  { catastrophic }: Table,
  claim: Claim,
  history: History,
  { due, pooled }: { readonly due: bigint; readonly pooled: bigint },
): bigint {
  if (catastrophic === null) return 0n
  const wanted =
    catastrophic.measure === 'cutByCap'
      ? part(due - pooled, catastrophic.fundBp ?? 0)
      : ofBurden(catastrophic, burdenBefore(claim, history), claim.inScope - pooled)
  if (catastrophic.capFen === null) return wanted
  const used = total(
    ofTheYear(claim, history, 'inpatient', 'chronic').map(other => other.paid.catastrophic),
  )
  return smaller(wanted, notBelowZero(BigInt(catastrophic.capFen) - used))
}

function burdenBefore(claim: Claim, history: History): bigint {
  return total(
    ofTheYear(claim, history, 'inpatient', 'chronic').map(
      other => other.claim.inScope - other.paid.pooled,
    ),
  )
}

function ofBurden(
  { fromFen, bands }: NonNullable<Table['catastrophic']>,
  start: bigint,
  length: bigint,
): bigint {
  let from = BigInt(fromFen ?? 0)
  let sum = 0n
  for (const { toFen, fundBp } of bands ?? []) {
    const to = toFen === null ? null : BigInt(toFen)
    sum += part(overlap({ start, length }, { from, to }), fundBp)
    if (to !== null) from = to
  }
  return sum
}

function isOnCost({ outpatient: { onCost } }: Table): boolean {
  return onCost !== undefined
}

/** 120100: the year's cost lies on two bands that begin at the deductible. */
function visitOnCost(table: Table, claim: Claim, history: History, branch: Branch): Decided {
  const { onCost = { firstTo: 0n, end: 0n, thenBp: 0n } } = table.outpatient
  const { firstTo, end } = onCost
  const [firstBp, thenBp] = [
    rate(table, claim, branch),
    part(onCost.thenBp, factorBp(table, branch)),
  ]
  const start = total(ofTheYear(claim, history, 'outpatient').map(visit => visit.claim.inScope))
  const stretch = { start, length: claim.inScope }
  const from = BigInt(at(table.outpatient.deductibleFen, claim))
  const due =
    part(overlap(stretch, { from, to: firstTo }), firstBp) +
    part(overlap(stretch, { from: firstTo, to: end }), thenBp)
  const room = outpatientRoom(table, claim, history)
  return {
    fundBp: start < firstTo ? firstBp : start < end ? thenBp : 0n,
    deductible: smaller(claim.inScope, visitDeductible(table, claim, history)),
    pooled: room === null ? due : smaller(due, room),
    catastrophic: 0n,
  }
}

/** §4.6 */
function outpatient(table: Table, claim: Claim, history: History, branch: Branch): Decided {
  if (isOnCost(table)) return visitOnCost(table, claim, history, branch)
  const fundBp = rate(table, claim, branch)
  if (fundBp === 0n) return { fundBp, deductible: 0n, pooled: 0n, catastrophic: 0n }
  const deductible = smaller(claim.inScope, visitDeductible(table, claim, history))
  const due = part(claim.inScope - deductible, fundBp)
  const room = outpatientRoom(table, claim, history)
  const pooled = room === null ? due : smaller(due, room)
  return { fundBp, deductible, pooled, catastrophic: 0n }
}

function visitDeductible({ outpatient: rules }: Table, claim: Claim, history: History): bigint {
  const full = BigInt(at(rules.deductibleFen, claim))
  if (rules.deductiblePer === 'visit') return full
  const visits = ofTheYear(claim, history, 'outpatient')
  return notBelowZero(full - total(visits.map(visit => visit.paid.deductible)))
}

function outpatientRoom(table: Table, claim: Claim, history: History): bigint | null {
  if (table.outpatient.sharesInpatientCap) return inpatientRoom(table, claim, history)
  const capFen = table.outpatient.capFen[claim.status]
  if (capFen === undefined) throw new RangeError(`no cap for ${claim.status}`)
  if (capFen === null) return null
  return notBelowZero(BigInt(capFen) - pooledOf(ofTheYear(claim, history, 'outpatient')))
}

/** Where the deductible, the cap and each band of this claim begin or end. */
function edges(table: Table, claim: Claim, history: History): readonly bigint[] {
  if (claim.kind === 'pharmacy') return []
  const branch = branchOf(claim, table.remote.deemedFiledFor)
  const bp = rate(table, claim, branch)
  const isVisit = claim.kind === 'outpatient'
  const ladder = claim.kind === 'inpatient' ? ladderEntry(table, claim, history) : 0n
  const deductible = isVisit ? visitDeductible(table, claim, history) : ladder
  const room = isVisit
    ? outpatientRoom(table, claim, history)
    : inpatientRoom(table, claim, history)
  const atCap = room === null || bp === 0n ? [] : [deductible + (room * 10_000n) / bp]
  const before = burdenBefore(claim, history)
  const { firstTo, end } = table.outpatient.onCost ?? {}
  const cost = total(ofTheYear(claim, history, 'outpatient').map(visit => visit.claim.inScope))
  const costs = isVisit ? [firstTo, end].flatMap(to => (to === undefined ? [] : [to - cost])) : []
  const { fromFen, bands } = table.catastrophic ?? {}
  const ends = [fromFen, ...(bands ?? []).map(({ toFen }) => toFen)]
  const burdens = ends.flatMap(end => (end === null || end === undefined ? [] : [BigInt(end)]))
  // Below the cap a burden of b comes from an in-scope amount of about b / (1 − rate).
  const ofBurdens = burdens.flatMap(end => {
    const burden = notBelowZero(end - before)
    const free = 10_000n - bp
    const whole = room === null ? [] : [burden + room]
    return free === 0n
      ? whole
      : [((burden - (deductible * bp) / 10_000n) * 10_000n) / free, ...whole]
  })
  return [deductible, ...atCap, ...costs, ...ofBurdens].filter(edge => edge > 0n)
}

/** Sums of a what-if run by group, with the claims that change most in each. */
import type { Fen } from '@tongchou/contracts/money.ts'
import type { Paid, StoredClaim } from './rerun.ts'

export const DIMENSIONS = ['all', 'region', 'level', 'age', 'kind', 'status', 'month'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Claims kept of each group for a look at single ones. */
export const CLAIMS_KEPT = 20

/** Amounts as text, so that a tally is plain JSON. */
export type MovedClaim = {
  readonly claimId: string
  readonly endOn: string
  readonly totalFen: bigint
  readonly fundsBeforeFen: bigint
  readonly fundsAfterFen: bigint
  readonly cashBeforeFen: bigint
  readonly cashAfterFen: bigint
}

export type Sums = { before: bigint; after: bigint }

export type Group = {
  claims: number
  /** Claims for which the funds pay more, and less. */
  up: number
  down: number
  totalFen: bigint
  /** By fund; `account` and `cash` stand for what the person pays. */
  readonly payers: Map<string, Sums>
  /** Those that move the funds most, the largest first. */
  moved: MovedClaim[]
}

export const PERSON_PAYERS = ['account', 'cash'] as const

/** Ages on 1 January, from, both ends included. */
const AGE_STARTS = [0, 18, 35, 45, 60, 70, 80] as const

export class Tally {
  readonly groups = new Map<string, Group>()
  /** Claims that the draft does not compute, by the place in the pack that would have to say it. */
  readonly notComputed = new Map<string, { claims: number; totalFen: bigint; example: string }>()

  add(event: StoredClaim, stored: Paid, draft: Paid): void {
    const claim = movedOf(event, stored, draft)
    for (const dimension of DIMENSIONS) {
      const group = this.#group(`${dimension} ${keyOf(dimension, event)}`)
      group.claims += 1
      group.totalFen += event.totalFen
      if (claim.fundsAfterFen > claim.fundsBeforeFen) group.up += 1
      if (claim.fundsAfterFen < claim.fundsBeforeFen) group.down += 1
      addPaid(group.payers, 'before', stored)
      addPaid(group.payers, 'after', draft)
      keep(group, claim)
    }
  }

  leaveOut({ claimId, totalFen }: StoredClaim, path: string): void {
    const known = this.notComputed.get(path)
    this.notComputed.set(path, {
      claims: (known?.claims ?? 0) + 1,
      totalFen: (known?.totalFen ?? 0n) + totalFen,
      example: known === undefined || claimId < known.example ? claimId : known.example,
    })
  }

  /** Adds what another run over other persons found. */
  merge(other: Tally): void {
    for (const [name, from] of other.groups) {
      const group = this.#group(name)
      group.claims += from.claims
      group.up += from.up
      group.down += from.down
      group.totalFen += from.totalFen
      for (const [payer, { before, after }] of from.payers) {
        const sums = sumsOf(group.payers, payer)
        sums.before += before
        sums.after += after
      }
      for (const claim of from.moved) keep(group, claim)
    }
    for (const [path, { claims, totalFen, example }] of other.notComputed) {
      const known = this.notComputed.get(path)
      this.notComputed.set(path, {
        claims: (known?.claims ?? 0) + claims,
        totalFen: (known?.totalFen ?? 0n) + totalFen,
        example: known === undefined || example < known.example ? example : known.example,
      })
    }
  }

  #group(name: string): Group {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const made: Group = { claims: 0, up: 0, down: 0, totalFen: 0n, payers: new Map(), moved: [] }
    this.groups.set(name, made)
    return made
  }
}

function movedOf(event: StoredClaim, stored: Paid, draft: Paid): MovedClaim {
  const { claimId, endOn, totalFen } = event
  return {
    claimId,
    endOn,
    totalFen,
    fundsBeforeFen: totalFen - stored.accountFen - stored.cashFen,
    fundsAfterFen: totalFen - draft.accountFen - draft.cashFen,
    cashBeforeFen: stored.cashFen,
    cashAfterFen: draft.cashFen,
  }
}

function keyOf(dimension: Dimension, event: StoredClaim): string {
  switch (dimension) {
    case 'all':
      return 'all'
    case 'region':
      return event.treatingRegion
    case 'level':
      return event.facts.level ?? 'pharmacy'
    case 'age':
      return ageGroup(event.facts.ageOnYearStart)
    case 'kind':
      return event.kind
    case 'status':
      return event.status
    case 'month':
      return event.endOn.slice(0, 7)
  }
}

/** `35-44`, `80+`: two digits, so that text sorts by age. */
export function ageGroup(age: number): string {
  let at = 0
  while (at + 1 < AGE_STARTS.length && age >= (AGE_STARTS[at + 1] ?? 0)) at += 1
  const from = String(AGE_STARTS[at] ?? 0).padStart(2, '0')
  const next = AGE_STARTS[at + 1]
  return next === undefined ? `${from}+` : `${from}-${String(next - 1).padStart(2, '0')}`
}

function addPaid(payers: Map<string, Sums>, side: keyof Sums, paid: Paid): void {
  for (const [fund, amountFen] of paid.funds) sumsOf(payers, fund)[side] += amountFen
  addOne(payers, 'account', side, paid.accountFen)
  addOne(payers, 'cash', side, paid.cashFen)
}

function addOne(payers: Map<string, Sums>, payer: string, side: keyof Sums, amount: Fen): void {
  if (amount !== 0n) sumsOf(payers, payer)[side] += amount
}

function sumsOf(payers: Map<string, Sums>, payer: string): Sums {
  const known = payers.get(payer)
  if (known !== undefined) return known
  const made = { before: 0n, after: 0n }
  payers.set(payer, made)
  return made
}

/** Keeps the largest moves; of equal ones the smaller id, so that every order gives the same. */
function keep(group: Group, claim: MovedClaim): void {
  const { moved } = group
  const last = moved[CLAIMS_KEPT - 1]
  if (moveOf(claim) === 0n || (last !== undefined && !isBefore(claim, last))) return
  let at = moved.length
  while (at > 0) {
    const other = moved[at - 1]
    if (other === undefined || isBefore(other, claim)) break
    at -= 1
  }
  moved.splice(at, 0, claim)
  if (moved.length > CLAIMS_KEPT) moved.pop()
}

function isBefore(a: MovedClaim, b: MovedClaim): boolean {
  const [moveA, moveB] = [moveOf(a), moveOf(b)]
  return moveA === moveB ? a.claimId < b.claimId : moveA > moveB
}

function moveOf({ fundsBeforeFen, fundsAfterFen }: MovedClaim): bigint {
  const move = fundsAfterFen - fundsBeforeFen
  return move < 0n ? -move : move
}

/** P04, county resident scheme of the Changling type (吉林, 2008). */
import {
  type Branch,
  type Claim,
  type History,
  type NoRule,
  ofTheYear,
  type Paid,
  type Policy,
  paid,
} from '../words/claim.ts'
import { plusMonths } from '../words/days.ts'
import { notBelowZero, part, smaller, total } from '../words/fen.ts'
import { branchOf } from '../words/filing.ts'

/** R21 with reading 2, R28: what basic and large-amount insurance pay in a year. */
const BASIC_MAX = { adult: 4_000_000n, child: 6_000_000n } as const
const LARGE_MAX = 13_000_000n

export type Stay = {
  readonly deductible: bigint
  readonly basic: bigint
  readonly largeAmount: bigint
}

/** R18, R20 with readings 4 and 9. A stay with nothing in scope needs no figure. */
function statedDeductible({ status, level, inScope }: Claim): bigint | NoRule {
  if (status === 'child' || inScope === 0n) return 0n
  if (level === 'community') return 20_000n
  if (level === 'tier1') return { noRule: 'reading 9: township hospitals are in neither class' }
  return 40_000n
}

/** R24–R26, "raised by 20 %" being points (reading 1). */
function rateOf({ status }: Claim, branch: Branch): number {
  const rate = branch === 'local' ? 6000 : 5000
  return status === 'child' ? rate + 2000 : rate
}

/**
 * R23 with reading 5: three months from the day of payment, unless the claim tells at once whether
 * they are over.
 */
function waits({ status, says, beginOn }: Claim): boolean | NoRule {
  if (status === 'child') return false
  const { waitingOver, premiumPaidOn } = says
  if (typeof waitingOver === 'boolean') return !waitingOver
  if (typeof premiumPaidOn !== 'string') return { noRule: 'nobody tells the day of payment' }
  return beginOn < plusMonths(premiumPaidOn, 3)
}

export function stay(claim: Claim, history: History, branch: Branch): Stay | NoRule {
  const stated = statedDeductible(claim)
  if (typeof stated !== 'bigint') return stated
  const deductible = smaller(stated, claim.inScope)
  const due = part(claim.inScope - deductible, rateOf(claim, branch))
  const basic = smaller(due, basicRoom(claim, history))
  return { deductible, basic, largeAmount: ofLargeAmount(claim, history, due - basic) }
}

function basicRoom(claim: Claim, history: History): bigint {
  const max = claim.status === 'child' ? BASIC_MAX.child : BASIC_MAX.adult
  const stays = ofTheYear(claim, history, 'inpatient', 'chronic')
  return notBelowZero(max - total(stays.map(earlier => earlier.paid.pooled)))
}

/** R27, R28 with reading 3: at the same ratio what basic would have paid but for its maximum. */
function ofLargeAmount(claim: Claim, history: History, cut: bigint): bigint {
  if (claim.status === 'child' || claim.says['largeAmountPremium'] !== true) return 0n
  const stays = ofTheYear(claim, history, 'inpatient', 'chronic')
  const used = total(stays.map(earlier => earlier.paid.largeAmount))
  return smaller(cut, notBelowZero(LARGE_MAX - used))
}

function settle(claim: Claim, history: History): Paid | NoRule {
  const branch = branchOf(claim, [])
  const nothing = (): Paid =>
    paid(claim, history, {
      branch,
      counts: false,
      fundBp: 0n,
      deductible: 0n,
      funds: {},
      accountMay: 0n,
    })
  switch (claim.kind) {
    case 'chronic':
      return { noRule: 'R15, R19: outpatient major disease has no ratio' }
    case 'pharmacy':
      return nothing()
    case 'outpatient':
      // R16: accidents of pupils, without a figure.
      return claim.status === 'child' && claim.says['accident'] === true
        ? { noRule: 'R16: outpatient accidents of pupils have no ratio' }
        : nothing()
    case 'inpatient':
      return inpatient(claim, history, branch) ?? nothing()
  }
}

/** Null: not covered. */
function inpatient(claim: Claim, history: History, branch: Branch): Paid | NoRule | null {
  const waiting = waits(claim)
  // Who waits gets nothing wherever the care is given.
  if (waiting === true) return null
  // Reading 10: outside the county only with approval or in an emergency.
  if (branch === 'unfiled') return null
  if (branch === 'deemed' || branch === 'longTerm') {
    return { noRule: 'people who live outside are not spoken of' }
  }
  if (waiting !== false) return waiting
  const done = stay(claim, history, branch)
  if ('noRule' in done) return done
  const { deductible, basic: pooled, largeAmount } = done
  return paid(claim, history, {
    branch,
    counts: true,
    fundBp: BigInt(rateOf(claim, branch)),
    deductible,
    funds: { pooled, largeAmount },
    accountMay: 0n,
  })
}

function edges(claim: Claim, history: History): readonly bigint[] {
  const deductible = statedDeductible(claim)
  if (claim.kind !== 'inpatient' || typeof deductible !== 'bigint') return []
  const rate = BigInt(rateOf(claim, branchOf(claim, [])))
  const room = basicRoom(claim, history)
  const stays = ofTheYear(claim, history, 'inpatient')
  const largeRoom = LARGE_MAX - total(stays.map(earlier => earlier.paid.largeAmount))
  return [room, room + largeRoom]
    .map(due => deductible + (due * 10_000n) / rate)
    .concat(deductible)
    .filter(edge => edge > 0n)
}

export const P04: Policy = { settle, edges }

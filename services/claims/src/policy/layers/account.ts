/** What the personal account (个人账户) pays of the person's own part. */
import { type Fen, least, minus, remainder, sum, ZERO } from '@tongchou/contracts/money.ts'
import type { AccountUse } from '../plan/plan.ts'
import { amountAttribute } from './basis.ts'
import type { Run } from './run.ts'
import { step } from './steps.ts'

/**
 * At most the balance less what the policy holds back of it, and at most the part that the policy
 * opens to the account; 0 unless asked for.
 */
export function payFromAccount(run: Run, account: AccountUse | null): Fen {
  const { facts, totals } = run
  if (account === null || !facts.useAccount) return ZERO
  const openFen = account.pays === 'allButFullSelf' ? allButFullSelf(run) : inScopeShare(run)
  const heldFen = account.less === null ? ZERO : (amountAttribute(run, account.less) ?? ZERO)
  const result = least(remainder(totals.accountFen, heldFen), openFen)
  if (run.sink !== null) {
    const { pays, path, sources, readings } = account
    run.sink(
      step('account', 'account', {
        inputs: { balanceFen: totals.accountFen, ...held(heldFen), openFen },
        figures: [{ path, value: pays, sources, readings }],
        result,
      }),
    )
  }
  return result
}

function held(heldFen: Fen): { readonly heldFen?: Fen } {
  return heldFen === 0n ? {} : { heldFen }
}

function allButFullSelf({ facts, paidFen }: Run): Fen {
  return minus(minus(facts.totalFen, paidFen), facts.fullSelfFen)
}

/**
 * The deductible and the person's share of what lay inside the layers; nothing beyond their last
 * band.
 */
function inScopeShare(run: Run): Fen {
  let insideFen = ZERO
  for (const { layer, insideFen: inside } of run.layers) {
    if (layer.of.kind === 'aboveDeductible') insideFen = sum(insideFen, inside)
  }
  const sharedFen = least(insideFen, run.aboveDeductibleFen)
  return remainder(sum(run.deductibleFen, sharedFen), run.paidInScopeFen)
}

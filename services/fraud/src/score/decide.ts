import type { Decision } from '@tongchou/contracts/decision.ts'
import { accept, unreachable } from '@tongchou/contracts/decision.ts'
import type { ScoreClaim, ScoreCommand, WithdrawScore } from './commands.ts'
import type { ScoreEvent } from './events.ts'
import { RULE_SET, scoreOf } from './rule-set.ts'
import type { WatchState } from './state.ts'
import { counts, evolve, initialState } from './state.ts'

/**
 * Nothing is refused: every submitted claim has a score, and what is known already yields nothing
 * (law 3).
 */
export type ScoreDecision = Extract<Decision<ScoreEvent, never>, { readonly accepted: true }>

export function decide(command: ScoreCommand, state: WatchState): ScoreDecision {
  switch (command.type) {
    case 'ScoreClaim':
      return score(command, state)
    case 'WithdrawScore':
      return withdraw(command, state)
    default:
      return unreachable(command)
  }
}

/** Scores a claim once, even when it was withdrawn since. */
function score({ data }: ScoreClaim, state: WatchState): ScoreDecision {
  const { claimId } = data
  if (counts(state, claimId) || state.withdrawn.includes(claimId)) return accept()
  const { personId, insuredRegion, treatingRegion, institutionCode } = data
  const { kind, beginOn, endOn, totalFen, fingerprint } = data
  return accept({
    type: 'ClaimScored',
    data: {
      claimId,
      personId,
      insuredRegion,
      treatingRegion,
      institutionCode,
      kind,
      beginOn,
      endOn,
      totalFen,
      fingerprint,
      ...scoreOf(data, state),
      ruleSet: RULE_SET,
    },
  })
}

/** A claim that does not count, or never did, has nothing to withdraw. */
function withdraw({ data }: WithdrawScore, state: WatchState): ScoreDecision {
  const { claimId, personId } = data
  if (!counts(state, claimId)) return accept()
  return accept({ type: 'ScoreWithdrawn', data: { claimId, personId } })
}

/** One stream a person; it never closes, since a person may be treated again at any time. */
export const watch = {
  category: 'watch',
  initialState,
  decide,
  evolve,
  keyOf: (event: ScoreEvent) => event.data.personId,
} as const

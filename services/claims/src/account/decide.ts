/**
 * The rules of a benefit account. Every command whose effect is already there yields nothing (law
 * 3).
 */
import { accept, type Decision, refuse, unreachable } from '@tongchou/contracts/decision.ts'
import { type Fen, sum } from '@tongchou/contracts/money.ts'
import { businessDateOf, yearOf } from '@tongchou/contracts/time.ts'
import { adjudicate as runEngine } from '../policy/adjudicate.ts'
import type { NoPolicy } from '../policy/outcome.ts'
import { totalsToMap } from '../policy/totals.ts'
import { adjudicatedBy, totalsFor } from './adjudicated.ts'
import type {
  AccountCommand,
  Adjudicate,
  CloseYear,
  ReceiveCredit,
  UndoAdjudication,
} from './commands.ts'
import type { AccountEvent } from './events.ts'
import { move, registerRelative } from './movement/move.ts'
import type { MovementRefusal } from './movement/refusals.ts'
import { sameAmounts } from './same-amounts.ts'
import { type AccountState, entryOf, findEntry, yearAt } from './state.ts'
import { historyFor, withHistory } from './years/history.ts'

export type AccountRefusal =
  | { readonly kind: 'credit-number-reused'; readonly creditNo: string; readonly amountFen: Fen }
  | MovementRefusal
  | { readonly kind: 'year-not-over'; readonly year: number }

export type AccountDecision = Decision<AccountEvent, AccountRefusal>

export function decide(command: AccountCommand, state: AccountState): AccountDecision {
  switch (command.type) {
    case 'ReceiveCredit':
      return receive(command, state)
    case 'Adjudicate':
      return adjudicate(command, state)
    case 'UndoAdjudication':
      return undo(command, state)
    case 'CloseYear':
      return close(command, state)
    case 'MoveAccount':
      return move(command, state)
    case 'RegisterRelative':
      return registerRelative(command, state)
    default:
      return unreachable(command)
  }
}

/** Refuses `credit-number-reused`: the number stands for another amount. */
function receive({ data }: ReceiveCredit, state: AccountState): AccountDecision {
  const { creditNo, amountFen } = data
  const seen = state.credits.find(credit => credit.creditNo === creditNo)
  if (seen !== undefined && seen.amountFen !== amountFen) {
    return refuse({ kind: 'credit-number-reused', creditNo, amountFen: seen.amountFen })
  }
  if (seen !== undefined) return accept()
  const balanceFen = sum(state.balanceFen, amountFen)
  const received = { ...data, year: data.year ?? null, balanceFen }
  return accept({ type: 'AccountCreditReceived', data: received })
}

/**
 * Computes the shares of a claim on the totals of its year and reserves them (law 10). A claim that
 * was adjudicated, or undone afterwards, stays as it is. Refuses `no-policy` with what the pack
 * does not say.
 */
function adjudicate({ data }: Adjudicate, state: AccountState): AccountDecision {
  const { claimId, personId, institutionCode, facts, plan } = data
  const year = yearAt(state, yearOf(facts.endOn))
  if (findEntry(year, claimId) !== undefined) return accept()
  const { balanceFen } = state
  const history = historyFor(plan, facts, state)
  const totals = totalsFor(year.totals, balanceFen)
  const outcome = runEngine(plan, withHistory(facts, history), totals)
  if (outcome.kind === 'no-policy') return refuse(noPolicy(data, outcome))
  const { hash: packHash } = plan
  const given = { claimId, personId, institutionCode, facts, history, packHash }
  const before = { before: year.totals, balanceBeforeFen: balanceFen }
  const event = adjudicatedBy({ ...given, ...before }, outcome)
  return accept({ type: 'ClaimAdjudicated', data: event })
}

function noPolicy(
  { facts }: Pick<Adjudicate['data'], 'facts'>,
  { because, path, missing }: NoPolicy,
): Extract<AccountRefusal, { readonly kind: 'no-policy' }> {
  const { insuredRegion: region, scheme, endOn: on } = facts
  return { kind: 'no-policy', region, scheme, on, because, path, missing }
}

/** Takes away exactly what the claim added, in whatever state the claim was (law 9). */
function undo({ data }: UndoAdjudication, state: AccountState): AccountDecision {
  const { claimId, personId } = data
  const found = entryOf(state, claimId)
  if (found === undefined || found.entry.effect === null) return accept()
  const { effect, accountFen, episode } = found.entry
  const balanceFen = sum(state.balanceFen, accountFen)
  const { year } = found.year
  const undone = { claimId, personId, year, effect, accountFen, balanceFen, episode }
  return accept({ type: 'AdjudicationUndone', data: undone })
}

/**
 * Writes down the totals of a year that is over. Late claims and reversals still count (law 9);
 * closing again writes down what they made. Refuses `year-not-over`.
 */
function close({ data, meta }: CloseYear, state: AccountState): AccountDecision {
  const { personId, year } = data
  if (yearOf(businessDateOf(meta.now)) <= year) return refuse({ kind: 'year-not-over', year })
  const { totals, closed, entries } = yearAt(state, year)
  if (entries.length === 0) return accept()
  const amounts = totalsToMap(totals)
  if (closed !== null && sameAmounts(totalsToMap(closed), amounts)) return accept()
  return accept({ type: 'YearClosed', data: { personId, year, totals: amounts } })
}

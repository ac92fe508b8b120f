/**
 * What a rebuild folds: every noun's state by the first word of its streams, every view by its
 * topic.
 */
import { ACCOUNT, PACK } from '@tongchou/claims/app.ts'
import * as claim from '@tongchou/clearing/claim/state.ts'
import * as window from '@tongchou/clearing/window/state.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { creditAggregate } from '@tongchou/contributions/credit/decide.ts'
import { premiumAggregate } from '@tongchou/contributions/premium/decide.ts'
import { numberAggregate } from '@tongchou/enrollment/filing/number.ts'
import { personAggregate } from '@tongchou/enrollment/person/decide.ts'
import { heldCase } from '@tongchou/fraud/case/decide.ts'
import { watch } from '@tongchou/fraud/score/decide.ts'
import { balances } from '@tongchou/funds/balance/decide.ts'
import { journal } from '@tongchou/funds/journal/decide.ts'
import { catalogueAggregate } from '@tongchou/providers/catalogue/decide.ts'
import { institutionAggregate } from '@tongchou/providers/institution/decide.ts'
import type { EventOf, Recorded } from '@tongchou/runtime/service/recorded.ts'

export type Fold = {
  readonly initialState: unknown
  readonly evolve: (state: unknown, event: Recorded) => unknown
}

type Folded<S, T extends EventType> = {
  readonly initialState: S
  readonly evolve: (state: S, event: EventOf<T>) => S
}

/** Forgets the types of state and events: a stream's category says which fold its events go to. */
function fold<S, T extends EventType>({ initialState, evolve }: Folded<S, T>): Fold {
  return { initialState, evolve: evolve as unknown as Fold['evolve'] }
}

export const FOLDS: ReadonlyMap<string, Fold> = new Map([
  [personAggregate.category, fold(personAggregate)],
  [numberAggregate.category, fold(numberAggregate)],
  [institutionAggregate.category, fold(institutionAggregate)],
  [catalogueAggregate.category, fold(catalogueAggregate)],
  [premiumAggregate.category, fold(premiumAggregate)],
  [creditAggregate.category, fold(creditAggregate)],
  [ACCOUNT.category, fold(ACCOUNT)],
  [PACK.category, fold(PACK)],
  [watch.category, fold(watch)],
  [heldCase.category, fold(heldCase)],
  ['claim', fold(claim)],
  ['window', fold(window)],
  [journal.category, fold(journal)],
  [balances.category, fold(balances)],
])

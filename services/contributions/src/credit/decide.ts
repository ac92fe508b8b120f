/** One credit to a personal account in one stream, recorded once. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta, Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import { isFuture } from '../rules.ts'

export type CreditAccount = {
  readonly type: 'CreditAccount'
  readonly data: AccountCredited
  readonly meta: CommandMeta
}

/** In the order in which they are checked. */
export type CreditRefusal =
  | { readonly kind: 'amount-not-positive'; readonly field: 'amountFen' }
  | {
      readonly kind: 'date-in-the-future'
      readonly field: 'creditedOn'
      readonly on: BusinessDate
    }
  /** Names the fields that differ. */
  | { readonly kind: 'credit-number-reused'; readonly differs: readonly string[] }

/** Null while nothing was credited under the number. */
export type CreditState = AccountCredited | null

const FIELDS = ['personId', 'regionCode', 'scheme', 'kind', 'amountFen', 'creditedOn'] as const

/**
 * Records money for a personal account; the same credit again records nothing.
 * Refuses amount-not-positive, date-in-the-future, credit-number-reused.
 */
export function decide(
  { data, meta }: CreditAccount,
  state: CreditState,
): Decision<EventOf<'AccountCredited'>, CreditRefusal> {
  const { amountFen, creditedOn } = data
  if (amountFen <= 0n) return refuse({ kind: 'amount-not-positive', field: 'amountFen' })
  if (isFuture(creditedOn, meta.now)) {
    return refuse({ kind: 'date-in-the-future', field: 'creditedOn', on: creditedOn })
  }
  if (state === null) return accept({ type: 'AccountCredited', data })
  const differs = FIELDS.filter(field => data[field] !== state[field])
  return differs.length === 0 ? accept() : refuse({ kind: 'credit-number-reused', differs })
}

/** Stream `credit-<uuid of the credit number>`, keyed by person. */
export const creditAggregate: Aggregate<
  CreditAccount,
  CreditState,
  'AccountCredited',
  CreditRefusal
> = {
  category: 'credit',
  initialState: null,
  decide,
  evolve: (_, { data }) => data,
  keyOf: ({ data }) => data.personId,
}

export function creditStreamOf(creditNo: string): string {
  return `${creditAggregate.category}-${uuidFrom(NAMESPACE.credit, creditNo)}`
}

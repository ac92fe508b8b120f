/** One receipt of premium money in one stream, recorded once. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta, Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { PremiumReceived } from '@tongchou/contracts/events.generated.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'
import { isFuture } from '../rules.ts'

export type ReceivePremium = {
  readonly type: 'ReceivePremium'
  readonly data: PremiumReceived
  readonly meta: CommandMeta
}

/** In the order in which they are checked. */
export type PremiumRefusal =
  /** Money of accounts is credited. */
  | { readonly kind: 'account-is-credited'; readonly field: 'fund' }
  | { readonly kind: 'level-without-finance'; readonly field: 'level' }
  | { readonly kind: 'amount-not-positive'; readonly field: 'amountFen' }
  | {
      readonly kind: 'date-in-the-future'
      readonly field: 'receivedOn'
      readonly on: BusinessDate
    }
  /** Names the fields that differ. */
  | { readonly kind: 'receipt-number-reused'; readonly differs: readonly string[] }

/** The fund of personal accounts. */
const ACCOUNT = 'account'

/** Null while nothing was received under the number. */
export type PremiumState = PremiumReceived | null

const FIELDS = [
  ...(['regionCode', 'scheme', 'payer', 'fund', 'level', 'period'] as const),
  ...(['amountFen', 'receivedOn'] as const),
]

/**
 * Records premium money that has arrived; the same receipt again records nothing.
 * Refuses account-is-credited, level-without-finance, amount-not-positive, date-in-the-future,
 * receipt-number-reused.
 */
export function decide(
  { data, meta }: ReceivePremium,
  state: PremiumState,
): Decision<EventOf<'PremiumReceived'>, PremiumRefusal> {
  const { fund, payer, level, amountFen, receivedOn } = data
  if (fund === ACCOUNT) return refuse({ kind: 'account-is-credited', field: 'fund' })
  if (level !== null && payer !== 'finance') {
    return refuse({ kind: 'level-without-finance', field: 'level' })
  }
  if (amountFen <= 0n) return refuse({ kind: 'amount-not-positive', field: 'amountFen' })
  if (isFuture(receivedOn, meta.now)) {
    return refuse({ kind: 'date-in-the-future', field: 'receivedOn', on: receivedOn })
  }
  if (state === null) return accept({ type: 'PremiumReceived', data })
  const differs = FIELDS.filter(field => data[field] !== state[field])
  return differs.length === 0 ? accept() : refuse({ kind: 'receipt-number-reused', differs })
}

/** Stream `premium-<uuid of the receipt number>`, keyed by region. */
export const premiumAggregate: Aggregate<
  ReceivePremium,
  PremiumState,
  'PremiumReceived',
  PremiumRefusal
> = {
  category: 'premium',
  initialState: null,
  decide,
  evolve: (_, { data }) => data,
  keyOf: ({ data }) => data.regionCode,
}

export function premiumStreamOf(receiptNo: string): string {
  return `${premiumAggregate.category}-${uuidFrom(NAMESPACE.premium, receiptNo)}`
}

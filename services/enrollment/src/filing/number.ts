/**
 * A filing number belongs to one person for ever: the stream of the number says to whom, so that
 * two persons can never have it, whatever races. It is taken before the filing is made on the
 * person's own stream.
 */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta, Decision } from '@tongchou/contracts/decision.ts'
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import type { Aggregate } from '@tongchou/runtime/service/aggregate.ts'

export type TakeNumber = {
  readonly type: 'TakeNumber'
  readonly data: { readonly filingNo: string; readonly personId: PersonId }
  readonly meta: CommandMeta
}

export type NumberRefusal = { readonly kind: 'filing-number-reused'; readonly filingNo: string }

/** Null while the number is free. */
export type NumberState = { readonly personId: PersonId | null }

type NumberEvent = EventOf<'FilingNumberTaken'>

/**
 * Takes the number for a person; again for the same person records nothing. Refuses filing-number-
 * reused.
 */
export function decide(
  { data }: TakeNumber,
  state: NumberState,
): Decision<NumberEvent, NumberRefusal> {
  const { filingNo, personId } = data
  if (state.personId === personId) return accept()
  if (state.personId !== null) return refuse({ kind: 'filing-number-reused', filingNo })
  return accept({ type: 'FilingNumberTaken', data: { filingNo, personId } })
}

export const numberAggregate: Aggregate<
  TakeNumber,
  NumberState,
  'FilingNumberTaken',
  NumberRefusal
> = {
  category: 'filing',
  initialState: { personId: null },
  decide,
  evolve: (_, { data }) => ({ personId: data.personId }),
  keyOf: ({ data }) => data.personId,
}

export function numberStreamOf(filingNo: string): string {
  return `${numberAggregate.category}-${uuidFrom(NAMESPACE.filing, filingNo)}`
}

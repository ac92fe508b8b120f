/** Entries of the journal: what each source event did to the books. */
import { type Static, Type } from 'typebox'
import { AccountJson, CounterpartyJson, EntityJson, PositionJson } from './balance.ts'
import { InstantJson, Maybe, RegionJson, Shape, SignedFenJson, UuidJson } from './scalars.ts'

export const ENTRY_KINDS = [
  'premium',
  'credit',
  'settlement',
  'reversal',
  'netting',
  'payment',
  'movement',
] as const

export const EntryQueryJson = Shape({
  entity: Type.Optional(EntityJson),
  region: Type.Optional(RegionJson),
  account: Type.Optional(AccountJson),
  counterparty: Type.Optional(CounterpartyJson),
  from: Type.Optional(InstantJson),
  to: Type.Optional(InstantJson),
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}\\.[0-9]{1,6}$', maxLength: 23 })),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
})

export const EntryJson = Shape({
  position: PositionJson,
  eventId: UuidJson,
  stream: Type.String({ description: 'of the journal event that holds the entry' }),
  bookedAt: InstantJson,
  kind: Type.Enum(ENTRY_KINDS),
  source: Shape({
    topic: Type.String(),
    incarnation: UuidJson,
    position: PositionJson,
    eventId: UuidJson,
  }),
  claimId: Maybe(UuidJson),
  lines: Type.Array(
    Shape({
      entity: EntityJson,
      account: AccountJson,
      counterparty: Maybe(CounterpartyJson),
      amountFen: Type.Integer({ ...SignedFenJson, description: 'fen; + debit, - credit' }),
    }),
    { description: 'those that the caller may see, balanced in each entity' },
  ),
})

export const EntryPageJson = Shape({
  entries: Type.Array(EntryJson),
  position: Type.Integer({ minimum: 0, description: 'the journal was looked through up to here' }),
  next: Maybe(
    Type.String({
      description: 'send it as `after` to look further: a page may hold few entries or none',
    }),
  ),
})

export type EntryJson = Static<typeof EntryJson>
export type EntryQueryJson = Static<typeof EntryQueryJson>

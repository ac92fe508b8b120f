/** Balances of the funds: of accounts, of whole entities, now and at any point of the past. */
import { type Static, Type } from 'typebox'
import { FenJson, InstantJson, Maybe, RegionJson, Shape, SignedFenJson } from './scalars.ts'

export const EntityJson = Type.String({
  pattern: '^[1-9][0-9]{5}/[A-Za-z][A-Za-z0-9.-]{0,63}$',
  maxLength: 71,
  description: 'region/fund, e.g. 110100/employee.pooled; 310100/turnover is 异地就医周转金',
})
export const AccountJson = Type.String({
  pattern: '^[1-9][0-9]{3,7}$',
  maxLength: 8,
  description: 'code in the chart of accounts',
})
export const CounterpartyJson = Type.String({
  pattern: '^[A-Za-z0-9._/+-]{1,64}$',
  maxLength: 64,
  description: 'institution, region, window-<number> or level of government',
})
export const PositionJson = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'position in the journal store',
})
const NextJson = Maybe(Type.String({ description: 'send it as `after` for the next page' }))
const limit = (maximum: number, preset: number) =>
  Type.Integer({ minimum: 1, maximum, default: preset })

/** A point of the past; without one, now. */
const point = {
  asOf: Type.Optional(InstantJson),
  position: Type.Optional(PositionJson),
}

export const BalanceQueryJson = Shape({
  entity: Type.Optional(EntityJson),
  region: Type.Optional(RegionJson),
  account: Type.Optional(AccountJson),
  counterparty: Type.Optional(CounterpartyJson),
  ...point,
  after: Type.Optional(Type.String({ maxLength: 160 })),
  limit: limit(1000, 200),
})

/**
 * Where the books stand that an answer was read from: the same position always gives the same
 * answer.
 */
const standing = {
  position: PositionJson,
  bookedAt: Maybe(InstantJson),
}

const account = {
  account: AccountJson,
  nameZh: Type.String(),
  nameEn: Type.String(),
  side: Type.Enum(['debit', 'credit'], { description: 'the side on which the account grows' }),
}
const sums = {
  debitFen: FenJson,
  creditFen: FenJson,
}
const onSide = {
  balanceFen: Type.Integer({
    ...SignedFenJson,
    description: 'fen on the side of the account; below 0 on the other',
  }),
}

export const BalanceJson = Shape({
  entity: EntityJson,
  region: RegionJson,
  fund: Type.String(),
  ...account,
  counterparty: Maybe(CounterpartyJson),
  ...sums,
  ...onSide,
})
export const BalancePageJson = Shape({
  ...standing,
  balances: Type.Array(BalanceJson),
  next: NextJson,
})

export const TrialBalanceQueryJson = Shape({
  region: Type.Optional(RegionJson),
  ...point,
  after: Type.Optional(EntityJson),
  limit: limit(500, 100),
})
export const TrialBalanceJson = Shape({
  ...standing,
  entities: Type.Array(
    Shape({
      entity: EntityJson,
      rows: Type.Array(Shape({ ...account, ...sums, ...onSide })),
      ...sums,
    }),
  ),
  ...sums,
  balanced: Type.Boolean({ description: 'debits equal credits in each entity that was asked for' }),
  next: NextJson,
})

export const EntitiesQueryJson = Shape({
  region: Type.Optional(RegionJson),
  after: Type.Optional(EntityJson),
  limit: limit(1000, 200),
})
export const EntityPageJson = Shape({
  ...standing,
  entities: Type.Array(Shape({ entity: EntityJson, region: RegionJson, fund: Type.String() })),
  next: NextJson,
})

export const ChartJson = Shape({
  title: Type.String(),
  basis: Type.String(),
  accounts: Type.Array(
    Shape({
      code: AccountJson,
      nameZh: Type.String(),
      nameEn: Type.String(),
      element: Type.Enum(['asset', 'liability', 'fund', 'income', 'expense']),
      side: account.side,
      counterparty: Maybe(Type.Enum(['institution', 'region', 'window', 'level'])),
      use: Type.String(),
      source: Maybe(Type.String()),
      assumption: Maybe(Type.String()),
    }),
  ),
})

export type BalanceJson = Static<typeof BalanceJson>
export type BalanceQueryJson = Static<typeof BalanceQueryJson>
export type TrialBalanceQueryJson = Static<typeof TrialBalanceQueryJson>

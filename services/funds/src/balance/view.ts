/** Balances as rows, and where cuts stand. Dropped and rebuilt, both are the same again. */
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type {
  BalancesStruck,
  JournalPosted,
  LedgerAccount,
} from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'
import { regionOfEntity } from '../journal/entity.ts'

export type BalanceRow = {
  readonly entity: string
  readonly account: string
  /** Empty where there is none. */
  readonly counterparty: string
  readonly region: string
  readonly debitFen: bigint
  readonly creditFen: bigint
}

/** Debits and credits of every account: one upsert for each account that a batch touches. */
export const balanceView: View<BalanceRow> = {
  name: 'balance',
  topic: TOPICS.journal,
  columns: {
    entity: 'text',
    account: 'text',
    counterparty: 'text',
    region: 'text',
    debitFen: 'bigint',
    creditFen: 'bigint',
  },
  events: ['JournalPosted'],
  readers: {
    JournalPosted: projection<'JournalPosted', Pick<JournalPosted, 'accounts'>>('JournalPosted', {
      accounts: {
        entity: true,
        account: true,
        counterparty: true,
        debitFen: true,
        creditFen: true,
      },
    }),
  },
  key: ['entity', 'account', 'counterparty'],
  indexes: [],
  version: 1,
  project: event => (event.type === 'JournalPosted' ? event.data.accounts.map(changeOf) : []),
}

function changeOf(sums: LedgerAccount): Change<BalanceRow> {
  const { entity, account, debitFen, creditFen } = sums
  const counterparty = sums.counterparty ?? ''
  return {
    key: [entity, account, counterparty],
    apply: row => ({
      entity,
      account,
      counterparty,
      region: row?.region ?? regionOfEntity(entity),
      debitFen: (row?.debitFen ?? 0n) + debitFen,
      creditFen: (row?.creditFen ?? 0n) + creditFen,
    }),
  }
}

export function ledgerAccountOf(row: BalanceRow): LedgerAccount {
  const { entity, account, counterparty } = row
  return {
    entity,
    account,
    counterparty: counterparty === '' ? null : counterparty,
    debitFen: fen(row.debitFen) as Fen,
    creditFen: fen(row.creditFen) as Fen,
  }
}

/** Names of the cut's own position and time, and of the event that holds the balances. */
export type CutRow = {
  readonly cutPosition: bigint
  readonly bookedAt: string
  readonly eventPosition: bigint
  readonly entries: bigint
}

export const cutView: View<CutRow> = {
  name: 'balance_snapshot',
  topic: TOPICS.journal,
  columns: { cutPosition: 'bigint', bookedAt: 'text', eventPosition: 'bigint', entries: 'bigint' },
  events: ['BalancesStruck'],
  readers: {
    BalancesStruck: projection<'BalancesStruck', Omit<BalancesStruck, 'accounts'>>(
      'BalancesStruck',
      {
        cutPosition: true,
        bookedAt: true,
        events: true,
        entries: true,
      },
    ),
  },
  key: ['cutPosition'],
  indexes: [['bookedAt', 'cutPosition']],
  version: 1,
  project: event => (event.type === 'BalancesStruck' ? [cutOf(event, event.data)] : []),
}

function cutOf({ position }: Recorded, struck: Omit<BalancesStruck, 'accounts'>): Change<CutRow> {
  const { cutPosition, bookedAt, entries } = struck
  const row = { cutPosition, bookedAt, eventPosition: position, entries }
  return { key: [cutPosition], apply: () => row }
}

/** Balances as rows, and where cuts stand. Dropped and rebuilt, both are the same again. */
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type {
  BalancesStruck,
  JournalPosted,
  LedgerAccount,
} from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'
import { regionOfEntity } from '../journal/entity.ts'

/** A row for each partition of the journal: what is kept of an account by one holder alone. */
export type BalanceRow = {
  readonly entity: string
  readonly account: string
  /** Empty where there is none. */
  readonly counterparty: string
  readonly partition: number
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
    partition: 'integer',
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
  key: ['entity', 'account', 'counterparty', 'partition'],
  indexes: [],
  version: 2,
  project: event =>
    event.type === 'JournalPosted'
      ? event.data.accounts.map(sums => changeOf(sums, event.partition))
      : [],
}

function changeOf(sums: LedgerAccount, partition: number): Change<BalanceRow> {
  const { entity, account, debitFen, creditFen } = sums
  const counterparty = sums.counterparty ?? ''
  return {
    key: [entity, account, counterparty, partition],
    apply: row => ({
      entity,
      account,
      counterparty,
      partition,
      region: row?.region ?? regionOfEntity(entity),
      debitFen: (row?.debitFen ?? 0n) + debitFen,
      creditFen: (row?.creditFen ?? 0n) + creditFen,
    }),
  }
}

/** The accounts, each as the sum over its partitions. */
export function ledgerAccountsOf(rows: readonly BalanceRow[]): readonly LedgerAccount[] {
  const sums = new Map<string, LedgerAccount>()
  for (const { entity, account, counterparty, debitFen, creditFen } of rows) {
    const name = `${entity} ${account} ${counterparty}`
    const before = sums.get(name)
    sums.set(name, {
      entity,
      account,
      counterparty: counterparty === '' ? null : counterparty,
      debitFen: fen((before?.debitFen ?? 0n) + debitFen),
      creditFen: fen((before?.creditFen ?? 0n) + creditFen),
    })
  }
  return [...sums.values()]
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

/** Claims as lists and daily totals see them. */
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { businessDateOf } from '@tongchou/contracts/time.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'
import type { Adjudication } from '../claim/commands.ts'

/** Everything that clearing records; its own views read the store, not the topic. */
export const OWN_EVENTS: Topic = {
  name: 'clearing.events',
  service: 'clearing',
  events: [...TOPICS.claim.events, ...TOPICS.window.events],
  keyedBy: 'person',
}

export type ClaimRow = {
  readonly claimId: string
  readonly claimNo: string
  readonly institutionCode: string
  readonly treatingRegion: string
  readonly insuredRegion: string
  readonly personId: string
  readonly kind: string
  readonly beginOn: string
  readonly endOn: string
  readonly state: string
  readonly submittedAt: string
  readonly submittedPosition: bigint
  readonly totalFen: bigint
  readonly pooledFen: bigint
  readonly catastrophicFen: bigint
  readonly otherFundFen: bigint
  readonly accountFen: bigint
  readonly cashFen: bigint
  readonly owedFen: bigint
}

type SubmittedFields = Pick<
  ClaimSubmitted,
  | 'claimId'
  | 'claimNo'
  | 'institutionCode'
  | 'treatingRegion'
  | 'insuredRegion'
  | 'personId'
  | 'kind'
  | 'beginOn'
  | 'endOn'
  | 'totalFen'
>

const readSubmitted = projection<'ClaimSubmitted', SubmittedFields>('ClaimSubmitted', {
  claimId: true,
  claimNo: true,
  institutionCode: true,
  treatingRegion: true,
  insuredRegion: true,
  personId: true,
  kind: true,
  beginOn: true,
  endOn: true,
  totalFen: true,
})

export const claimView: View<ClaimRow> = {
  name: 'claim',
  topic: OWN_EVENTS,
  events: TOPICS.claim.events,
  readers: { ClaimSubmitted: readSubmitted },
  columns: {
    claimId: 'uuid',
    claimNo: 'text',
    institutionCode: 'text',
    treatingRegion: 'text',
    insuredRegion: 'text',
    personId: 'uuid',
    kind: 'text',
    beginOn: 'text',
    endOn: 'text',
    state: 'text',
    submittedAt: 'text',
    submittedPosition: 'bigint',
    totalFen: 'bigint',
    pooledFen: 'bigint',
    catastrophicFen: 'bigint',
    otherFundFen: 'bigint',
    accountFen: 'bigint',
    cashFen: 'bigint',
    owedFen: 'bigint',
  },
  key: ['claimId'],
  indexes: [
    ['personId', 'submittedPosition'],
    ['institutionCode', 'submittedPosition'],
  ],
  version: 1,
  project: event => {
    if (event.type === 'ClaimSubmitted') {
      const row = submitted(event.data, event.at, event.position)
      return [{ key: [event.data.claimId], apply: () => row }]
    }
    const after = changeOf(event)
    if (after === null) return []
    return [
      {
        key: [after.claimId],
        apply: row => (row === undefined ? row : { ...row, ...after.change }),
      },
    ]
  },
}

function submitted(data: SubmittedFields, at: string, position: bigint): ClaimRow {
  const { claimId, claimNo, institutionCode, treatingRegion, insuredRegion, personId } = data
  return {
    claimId,
    claimNo,
    institutionCode,
    treatingRegion,
    insuredRegion,
    personId,
    kind: data.kind,
    beginOn: data.beginOn,
    endOn: data.endOn,
    state: 'submitted',
    submittedAt: at,
    submittedPosition: position,
    totalFen: data.totalFen,
    pooledFen: 0n,
    catastrophicFen: 0n,
    otherFundFen: 0n,
    accountFen: 0n,
    cashFen: 0n,
    owedFen: 0n,
  }
}

function changeOf(event: Recorded): { claimId: string; change: Partial<ClaimRow> } | null {
  switch (event.type) {
    case 'ClaimHeld':
      return { claimId: event.data.claimId, change: { state: 'held', ...sharesOf(event.data) } }
    case 'ClaimSettled': {
      const { claimId, obligation } = event.data
      const owedFen = obligation?.owedFen ?? 0n
      return {
        claimId,
        change: { state: 'settled', owedFen, ...sharesOf(event.data) },
      }
    }
    case 'ClaimRejected':
      return { claimId: event.data.claimId, change: { state: 'rejected' } }
    case 'ClaimWithdrawn':
      return { claimId: event.data.claimId, change: { state: 'withdrawn' } }
    case 'ClaimReversed':
      return { claimId: event.data.claimId, change: { state: 'reversed' } }
    default:
      return null
  }
}

function sharesOf({ pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen }: Adjudication) {
  return { pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen }
}

/**
 * Totals of an institution by business date of settlement (or reversal) and kind: what it
 * reconciles daily.
 */
export type DailyTotalRow = {
  readonly institutionCode: string
  readonly on: string
  readonly kind: string
  /** A row for each partition of persons: kept by one holder alone. */
  readonly partition: number
  readonly regionCode: string
  readonly settled: bigint
  readonly reversed: bigint
  readonly totalFen: bigint
  readonly fundFen: bigint
  readonly accountFen: bigint
  readonly cashFen: bigint
}

export const dailyTotalView: View<DailyTotalRow> = {
  name: 'daily_total',
  topic: OWN_EVENTS,
  events: ['ClaimSettled', 'ClaimReversed'],
  columns: {
    institutionCode: 'text',
    on: 'text',
    kind: 'text',
    partition: 'integer',
    regionCode: 'text',
    settled: 'bigint',
    reversed: 'bigint',
    totalFen: 'bigint',
    fundFen: 'bigint',
    accountFen: 'bigint',
    cashFen: 'bigint',
  },
  key: ['institutionCode', 'on', 'kind', 'partition'],
  indexes: [['regionCode', 'on']],
  version: 2,
  project: event => {
    if (event.type === 'ClaimSettled') return [dailyChange(event, event.data, 1n)]
    if (event.type === 'ClaimReversed') return [dailyChange(event, event.data, -1n)]
    return []
  },
}

function dailyChange(
  { at, partition }: Recorded,
  shares: Adjudication,
  sign: 1n | -1n,
): Change<DailyTotalRow> {
  const on = businessDateOf(at)
  const { institutionCode, treatingRegion, kind, pooledFen, catastrophicFen, otherFundFen } = shares
  const fund = (pooledFen + catastrophicFen + otherFundFen) as Fen
  return {
    key: [institutionCode, on, kind, partition],
    apply: row => ({
      institutionCode,
      on,
      kind,
      partition,
      regionCode: treatingRegion,
      settled: (row?.settled ?? 0n) + (sign > 0n ? 1n : 0n),
      reversed: (row?.reversed ?? 0n) + (sign < 0n ? 1n : 0n),
      totalFen: (row?.totalFen ?? 0n) + sign * shares.totalFen,
      fundFen: (row?.fundFen ?? 0n) + sign * fund,
      accountFen: (row?.accountFen ?? 0n) + sign * shares.accountFen,
      cashFen: (row?.cashFen ?? 0n) + sign * shares.cashFen,
    }),
  }
}

/** Totals as institutions know them, each the sum over its partitions, in the order of the rows. */
export function dailyTotalsOf(rows: readonly DailyTotalRow[]): readonly DailyTotal[] {
  const totals = new Map<string, DailyTotal>()
  for (const { partition: _, ...row } of rows) {
    const name = `${row.institutionCode} ${row.on} ${row.kind}`
    const before = totals.get(name)
    totals.set(name, before === undefined ? row : sumOf(before, row))
  }
  return [...totals.values()]
}

type DailyTotal = Omit<DailyTotalRow, 'partition'>

function sumOf(a: DailyTotal, b: DailyTotal): DailyTotal {
  return {
    ...a,
    settled: a.settled + b.settled,
    reversed: a.reversed + b.reversed,
    totalFen: a.totalFen + b.totalFen,
    fundFen: a.fundFen + b.fundFen,
    accountFen: a.accountFen + b.accountFen,
    cashFen: a.cashFen + b.cashFen,
  }
}

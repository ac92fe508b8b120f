/**
 * Multilateral netting of one window: a pure fold of the settlements and reversals between two
 * cuts.
 */
import { createHash } from 'node:crypto'
import type {
  ClaimReversed,
  ClaimSettled,
  NetRow,
  PairRow,
  WindowClosed,
  WindowNetted,
} from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { ZERO } from '@tongchou/contracts/money.ts'

type Sums = {
  claims: number
  pooled: bigint
  catastrophic: bigint
  other: bigint
  account: bigint
  funds: Map<string, bigint>
}

/**
 * Running sums by directed pair; the order of events does not matter, so any rerun gives the same
 * rows.
 */
export class Netting {
  readonly #pairs = new Map<string, Sums>()

  settle({ obligation, layers }: ClaimSettled): void {
    if (obligation !== null)
      this.#add(obligation.debtor, obligation.creditor, obligation, layers, 1n)
  }

  reverse({ obligation, layers }: ClaimReversed): void {
    if (obligation !== null)
      this.#add(obligation.debtor, obligation.creditor, obligation, layers, -1n)
  }

  #add(
    debtor: string,
    creditor: string,
    amounts: NonNullable<ClaimSettled['obligation']>,
    layers: ClaimSettled['layers'],
    sign: bigint,
  ): void {
    const key = `${debtor}>${creditor}`
    const sums = this.#pairs.get(key) ?? emptySums()
    this.#pairs.set(key, sums)
    sums.claims += 1
    sums.pooled += sign * amounts.pooledFen
    sums.catastrophic += sign * amounts.catastrophicFen
    sums.other += sign * amounts.otherFundFen
    sums.account += sign * amounts.accountFen
    for (const { fund, amountFen } of layers) {
      sums.funds.set(fund, (sums.funds.get(fund) ?? 0n) + sign * amountFen)
    }
  }

  /** Rows sorted by insured, then treating region. */
  pairs(): readonly PairRow[] {
    return [...this.#pairs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, sums]) => pairRow(key, sums))
  }
}

function emptySums(): Sums {
  return { claims: 0, pooled: 0n, catastrophic: 0n, other: 0n, account: 0n, funds: new Map() }
}

function pairRow(key: string, sums: Sums): PairRow {
  const [insured = '', treating = ''] = key.split('>')
  const funds = [...sums.funds].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    insured,
    treating,
    claims: sums.claims,
    pooledFen: sums.pooled as Fen,
    catastrophicFen: sums.catastrophic as Fen,
    otherFundFen: sums.other as Fen,
    accountFen: sums.account as Fen,
    owedFen: (sums.pooled + sums.catastrophic + sums.other + sums.account) as Fen,
    funds: funds.map(([fund, amountFen]) => ({ fund, amountFen: amountFen as Fen })),
  }
}

/**
 * Net of each region that appears: + receives, - pays; Σ = 0 because each pair counts once on
 * either side.
 */
export function netsOf(windowNo: number, pairs: readonly PairRow[]): readonly NetRow[] {
  const nets = new Map<string, Fen>()
  for (const { insured, treating, owedFen } of pairs) {
    nets.set(insured, ((nets.get(insured) ?? ZERO) - owedFen) as Fen)
    nets.set(treating, ((nets.get(treating) ?? ZERO) + owedFen) as Fen)
  }
  return [...nets]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([regionCode, netFen]) => ({ regionCode, netFen, noticeNo: `${windowNo}-${regionCode}` }))
}

/** The netted window, with a digest over its rows: every node and every rerun gives the same. */
export function nettedWindow(
  closed: WindowClosed,
  cutPosition: bigint,
  netting: Netting,
): WindowNetted {
  const { windowId, windowNo, label, previousCut } = closed
  const pairs = netting.pairs()
  const nets = netsOf(windowNo, pairs)
  const text = JSON.stringify([windowNo, previousCut, cutPosition, pairs, nets], (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  )
  return {
    windowId,
    windowNo,
    label,
    fromPosition: previousCut,
    cutPosition,
    pairs,
    nets,
    digest: createHash('sha256').update(text).digest('hex'),
  }
}

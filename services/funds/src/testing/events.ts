/**
 * Source events for tests: a claim with its layers, a window with its pairs, premiums and credits.
 */
import type {
  AccountCredited,
  AccountMoved,
  ClaimReversed,
  ClaimSettled,
  EventData,
  EventType,
  Layer,
  PaymentConfirmed,
  PremiumReceived,
  WindowNetted,
} from '@tongchou/contracts/events.generated.ts'
import { claimIdOf, NAMESPACE, type PersonId, type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { basisPoints, fen, sum, ZERO } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { BookedEvent, BookedType } from '../journal/entries.ts'

export type Amounts = {
  readonly pooled?: number
  readonly catastrophic?: number
  readonly other?: number
  readonly account?: number
}

export type ClaimSpec = Amounts & {
  readonly no: string
  readonly insured: string
  readonly treating: string
  readonly scheme?: 'employee' | 'resident'
}

/** An event of a source at a position; the same type and name always have the same id. */
export function at<T extends BookedType>(
  type: T,
  data: EventData[T],
  position: bigint,
): BookedEvent {
  const id = eventIdAt(type, position)
  return { type, data, id, position } as unknown as BookedEvent
}

export function eventIdAt(type: EventType, position: bigint): Uuid {
  return uuidFrom(NAMESPACE.command, `${type} ${position}`)
}

export function institutionIn(region: string): string {
  return `H${region}00001`
}

export function settled(spec: ClaimSpec): ClaimSettled {
  return { ...shares(spec), released: false }
}

export function reversed(spec: ClaimSpec): ClaimReversed {
  return { ...shares(spec), reason: 'wrong person' }
}

function shares(spec: ClaimSpec) {
  const { no, insured, treating, scheme = 'employee' } = spec
  const institutionCode = institutionIn(treating)
  const pooledFen = fen(spec.pooled ?? 0)
  const catastrophicFen = fen(spec.catastrophic ?? 0)
  const otherFundFen = fen(spec.other ?? 0)
  const accountFen = fen(spec.account ?? 0)
  const owedFen = sum(pooledFen, catastrophicFen, otherFundFen, accountFen)
  const cashFen = fen(1234)
  const layers: readonly Layer[] = [
    { layer: 'pooled', fund: `${scheme}.pooled`, amountFen: pooledFen },
    { layer: 'catastrophic', fund: `${scheme}.catastrophic`, amountFen: catastrophicFen },
    { layer: 'civilServant', fund: `${scheme}.civilServant`, amountFen: otherFundFen },
    { layer: 'account', fund: 'employee.account', amountFen: accountFen },
  ].filter(({ amountFen }) => amountFen !== ZERO)
  const parts = { pooledFen, catastrophicFen, otherFundFen, accountFen }
  return {
    claimId: claimIdOf(institutionCode, no),
    personId: uuidFrom<PersonId>(NAMESPACE.claim, `person of ${no}`),
    institutionCode,
    insuredRegion: insured,
    treatingRegion: treating,
    scheme,
    status: 'active',
    kind: 'inpatient' as const,
    endOn: businessDate('2025-01-20'),
    packHash: 'a'.repeat(64),
    filing: 'local' as const,
    fundBp: basisPoints(8500),
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: sum(owedFen, cashFen),
    deductibleFen: ZERO,
    ...parts,
    cashFen,
    totalFen: sum(owedFen, cashFen),
    layers,
    claimNo: no,
    obligation:
      insured === treating ? null : { debtor: insured, creditor: treating, ...parts, owedFen },
  }
}

export function premium(
  region: string,
  amount: number,
  payer = 'employer',
  place: Partial<Pick<PremiumReceived, 'fund' | 'level'>> = {},
): PremiumReceived {
  const known = (['employer', 'person', 'finance'] as const).find(one => one === payer)
  return {
    receiptNo: `R-${region}-${amount}`,
    regionCode: region,
    scheme: 'employee',
    payer: known ?? 'employer',
    ...{ fund: 'pooled', level: null, ...place },
    period: '2025-01',
    amountFen: fen(amount),
    receivedOn: businessDate('2025-01-10'),
  }
}

export function credit(
  region: string,
  amount: number,
  kind: AccountCredited['kind'] = 'monthly',
): AccountCredited {
  return {
    creditNo: `C-${region}-${amount}`,
    personId: uuidFrom<PersonId>(NAMESPACE.claim, `person of ${region}`),
    regionCode: region,
    scheme: 'employee',
    kind,
    amountFen: fen(amount),
    creditedOn: businessDate('2025-01-01'),
  }
}

export function moved(
  region: string,
  amount: number,
  change: Partial<AccountMoved> = {},
): AccountMoved {
  return {
    personId: uuidFrom<PersonId>(NAMESPACE.claim, `person of ${region}`),
    movementNo: `M-${region}-${amount}`,
    ...{ kind: 'withdrawal', regionCode: region, scheme: 'employee', toRegion: null },
    ...{ amountFen: fen(amount), balanceFen: ZERO, movedOn: businessDate('2025-01-20') },
    ...{ packHash: null, purpose: null, forPersonId: null, payee: null, creditNo: null },
    ...change,
  }
}

/** The netted window of some settlements (+) and reversals (-). */
export function netted(
  windowNo: number,
  claims: readonly { readonly spec: ClaimSpec; readonly sign: 1 | -1 }[],
): WindowNetted {
  const pairs = new Map<string, { insured: string; treating: string; funds: Map<string, bigint> }>()
  for (const { spec, sign } of claims) {
    const { insured, treating } = spec
    if (insured === treating) continue
    const key = `${insured}>${treating}`
    const pair = pairs.get(key) ?? { insured, treating, funds: new Map<string, bigint>() }
    pairs.set(key, pair)
    for (const { fund, amountFen } of settled(spec).layers) {
      pair.funds.set(fund, (pair.funds.get(fund) ?? 0n) + BigInt(sign) * amountFen)
    }
  }
  const rows = [...pairs.values()].map(({ insured, treating, funds }) => {
    const parts = [...funds].map(([fund, amount]) => ({ fund, amountFen: fen(amount) }))
    const owedFen = sum(...parts.map(({ amountFen }) => amountFen))
    const zeros = { pooledFen: owedFen, catastrophicFen: ZERO, otherFundFen: ZERO }
    return { insured, treating, claims: 1, ...zeros, accountFen: ZERO, owedFen, funds: parts }
  })
  const nets = new Map<string, bigint>()
  for (const { insured, treating, owedFen } of rows) {
    nets.set(insured, (nets.get(insured) ?? 0n) - owedFen)
    nets.set(treating, (nets.get(treating) ?? 0n) + owedFen)
  }
  return {
    windowId: uuidFrom(NAMESPACE.window, String(windowNo)),
    windowNo,
    label: `window ${windowNo}`,
    fromPosition: 0n,
    cutPosition: 0n,
    pairs: rows,
    nets: [...nets].map(([regionCode, net]) => ({
      regionCode,
      netFen: fen(net),
      noticeNo: `${windowNo}-${regionCode}`,
    })),
    digest: 'd'.repeat(64),
  }
}

/** A region's confirmation, as clearing makes it from the netted window. */
export function paid(window: WindowNetted, region: string): PaymentConfirmed {
  const owed = new Map<string, bigint>()
  let receivable = 0n
  for (const { insured, treating, owedFen, funds } of window.pairs) {
    if (treating === region) receivable += owedFen
    if (insured !== region) continue
    for (const { fund, amountFen } of funds) owed.set(fund, (owed.get(fund) ?? 0n) + amountFen)
  }
  return {
    windowId: window.windowId,
    windowNo: window.windowNo,
    regionCode: region,
    netFen: window.nets.find(({ regionCode }) => regionCode === region)?.netFen ?? ZERO,
    reference: `bank-${region}`,
    paidOn: businessDate('2025-02-15'),
    payables: [...owed].map(([fund, amount]) => ({ fund, amountFen: fen(amount) })),
    receivableFen: fen(receivable),
  }
}

/**
 * The posting rules: what a premium, a credit, a settlement, its reversal, a netting, a payment and
 * a movement of account money change in the books. Every transfer stays inside one entity, so each
 * entry is balanced in each entity by construction.
 */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import { assert, unreachable } from '@tongchou/contracts/decision.ts'
import type {
  ClaimSettled,
  EventType,
  PaymentConfirmed,
  WindowNetted,
} from '@tongchou/contracts/events.generated.ts'
import type { ClaimId, Uuid } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { minus, negate, ZERO } from '@tongchou/contracts/money.ts'
import { ACCOUNT } from '../chart/accounts.ts'
import { entityOf, TURNOVER, windowParty } from './entity.ts'
import { credit, EXPENSE, movement, premium, transfer } from './paid-in.ts'

/** `amountFen`: + debit, - credit. */
export type EntryLine = {
  readonly entity: string
  readonly account: string
  readonly counterparty: string | null
  readonly amountFen: Fen
}

export type EntryKind =
  | 'premium'
  | 'credit'
  | 'settlement'
  | 'reversal'
  | 'netting'
  | 'payment'
  | 'movement'

/** What one source event does to the books. */
export type Entry = {
  readonly kind: EntryKind
  readonly sourceEventId: Uuid
  readonly sourcePosition: bigint
  readonly claimId: ClaimId | null
  readonly lines: readonly EntryLine[]
}

export type BookedType =
  | 'PremiumReceived'
  | 'AccountCredited'
  | 'ClaimSettled'
  | 'ClaimReversed'
  | 'WindowNetted'
  | 'PaymentConfirmed'
  | 'AccountMoved'

const KINDS = {
  PremiumReceived: 'premium',
  AccountCredited: 'credit',
  ClaimSettled: 'settlement',
  ClaimReversed: 'reversal',
  WindowNetted: 'netting',
  PaymentConfirmed: 'payment',
  AccountMoved: 'movement',
} as const satisfies Record<BookedType, EntryKind>

type Place = { readonly id: Uuid; readonly position: bigint }

/** Any event of a source. */
export type SourceEvent = EventOf<EventType> & Place

/** What the rules read of a settled or reversed claim. */
export type SettlementFacts = Pick<
  ClaimSettled,
  | 'claimId'
  | 'institutionCode'
  | 'insuredRegion'
  | 'treatingRegion'
  | 'layers'
  | 'obligation'
  | 'pooledFen'
  | 'catastrophicFen'
  | 'otherFundFen'
  | 'accountFen'
>

/** An event that may move money, with as much of it as the rules read. */
export type BookedEvent = Place &
  (
    | EventOf<Exclude<BookedType, 'ClaimSettled' | 'ClaimReversed'>>
    | { readonly type: 'ClaimSettled' | 'ClaimReversed'; readonly data: SettlementFacts }
  )

export function isBookedType(type: EventType): type is BookedType {
  return Object.hasOwn(KINDS, type)
}

function isBooked(event: SourceEvent | BookedEvent): event is BookedEvent {
  return isBookedType(event.type)
}

/**
 * The entries of any event: none for one that moves no money, else one. Throws AssertionFault when
 * the amounts of the event contradict each other: nothing is booked then.
 */
export function entriesOf(event: SourceEvent | BookedEvent): readonly Entry[] {
  if (!isBooked(event)) return []
  const lines = linesOf(event)
  if (lines.length === 0) return []
  const kind = KINDS[event.type]
  const claimId = 'claimId' in event.data ? event.data.claimId : null
  return [{ kind, sourceEventId: event.id, sourcePosition: event.position, claimId, lines }]
}

export function linesOf(event: BookedEvent): readonly EntryLine[] {
  switch (event.type) {
    case 'PremiumReceived':
      return premium(event.data)
    case 'AccountCredited':
      return credit(event.data)
    case 'ClaimSettled':
      return settlement(event.data, 1)
    case 'ClaimReversed':
      return settlement(event.data, -1)
    case 'WindowNetted':
      return netting(event.data)
    case 'PaymentConfirmed':
      return payment(event.data)
    case 'AccountMoved':
      return movement(event.data)
    default:
      return unreachable(event)
  }
}

/**
 * Each layer is an expense of the fund that pays it. At home the fund owes the institution;
 * elsewhere it owes the treating region, whose working fund owes the institution and is owed by the
 * insured region. -1 undoes.
 */
function settlement(shares: SettlementFacts, sign: 1 | -1): EntryLine[] {
  const { institutionCode, insuredRegion, treatingRegion, layers } = shares
  const paidFen = checkedShares(shares)
  const local = insuredRegion === treatingRegion
  const institution = { account: ACCOUNT.owedToInstitutions, counterparty: institutionCode }
  const region = { account: ACCOUNT.owedToRegion, counterparty: treatingRegion }
  const owed = local ? institution : region
  const lines: EntryLine[] = []
  for (const { fund, amountFen } of layers) {
    transfer(lines, entityOf(insuredRegion, fund), {
      debit: EXPENSE,
      credit: owed,
      amountFen: signed(amountFen, sign),
    })
  }
  if (!local) {
    transfer(lines, entityOf(treatingRegion, TURNOVER), {
      debit: { account: ACCOUNT.dueFromRegion, counterparty: insuredRegion },
      credit: institution,
      amountFen: signed(paidFen, sign),
    })
  }
  return lines
}

function signed(amount: Fen, sign: 1 | -1): Fen {
  return sign === 1 ? amount : negate(amount)
}

/** Σ of the layers, after the claim's own figures and its obligation have been held against it. */
function checkedShares(shares: SettlementFacts): Fen {
  const { layers, pooledFen, catastrophicFen, otherFundFen, accountFen, obligation } = shares
  let paid = 0n
  for (const { amountFen } of layers) {
    assert(amountFen >= 0n, 'a layer pays nothing or something')
    paid += amountFen
  }
  const total = pooledFen + catastrophicFen + otherFundFen + accountFen
  assert(paid === total, 'the layers add up to the shares of funds and account')
  const local = shares.insuredRegion === shares.treatingRegion
  assert(local === (obligation === null), 'an obligation stands between two regions')
  if (obligation !== null) {
    assert(obligation.owedFen === paid, 'the obligation is what the layers pay')
    assert(obligation.debtor === shares.insuredRegion, 'the insured region owes')
    assert(obligation.creditor === shares.treatingRegion, 'the treating region is owed')
  }
  return paid as Fen
}

/**
 * What regions owe each other becomes what they owe the centre, or are owed by it, in this window.
 */
function netting({ windowNo, pairs }: WindowNetted): EntryLine[] {
  const lines: EntryLine[] = []
  const window = windowParty(windowNo)
  const owedToCentre = { account: ACCOUNT.owedToCentre, counterparty: window }
  const dueFromCentre = { account: ACCOUNT.dueFromCentre, counterparty: window }
  for (const { insured, treating, funds, owedFen } of pairs) {
    let parts = 0n
    for (const { fund, amountFen } of funds) {
      parts += amountFen
      transfer(lines, entityOf(insured, fund), {
        debit: { account: ACCOUNT.owedToRegion, counterparty: treating },
        credit: owedToCentre,
        amountFen,
      })
    }
    assert(parts === owedFen, 'the parts of the funds add up to what the pair owes')
    transfer(lines, entityOf(treating, TURNOVER), {
      debit: dueFromCentre,
      credit: { account: ACCOUNT.dueFromRegion, counterparty: insured },
      amountFen: owedFen,
    })
  }
  return lines
}

/**
 * The region's funds pay what they owe, its working fund receives what it is owed: together, the
 * net.
 */
function payment(data: PaymentConfirmed): EntryLine[] {
  const { windowNo, regionCode, payables, receivableFen, netFen } = data
  const lines: EntryLine[] = []
  const window = windowParty(windowNo)
  const bank = { account: ACCOUNT.bank, counterparty: window }
  let owed = ZERO
  for (const { fund, amountFen } of payables) {
    owed = (owed + amountFen) as Fen
    transfer(lines, entityOf(regionCode, fund), {
      debit: { account: ACCOUNT.owedToCentre, counterparty: window },
      credit: bank,
      amountFen,
    })
  }
  assert(minus(receivableFen, owed) === netFen, 'the net is what is owed to less what is owed by')
  transfer(lines, entityOf(regionCode, TURNOVER), {
    debit: bank,
    credit: { account: ACCOUNT.dueFromCentre, counterparty: window },
    amountFen: receivableFen,
  })
  return lines
}

/** Clearing: the facts of claims, shares of settlements, windows, what the books are made of. */
import { factsOfClaim } from '@tongchou/claims/account/facts.ts'
import { obligationOf } from '@tongchou/clearing/claim/decide.ts'
import { Netting, nettedWindow } from '@tongchou/clearing/window/netting.ts'
import type {
  ClaimReversed,
  ClaimSettled,
  ClaimSubmitted,
  Obligation,
  WindowClosed,
  WindowNetted,
} from '@tongchou/contracts/events.generated.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Tally } from '../checks.ts'
import type { Writer } from '../event/writer.ts'
import type { Outbox } from '../join/outbox.ts'
import type { Inspector } from '../lane.ts'
import { factsText } from './contents.ts'
import { sharesIn } from './shares.ts'

/** What an event about an adjudicated claim is: the tag of its record. */
export const SHARE_TAGS = {
  AdjudicationReceived: 0,
  ClaimHeld: 1,
  ClaimSettled: 2,
  ClaimReversed: 3,
} as const

type Cut = { readonly windowNo: number; readonly position: bigint }

export class ClearingInspector implements Inspector {
  readonly types = new Set([
    'ClaimSubmitted',
    'ClaimSettled',
    'ClaimReversed',
    'WindowClosed',
    'WindowNetted',
  ])
  readonly #tally: Tally
  readonly #outbox: Outbox
  #netting = new Netting()
  #lastCut: Cut = { windowNo: 0, position: 0n }
  /** Windows that are cut and not netted yet, as they must be netted. */
  readonly #expected = new Map<Uuid, WindowNetted>()

  constructor(tally: Tally, outbox: Outbox) {
    this.#tally = tally
    this.#outbox = outbox
  }

  event(event: Recorded): void {
    if (event.type === 'ClaimSubmitted') this.#submitted(event, event.data)
    if (event.type === 'WindowClosed') this.#closed(event, event.data)
    if (event.type === 'WindowNetted') this.#netted(event, event.data)
    if (event.type === 'ClaimSettled') this.#netting.settle(event.data)
    if (event.type === 'ClaimReversed') this.#netting.reverse(event.data)
    if (event.type === 'ClaimSettled' || event.type === 'ClaimReversed') {
      this.#obligation(event, event.data)
    }
  }

  #submitted(event: Recorded, data: ClaimSubmitted): void {
    const { claimId, personId, institutionCode } = data
    const text = factsText(personId, institutionCode, factsOfClaim(data))
    this.#outbox.facts.said.add(claimId, text, event)
  }

  bytes(row: EventRow, writer: Writer): void {
    const tag = TAG_OF.get(writer.name)
    if (tag === undefined) return
    const shares = sharesIn(row, writer)
    const { position } = row
    this.#outbox.shares.repeated.add(shares.claimId, shares.content, { position, tag })
  }

  #obligation(event: Recorded, data: ClaimSettled | ClaimReversed): void {
    this.#tally.checked('settlements')
    if (sameObligation(data.obligation, obligationOf(data))) return
    this.#tally.found(
      'settlements',
      event,
      `the obligation of claim ${data.claimId} is not its shares`,
    )
  }

  #closed(event: Recorded, data: WindowClosed): void {
    const { windowId, windowNo, previousCut } = data
    const { windowNo: lastNo, position } = this.#lastCut
    this.#tally.checked('windows')
    if (windowNo !== lastNo + 1 || previousCut !== position) {
      const begins = `window ${windowNo} begins at ${previousCut}`
      const detail = `${begins}; window ${lastNo} ended at ${position}`
      this.#tally.found('windows', event, detail)
    }
    this.#expected.set(windowId, nettedWindow(data, event.position, this.#netting))
    this.#netting = new Netting()
    this.#lastCut = { windowNo, position: event.position }
  }

  #netted(event: Recorded, data: WindowNetted): void {
    this.#tally.checked('windows')
    const { windowId, windowNo } = data
    const expected = this.#expected.get(windowId)
    this.#expected.delete(windowId)
    const sum = data.nets.reduce((total, { netFen }) => total + netFen, 0n)
    if (sum !== 0n)
      this.#tally.found('windows', event, `the nets of window ${windowNo} sum to ${sum}`)
    if (expected === undefined) {
      this.#tally.found('windows', event, `window ${windowNo} is netted without a cut, or twice`)
    } else {
      const field = differingField(data, expected)
      if (field === null) return
      const detail = `${field} of window ${windowNo} is not what lies between its cuts`
      this.#tally.found('windows', event, detail)
    }
  }
}

const TAG_OF: ReadonlyMap<string, number> = new Map(Object.entries(SHARE_TAGS))

function sameObligation(a: Obligation | null, b: Obligation | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.debtor === b.debtor &&
    a.creditor === b.creditor &&
    a.pooledFen === b.pooledFen &&
    a.catastrophicFen === b.catastrophicFen &&
    a.otherFundFen === b.otherFundFen &&
    a.accountFen === b.accountFen &&
    a.owedFen === b.owedFen
  )
}

function differingField(a: WindowNetted, b: WindowNetted): keyof WindowNetted | null {
  const names = Object.keys(b) as (keyof WindowNetted)[]
  return names.find(name => textOf(a[name]) !== textOf(b[name])) ?? null
}

/** Keys in one order, whoever made the object. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}`
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)))
  })
}

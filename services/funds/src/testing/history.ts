/**
 * Random histories: premiums, some taken back, credits, movements of account money, claims,
 * reversals, windows and payments in an order that can happen.
 */
import type { WindowNetted } from '@tongchou/contracts/events.generated.ts'
import fc from 'fast-check'
import type { BookedEvent } from '../journal/entries.ts'
import type { ClaimSpec } from './events.ts'
import { at, credit, moved, netted, paid, premium, reversed, settled } from './events.ts'

export const REGIONS = ['110100', '310100', '610100'] as const

type Step =
  | { readonly do: 'premium'; readonly region: string; readonly amount: number; payer: string }
  | { readonly do: 'credit'; readonly region: string; readonly amount: number; opening: boolean }
  | { readonly do: 'move'; readonly region: string; readonly amount: number; readonly to: string }
  | { readonly do: 'settle'; readonly spec: Omit<ClaimSpec, 'no'> }
  | { readonly do: 'reverse'; readonly pick: number }
  | { readonly do: 'net' }
  | { readonly do: 'pay'; readonly pick: number }

const region = fc.constantFrom(...REGIONS)
const amount = fc.integer({ min: 0, max: 1_000_000 })

const claim: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('settle' as const),
  spec: fc.record({
    insured: region,
    treating: region,
    scheme: fc.constantFrom('employee' as const, 'resident' as const),
    pooled: amount,
    catastrophic: fc.oneof(fc.constant(0), amount),
    other: fc.oneof(fc.constant(0), amount),
    account: fc.oneof(fc.constant(0), amount),
  }),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('premium' as const),
      region,
      amount: fc.oneof(amount, fc.integer({ min: -1_000_000, max: -1 })),
      payer: fc.constantFrom('employer', 'person', 'finance'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('credit' as const),
      region,
      amount,
      opening: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), region, amount, to: region }),
  },
  { weight: 6, arbitrary: claim },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('net' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pay' as const), pick: fc.nat() }) },
)

export type History = {
  /** In the order in which they happened; positions 1, 2, 3 … of one source. */
  readonly events: readonly BookedEvent[]
  readonly windows: readonly WindowNetted[]
}

export type HistoryOptions = {
  /** Reverse what is left, net it and let every region pay every window. */
  readonly settleUp?: boolean
  readonly minSteps?: number
}

export function histories(options: HistoryOptions = {}): fc.Arbitrary<History> {
  return fc
    .array(step, { minLength: options.minSteps ?? 0, maxLength: 40 })
    .map(steps => historyOf(steps, options))
}

type Draft = {
  readonly events: BookedEvent[]
  readonly standing: ClaimSpec[]
  open: { spec: ClaimSpec; sign: 1 | -1 }[]
  readonly windows: WindowNetted[]
  readonly unpaid: { window: WindowNetted; region: string }[]
}

function historyOf(steps: readonly Step[], { settleUp = false }: HistoryOptions): History {
  const draft: Draft = { events: [], standing: [], open: [], windows: [], unpaid: [] }
  for (const one of steps) apply(draft, one)
  if (settleUp) {
    while (draft.standing.length > 0) apply(draft, { do: 'reverse', pick: 0 })
    apply(draft, { do: 'net' })
    while (draft.unpaid.length > 0) apply(draft, { do: 'pay', pick: 0 })
  }
  return { events: draft.events, windows: draft.windows }
}

function apply(draft: Draft, one: Step): void {
  const next = BigInt(draft.events.length + 1)
  switch (one.do) {
    case 'premium':
      draft.events.push(at('PremiumReceived', premium(one.region, one.amount, one.payer), next))
      return
    case 'credit': {
      const kind = one.opening ? 'openingBalance' : 'monthly'
      draft.events.push(at('AccountCredited', credit(one.region, one.amount, kind), next))
      return
    }
    case 'move': {
      const elsewhere = { kind: 'transfer', toRegion: one.to } as const
      const change = one.region === one.to ? ({ kind: 'pooledFund' } as const) : elsewhere
      draft.events.push(at('AccountMoved', moved(one.region, one.amount, change), next))
      return
    }
    case 'settle': {
      const spec = { ...one.spec, no: `claim-${next}` }
      draft.standing.push(spec)
      draft.open.push({ spec, sign: 1 })
      draft.events.push(at('ClaimSettled', settled(spec), next))
      return
    }
    case 'reverse': {
      const [spec] = draft.standing.splice(one.pick % Math.max(1, draft.standing.length), 1)
      if (spec === undefined) return
      draft.open.push({ spec, sign: -1 })
      draft.events.push(at('ClaimReversed', reversed(spec), next))
      return
    }
    case 'net': {
      const window = netted(draft.windows.length + 1, draft.open)
      draft.open = []
      draft.windows.push(window)
      for (const { regionCode } of window.nets) draft.unpaid.push({ window, region: regionCode })
      draft.events.push(at('WindowNetted', window, next))
      return
    }
    case 'pay': {
      const [due] = draft.unpaid.splice(one.pick % Math.max(1, draft.unpaid.length), 1)
      if (due === undefined) return
      draft.events.push(at('PaymentConfirmed', paid(due.window, due.region), next))
      return
    }
  }
}

/**
 * What is left of deductibles and caps: the engine itself is asked, with a claim so large that only
 * they limit it. So an answer here can never differ from what the next claim gets.
 */

import { type Fen, fen, ZERO } from '@tongchou/contracts/money.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { explain } from '../policy/adjudicate.ts'
import { type BenefitFacts, type Kind, LEVELS, type Level, type Scheme } from '../policy/facts.ts'
import type { Step } from '../policy/layers/steps.ts'
import type { BenefitOutcome } from '../policy/outcome.ts'
import type { Benefit, Plan } from '../policy/plan/plan.ts'
import type { BenefitTotals } from '../policy/totals.ts'

export type LayerLeft = {
  readonly layer: string
  readonly payer: string
  readonly capFen: Fen | null
  /** What the cap counts so far. */
  readonly usedFen: Fen | null
  /** Most that the layer still pays in the year; null: no limit. */
  readonly leftFen: Fen | null
  /** Totals that the cap counts. */
  readonly counts: readonly string[]
  /** The total on which the bands lie; null: they lie on each claim alone. */
  readonly measure: string | null
  readonly bands: readonly BandLeft[]
}

/** A band that the next claim can reach; `leftFen` null: it has no end. */
export type BandLeft = {
  readonly fromFen: Fen
  readonly toFen: Fen | null
  readonly fundBp: number
  readonly leftFen: Fen | null
}

export type DeductibleUsed = {
  readonly per: 'stay' | 'year' | 'visit'
  readonly usedFen: Fen
  readonly counts: readonly string[]
}

export type BenefitLeft = {
  readonly kind: Kind
  readonly levels: readonly Level[]
  /**
   * Most that the next claim bears itself before a fund pays; null where the pack computes nothing.
   */
  readonly deductibleLeftFen: Fen | null
  /** Null where the policy has none. */
  readonly deductible: DeductibleUsed | null
  readonly layers: readonly LayerLeft[]
  /** What the pack does not say. */
  readonly cannotCompute: Text | null
}

export type Asked = {
  readonly region: string
  readonly status: string
  readonly on: BusinessDate
}

/** 1 billion yuan, and twice as much to tell a limit from a share of the amount. */
const PROBE_FEN = fen(100_000_000_000)
const LARGER_FEN = fen(200_000_000_000)
const PAID_BY_FUNDS = ['inpatient', 'chronic', 'outpatient'] as const

/**
 * At home, without further attributes, by kind and level; levels with equal figures stand together.
 */
export function leftUnder(plan: Plan, totals: BenefitTotals, asked: Asked): readonly BenefitLeft[] {
  const { scheme } = plan
  if (scheme === null) return []
  return PAID_BY_FUNDS.flatMap(kind => {
    const benefit = plan.benefits[kind]
    if (benefit.kind === 'gap') {
      return [{ ...unknownFor(kind, benefit.missing), levels: LEVELS }]
    }
    return together(
      LEVELS.map(level => leftAt({ plan, scheme, totals, asked, benefit }, kind, level)),
    )
  })
}

type Place = {
  readonly plan: Plan
  readonly scheme: Scheme
  readonly totals: BenefitTotals
  readonly asked: Asked
  readonly benefit: Benefit
}

function leftAt(place: Place, kind: Kind, level: Level): BenefitLeft {
  const { plan, scheme, totals, asked, benefit } = place
  const facts = probe(scheme, asked, { kind, level, amountFen: PROBE_FEN })
  const { outcome, steps } = explain(plan, facts, totals)
  const of = explain(plan, probe(scheme, asked, { kind, level, amountFen: LARGER_FEN }), totals)
  const larger = of.outcome
  if (outcome.kind === 'no-policy') return { ...unknownFor(kind, outcome.missing), levels: [level] }
  if (larger.kind === 'no-policy') return { ...unknownFor(kind, larger.missing), levels: [level] }
  const layers = benefit.layers.map(({ id, payer, cap, measure }) => ({
    layer: id,
    payer,
    ...capOf(steps, id),
    leftFen: limitOf(paidBy(outcome, id), paidBy(larger, id)),
    counts: cap?.kind === 'fundPayment' ? cap.counts : [],
    measure,
    bands: bandsOf(bandsIn(steps, id), bandsIn(of.steps, id)),
  }))
  const { deductibleFen: deductibleLeftFen } = outcome
  const deductible = usedOf(benefit, kind, totals)
  return { kind, levels: [level], deductibleLeftFen, deductible, layers, cannotCompute: null }
}

const BORNE = { inpatient: 'dedInFen', chronic: 'dedChronicFen', outpatient: 'dedOutFen' } as const

function usedOf({ deductible }: Benefit, kind: Kind, totals: BenefitTotals): DeductibleUsed | null {
  if (deductible === null || kind === 'pharmacy') return null
  const { per } = deductible
  const name = BORNE[kind]
  return { per, usedFen: totals[name], counts: per === 'stay' ? ['stays', name] : [name] }
}

function bandsIn(steps: readonly Step[], id: string): readonly Step[] {
  return steps.filter(({ name, layer }) => name === 'band' && layer === id)
}

/** A band has an end where a larger claim finds no more of it. */
function bandsOf(bands: readonly Step[], ofMore: readonly Step[]): readonly BandLeft[] {
  return bands.flatMap(({ inputs }, at) => {
    const overlapFen = amount(inputs['overlapFen'])
    const fromFen = amount(inputs['startFen'])
    const { rateBp, stated } = inputs
    if (overlapFen === null || fromFen === null || typeof rateBp !== 'number') return []
    const moreFen = amount(ofMore[at]?.inputs['overlapFen'])
    const leftFen = moreFen === overlapFen ? overlapFen : null
    const fundBp = stated === 'fund' ? rateBp : 10_000 - rateBp
    return [{ fromFen, toFen: amount(inputs['toFen']), fundBp, leftFen }]
  })
}

function unknownFor(kind: Kind, missing: Text): Omit<BenefitLeft, 'levels'> {
  return { kind, deductibleLeftFen: null, deductible: null, layers: [], cannotCompute: missing }
}

function paidBy({ layers }: BenefitOutcome, id: string): Fen {
  return layers.find(({ layer }) => layer === id)?.amountFen ?? ZERO
}

function limitOf(paidFen: Fen, ofMoreFen: Fen): Fen | null {
  return paidFen === ofMoreFen ? paidFen : null
}

/**
 * Cap and use as the engine names them in its explanation; null where it met no cap on payments.
 */
function capOf(steps: readonly Step[], id: string): Pick<LayerLeft, 'capFen' | 'usedFen'> {
  const room = steps.find(({ name, layer }) => name === 'room' && layer === id)
  const { usedFen } = room?.inputs ?? {}
  return { capFen: amount(room?.figures[0]?.value), usedFen: amount(usedFen) }
}

function amount(value: Step['result'] | undefined): Fen | null {
  return typeof value === 'bigint' ? fen(value) : null
}

function together(rows: readonly BenefitLeft[]): readonly BenefitLeft[] {
  const groups = Map.groupBy(rows, ({ levels: _, ...figures }) =>
    JSON.stringify(figures, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
  )
  return [...groups.values()].flatMap(group => {
    const [first] = group
    return first === undefined ? [] : [{ ...first, levels: group.flatMap(({ levels }) => levels) }]
  })
}

function probe(
  scheme: Scheme,
  { region, status, on }: Asked,
  { kind, level, amountFen }: Pick<BenefitFacts, 'kind' | 'level'> & { readonly amountFen: Fen },
): BenefitFacts {
  return {
    kind,
    level,
    insuredRegion: region,
    treatingRegion: region,
    scheme,
    status,
    beginOn: on,
    endOn: on,
    emergency: false,
    filings: [],
    fullSelfFen: ZERO,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: amountFen,
    totalFen: amountFen,
    useAccount: false,
    attributes: {},
  }
}

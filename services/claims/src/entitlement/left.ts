/**
 * What is left of deductibles and caps: the engine itself is asked, with a claim so large that only
 * they limit it. So an answer here can never differ from what the next claim gets.
 */

import { type Fen, fen, greatest, least, remainder, ZERO } from '@tongchou/contracts/money.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { adjudicate, explain } from '../policy/adjudicate.ts'
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
  /** What enrolment, the asker and earlier years say; without them none is known. */
  readonly attributes?: BenefitFacts['attributes']
  readonly ageOnYearStart?: number
}

/** 1 billion yuan, and twice as much to tell a limit from a share of the amount. */
const PROBE_FEN = fen(100_000_000_000)
const LARGER_FEN = fen(200_000_000_000)
const PAID_BY_FUNDS = ['inpatient', 'chronic', 'outpatient'] as const

/**
 * At home, with the attributes that are told, by kind and level; levels with equal figures stand
 * together.
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
  const more = probe(scheme, asked, { kind, level, amountFen: LARGER_FEN })
  const larger = adjudicate(plan, more, totals)
  if (outcome.kind === 'no-policy') return { ...unknownFor(kind, outcome.missing), levels: [level] }
  if (larger.kind === 'no-policy') return { ...unknownFor(kind, larger.missing), levels: [level] }
  const layers = benefit.layers.map(({ id, payer, cap, measure }) => ({
    layer: id,
    payer,
    ...capOf(steps, id),
    leftFen: limitOf(paidBy(outcome, id), paidBy(larger, id)),
    counts: cap?.kind === 'fundPayment' ? cap.counts : [],
    measure,
    bands: bandsOf(steps, id),
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

/** Up to its end or that of the layer, whichever comes first. */
function bandsOf(steps: readonly Step[], id: string): readonly BandLeft[] {
  const ofLayer = steps.filter(({ layer }) => layer === id)
  const endFen = amount(ofLayer.find(({ name }) => name === 'end')?.result)
  return ofLayer.flatMap(({ name, inputs }) => {
    const { rateBp, stated } = inputs
    const fromFen = amount(inputs['startFen'])
    const beforeFen = amount(inputs['beforeFen'])
    if (name !== 'band' || fromFen === null || beforeFen === null) return []
    if (typeof rateBp !== 'number') return []
    const bandFen = amount(inputs['toFen'])
    const toFen = bandFen === null ? endFen : endFen === null ? bandFen : least(bandFen, endFen)
    const leftFen = toFen === null ? null : remainder(toFen, greatest(fromFen, beforeFen))
    return [{ fromFen, toFen, fundBp: stated === 'fund' ? rateBp : 10_000 - rateBp, leftFen }]
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
 * Cap and use as the engine names them in its explanation, the cap with what raises it; null where
 * it met no cap on payments.
 */
function capOf(steps: readonly Step[], id: string): Pick<LayerLeft, 'capFen' | 'usedFen'> {
  const room = steps.find(({ name, layer }) => name === 'room' && layer === id)
  const { usedFen, capFen } = room?.inputs ?? {}
  return { capFen: amount(capFen ?? room?.figures[0]?.value), usedFen: amount(usedFen) }
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

/** A claim without a limit of its own, at home. */
export function probe(
  scheme: Scheme,
  { region, status, on, attributes = {}, ageOnYearStart }: Asked,
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
    attributes,
    ...(ageOnYearStart === undefined ? {} : { ageOnYearStart }),
  }
}

/** Reads the benefits of the language form: entitlement, deductible, layers, caps, counters. */

import type { Fen } from '@tongchou/contracts/money.ts'
import { problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { unknown } from '@tongchou/contracts/policy/rule/read.ts'
import {
  attributeOf,
  capFigure,
  checkTotal,
  countFigure,
  type Figures,
  fenFigure,
  flagFigure,
  ladderFigure,
  originOf,
  rateFigure,
  ruleOf,
} from '@tongchou/contracts/policy/rule/read-rule.ts'
import type {
  AccountUseDocument,
  BandDocument,
  BasisDocument,
  BenefitDocument,
  CapDocument,
  DeductibleDocument,
  LayerDocument,
  RateLeaf,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import type { Kind } from '../facts.ts'
import type {
  AccountUse,
  Band,
  Basis,
  Benefit,
  Cap,
  Counter,
  Deductible,
  DiseaseLimits,
  Gap,
  Layer,
  Rate,
  Rule,
  Waiting,
} from '../plan/plan.ts'

type InLayers = Figures & { readonly earlier: readonly string[] }

export function benefitOf(doc: BenefitDocument, path: string, figures: Figures): Benefit | Gap {
  if (doc.missing !== undefined) {
    const { sources } = originOf(doc, path, figures)
    return { kind: 'gap', missing: doc.missing, path, sources }
  }
  const { deductible, account, waiting } = doc
  return {
    kind: 'benefit',
    covered: doc.covered.map((rule, index) =>
      ruleOf(rule, `${path}.covered.${index}`, figures, flagFigure),
    ),
    waiting: waiting === undefined ? null : waitingOf(waiting, `${path}.waiting`, figures),
    deductible:
      deductible === null ? null : deductibleOf(deductible, `${path}.deductible`, figures),
    layers: layersOf(doc.layers, `${path}.layers`, figures),
    account: account === null ? null : accountOf(account, `${path}.account`, figures),
    zeroRateIsNotCovered: doc.zeroRateIsNotCovered ?? false,
  }
}

type WaitingDocument = NonNullable<Extract<BenefitDocument, { waiting?: unknown }>['waiting']>

function waitingOf({ since, months }: WaitingDocument, path: string, figures: Figures): Waiting {
  return {
    since,
    months: ruleOf(months, `${path}.months`, figures, countFigure),
    absent: absentOf(since, `${path}.since`, figures),
  }
}

/** What is refused when the claim does not carry the attribute. */
function absentOf<T>(attribute: string, path: string, figures: Figures) {
  const means = attributeOf(attribute, path, figures)?.means ?? { en: attribute, zh: attribute }
  return unknown<T>(path, means, { sources: [], readings: [] })
}

function deductibleOf(doc: DeductibleDocument, path: string, figures: Figures): Deductible {
  const { maxPerYear, later, lowered, less } = doc
  if (less !== undefined) attributeOf(less, `${path}.less`, figures)
  return {
    per: doc.per,
    count: doc.count ?? 'all',
    ladder: ruleOf(doc.amount, `${path}.amount`, figures, ladderFigure),
    maxPerYear:
      maxPerYear === undefined
        ? null
        : ruleOf(maxPerYear, `${path}.maxPerYear`, figures, fenFigure),
    later: later === undefined ? null : ruleOf(later, `${path}.later`, figures, rateFigure),
    lowered:
      lowered === undefined
        ? null
        : {
            when: ruleOf(lowered.when, `${path}.lowered.when`, figures, flagFigure),
            to: ruleOf(lowered.to, `${path}.lowered.to`, figures, ladderFigure),
          },
    less: less ?? null,
    path,
  }
}

function accountOf(doc: AccountUseDocument, path: string, figures: Figures): AccountUse {
  const { pays, less = null } = doc
  if (less !== null) attributeOf(less, `${path}.less`, figures)
  return { pays, less, path, ...originOf(doc, path, figures) }
}

function layersOf(docs: readonly LayerDocument[], path: string, figures: Figures): Layer[] {
  const ids = docs.map(({ id }) => id)
  return docs.map((doc, index) => {
    const at = `${path}.${index}`
    const earlier = ids.slice(0, index)
    if (earlier.includes(doc.id)) figures.problems.push(problem(`${at}.id`, 'layer-twice', doc.id))
    return layerOf(doc, at, { ...figures, earlier })
  })
}

function layerOf(doc: LayerDocument, path: string, figures: InLayers): Layer {
  const { when, from, cap, measure } = doc
  if (measure !== undefined) checkTotal(measure, `${path}.measure`, figures)
  return {
    id: doc.id,
    payer: doc.payer,
    payerFund: `${figures.pack.scheme ?? 'none'}.${doc.fund ?? doc.payer}`,
    when: when === undefined ? null : ruleOf(when, `${path}.when`, figures, flagFigure),
    of: basisOf(doc.of, `${path}.of`, figures),
    measure: measure ?? null,
    from: from === undefined ? null : ruleOf(from, `${path}.from`, figures, fenFigure),
    bands: doc.bands.map((band, index) => bandOf(band, `${path}.bands.${index}`, figures)),
    remoteFactor: doc.remoteFactor ?? false,
    cap: cap === undefined ? null : capOf(cap, `${path}.cap`, figures),
    path,
  }
}

function basisOf(of: BasisDocument, path: string, figures: InLayers): Basis {
  if (typeof of === 'string') return { kind: of }
  if (of.given !== undefined) {
    return { kind: 'given', attribute: of.given, absent: absentOf(of.given, path, figures) }
  }
  const [kind, name] = earlierLayer(of)
  const layer = figures.earlier.indexOf(name)
  if (layer < 0) figures.problems.push(problem(path, 'unknown-layer', name))
  return { kind, layer }
}

type OfLayer = Extract<Basis, { layer: number }>['kind']

function earlierLayer(of: Exclude<BasisDocument, string>): readonly [OfLayer, string] {
  if (of.cutByCapOf !== undefined) return ['cutByCap', of.cutByCapOf]
  if (of.beyondOf !== undefined) return ['beyond', of.beyondOf]
  if (of.paidBy !== undefined) return ['paidBy', of.paidBy]
  return ['coinsurance', of.coinsuranceOf ?? '']
}

function bandOf(doc: BandDocument, path: string, figures: Figures): Band {
  const rates = (
    name: 'plus' | 'minus' | 'times',
    docs: readonly RuleDocument<RateLeaf>[] = [],
  ): readonly Rule<Rate>[] =>
    docs.map((rule, index) => ruleOf(rule, `${path}.${name}.${index}`, figures, rateFigure))
  return {
    to: doc.to === undefined ? null : ruleOf(doc.to, `${path}.to`, figures, fenFigure),
    rate: ruleOf(doc.rate, `${path}.rate`, figures, rateFigure),
    plus: rates('plus', doc.plus),
    minus: rates('minus', doc.minus),
    times: rates('times', doc.times),
    floor: doc.floor === undefined ? null : ruleOf(doc.floor, `${path}.floor`, figures, rateFigure),
  }
}

function capOf(doc: CapDocument, path: string, figures: Figures): Cap {
  const { kind, counts = [], plus = [], diseases } = doc
  for (const name of counts) checkTotal(name, `${path}.counts`, figures)
  for (const name of plus) attributeOf(name, `${path}.plus`, figures)
  const amount = ruleOf(doc.amount, `${path}.amount`, figures, capFigure)
  const ofDiseases = diseases === undefined ? null : diseaseLimits(diseases, path, figures)
  return { kind, amount, counts, plus, diseases: ofDiseases }
}

const NO_LIMIT = { en: 'the limit of a registered disease', zh: '已登记病种的限额' }

function diseaseLimits(attribute: string, path: string, figures: Figures): DiseaseLimits | null {
  attributeOf(attribute, `${path}.diseases`, figures)
  const { chronicLimit: doc } = figures.pack
  const at = 'chronicLimit.limits'
  const limits = Object.entries(doc?.limits ?? {}).map(
    ([code, rule]) => [code, ruleOf(rule, `${at}.${code}`, figures, fenFigure)] as const,
  )
  if (doc === undefined || limits.length === 0) {
    figures.problems.push(problem(`${path}.diseases`, 'diseases-without-limits', attribute))
    return null
  }
  return {
    attribute,
    limits: new Map(limits),
    others: ruleOf(doc.othersShare, 'chronicLimit.othersShare', figures, rateFigure),
    absent: unknown<Fen>(at, NO_LIMIT, { sources: [], readings: [] }),
  }
}

const IN = ['inpatient', 'chronic'] as const satisfies readonly Kind[]

/** A counter names layers by their id; in a benefit without that layer it adds nothing. */
export function countersOf(figures: Figures): readonly Counter[] {
  return Object.entries(figures.pack.counters ?? {}).map(([name, doc]) => {
    const path = `counters.${name}`
    const kinds = doc.kinds ?? IN
    const basis = (kind: Kind): Basis | null => counted(doc.of, kind, { path, figures })
    const of = {
      inpatient: basis('inpatient'),
      outpatient: basis('outpatient'),
      chronic: basis('chronic'),
      pharmacy: basis('pharmacy'),
    }
    if (kinds.every(kind => of[kind] === null)) {
      figures.problems.push(problem(`${path}.of`, 'unknown-layer', JSON.stringify(doc.of)))
    }
    const when =
      doc.when === undefined ? null : ruleOf(doc.when, `${path}.when`, figures, flagFigure)
    return { name: `own.${name}`, kinds, when, of }
  })
}

function counted(
  of: BasisDocument,
  kind: Kind,
  { path, figures }: { readonly path: string; readonly figures: Figures },
): Basis | null {
  if (typeof of === 'string' || of.given !== undefined) {
    return basisOf(of, `${path}.of`, { ...figures, earlier: [] })
  }
  const benefit = figures.pack.benefits[kind]
  const earlier = benefit.missing === undefined ? benefit.layers.map(({ id }) => id) : []
  const [, name] = earlierLayer(of)
  return earlier.includes(name) ? basisOf(of, `${path}.of`, { ...figures, earlier }) : null
}

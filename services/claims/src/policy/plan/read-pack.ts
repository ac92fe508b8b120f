/** Reads the language form (contracts/policies/pack.schema.json) into a plan. */
import type {
  BenefitDocument,
  CapDocument,
  Cited,
  DeductibleDocument,
  DueDocument,
  LayerDocument,
  PackDocument,
} from '@tongchou/contracts/policy-document.ts'
import { isBusinessDate } from '@tongchou/contracts/time.ts'
import type {
  AccountUse,
  Band,
  Basis,
  Benefit,
  Cap,
  ContributionPlan,
  Deductible,
  Due,
  Gap,
  Layer,
  Leaf,
  Plan,
  RiskReservePlan,
} from './plan.ts'
import { type Problem, problem } from './problems.ts'
import {
  capFigure,
  dueFigure,
  type Figures,
  fenFigure,
  flagFigure,
  ladderFigure,
  leafOf,
  originOf,
  rateFigure,
  ruleOf,
} from './read-rule.ts'

export function readPack(pack: PackDocument, hash: string, problems: Problem[]): Plan {
  const figures: Figures = { pack, problems }
  checkDocuments(figures)
  checkOtherNumbers(figures)
  const { factor } = pack.remote
  return {
    packId: pack.packId,
    hash,
    form: 'language',
    name: pack.name,
    scheme: pack.scheme,
    region: pack.region,
    effectiveFrom: dateOrNull(pack.effectiveFrom),
    effectiveTo: dateOrNull(pack.effectiveTo),
    statuses: pack.statuses,
    deemedFiledFor: new Set(pack.remote.deemedFiledFor),
    remoteFactor: factor === null ? null : ruleOf(factor, 'remote.factor', figures, rateFigure),
    benefits: {
      inpatient: benefitOf(pack.benefits.inpatient, 'benefits.inpatient', figures),
      outpatient: benefitOf(pack.benefits.outpatient, 'benefits.outpatient', figures),
      chronic: benefitOf(pack.benefits.chronic, 'benefits.chronic', figures),
      pharmacy: benefitOf(pack.benefits.pharmacy, 'benefits.pharmacy', figures),
    },
    contribution: contributionOf(figures),
    riskReserve: riskReserveOf(figures),
    assumptions: Object.values(pack.readings),
  }
}

function dateOrNull(value: string | null): Plan['effectiveFrom'] {
  return value !== null && isBusinessDate(value) ? value : null
}

function checkDocuments({ pack, problems }: Figures): void {
  for (const [id, { document }] of Object.entries(pack.clauses)) {
    if (!Object.hasOwn(pack.documents, document)) {
      problems.push(problem(`clauses.${id}`, 'unknown-document', document))
    }
  }
}

/**
 * They are not computed with, but are held to the same rule: a source for each, a reason for each
 * null.
 */
function checkOtherNumbers(figures: Figures): void {
  for (const [index, number] of figures.pack.otherNumbers.entries()) {
    leafOf(number, `otherNumbers.${index}`, figures, ({ value }) => value)
  }
}

function benefitOf(doc: BenefitDocument, path: string, figures: Figures): Benefit | Gap {
  if (doc.missing !== undefined) {
    return {
      kind: 'gap',
      missing: doc.missing,
      path,
      sources: originOf(doc, path, figures).sources,
    }
  }
  const { deductible, account } = doc
  return {
    kind: 'benefit',
    covered: doc.covered.map((rule, index) =>
      ruleOf(rule, `${path}.covered.${index}`, figures, flagFigure),
    ),
    deductible:
      deductible === null ? null : deductibleOf(deductible, `${path}.deductible`, figures),
    layers: layersOf(doc.layers, `${path}.layers`, figures),
    account: account === null ? null : accountOf(account, `${path}.account`, figures),
    zeroRateIsNotCovered: doc.zeroRateIsNotCovered ?? false,
  }
}

function deductibleOf(doc: DeductibleDocument, path: string, figures: Figures): Deductible {
  const { maxPerYear } = doc
  return {
    per: doc.per,
    count: doc.count ?? 'all',
    ladder: ruleOf(doc.amount, `${path}.amount`, figures, ladderFigure),
    maxPerYear:
      maxPerYear === undefined
        ? null
        : ruleOf(maxPerYear, `${path}.maxPerYear`, figures, fenFigure),
    path,
  }
}

function accountOf(
  doc: Cited & { readonly pays: AccountUse['pays'] },
  path: string,
  figures: Figures,
): AccountUse {
  return { pays: doc.pays, path, ...originOf(doc, path, figures) }
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

function layerOf(
  doc: LayerDocument,
  path: string,
  figures: Figures & { readonly earlier: readonly string[] },
): Layer {
  const { when, from, cap } = doc
  return {
    id: doc.id,
    payer: doc.payer,
    payerFund: `${figures.pack.scheme}.${doc.payer}`,
    when: when === undefined ? null : ruleOf(when, `${path}.when`, figures, flagFigure),
    of: basisOf(doc.of, `${path}.of`, figures),
    measure: doc.measure ?? null,
    from: from === undefined ? null : ruleOf(from, `${path}.from`, figures, fenFigure),
    bands: doc.bands.map((band, index) => bandOf(band, `${path}.bands.${index}`, figures)),
    remoteFactor: doc.remoteFactor ?? false,
    cap: cap === undefined ? null : capOf(cap, `${path}.cap`, figures),
    path,
  }
}

function basisOf(
  of: LayerDocument['of'],
  path: string,
  { earlier, problems }: Figures & { readonly earlier: readonly string[] },
): Basis {
  if (typeof of === 'string') return { kind: of }
  const kind = of.cutByCapOf === undefined ? 'coinsurance' : 'cutByCap'
  const name = of.cutByCapOf ?? of.coinsuranceOf ?? ''
  const layer = earlier.indexOf(name)
  if (layer < 0) problems.push(problem(path, 'unknown-layer', name))
  return { kind, layer }
}

function bandOf(doc: LayerDocument['bands'][number], path: string, figures: Figures): Band {
  return {
    to: doc.to === undefined ? null : ruleOf(doc.to, `${path}.to`, figures, fenFigure),
    rate: ruleOf(doc.rate, `${path}.rate`, figures, rateFigure),
    plus: (doc.plus ?? []).map((rule, index) =>
      ruleOf(rule, `${path}.plus.${index}`, figures, rateFigure),
    ),
  }
}

function capOf(doc: CapDocument, path: string, figures: Figures): Cap {
  const amount = ruleOf(doc.amount, `${path}.amount`, figures, capFigure)
  return { kind: doc.kind, amount, counts: doc.counts ?? [] }
}

function contributionOf(figures: Figures): ContributionPlan | null {
  const { contribution } = figures.pack
  if (contribution === null) return null
  const { base, dues } = contribution
  return {
    base:
      base === null
        ? null
        : {
            counts: ruleOf(base.counts, 'contribution.base.counts', figures, flagFigure),
            floorBp: multipleOf(base.floor, 'contribution.base.floor', figures),
            ceilingBp: multipleOf(base.ceiling, 'contribution.base.ceiling', figures),
          },
    dues: dues.map((due, index) => dueOf(due, `contribution.dues.${index}`, figures)),
  }
}

function dueOf(doc: DueDocument, path: string, figures: Figures): Due {
  const { when } = doc
  return {
    id: doc.id,
    payer: doc.payer,
    to: doc.to,
    when: when === undefined ? null : ruleOf(when, `${path}.when`, figures, flagFigure),
    amount: ruleOf(doc.amount, `${path}.amount`, figures, dueFigure),
  }
}

function riskReserveOf(figures: Figures): RiskReservePlan | null {
  const { riskReserve } = figures.pack
  if (riskReserve === null) return null
  return {
    drawBp: multipleOf(riskReserve.draw, 'riskReserve.draw', figures),
    ceilingBp: multipleOf(riskReserve.ceiling, 'riskReserve.ceiling', figures),
  }
}

function multipleOf(
  doc: Cited & { readonly bp: number | null },
  path: string,
  figures: Figures,
): Leaf<number> {
  return leafOf(doc, path, figures, ({ bp }) => bp)
}

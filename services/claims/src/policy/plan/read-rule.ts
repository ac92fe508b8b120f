/** Reads one rule of the language form: a figure with its clauses, or a choice by a fact. */
import { basisPoints, type Fen, fen } from '@tongchou/contracts/money.ts'
import type {
  CapLeaf,
  Cited,
  DueLeaf,
  FenLeaf,
  FlagLeaf,
  LadderLeaf,
  PackDocument,
  RateLeaf,
  RuleDocument,
} from '@tongchou/contracts/policy-document.ts'
import type { DueAmount, FactName, Leaf, Ranges, Rate, Rule, Source } from './plan.ts'
import { type Problem, problem } from './problems.ts'
import { checkKeys, choiceOf, known, type Origin, unknown, unspecified } from './read.ts'

export type Figures = { readonly pack: PackDocument; readonly problems: Problem[] }

/** The value of a leaf; null: unknown; undefined: not exactly one figure stands there. */
type Figure<L, T> = (leaf: L) => T | null | undefined

export function ruleOf<L, T>(
  doc: RuleDocument<L>,
  path: string,
  figures: Figures,
  figure: Figure<L, T>,
): Rule<T> {
  if (doc.by === undefined) return leafOf(doc, path, figures, figure)
  const entries = Object.entries(doc.of).map(
    ([key, child]) => [key, ruleOf(child, `${path}.${key}`, figures, figure)] as const,
  )
  if (doc.by === 'age') return rangesOf(entries, path, figures)
  const fact = factOf(doc.by, path, figures)
  const keys = entries.map(([key]) => key)
  checkKeys(fact, keys, { path, scheme: figures.pack.scheme, problems: figures.problems })
  const choice = choiceOf(fact, entries, path)
  if (doc.else === undefined) return choice
  return { ...choice, otherwise: ruleOf(doc.else, `${path}.else`, figures, figure) }
}

function factOf(by: string, path: string, { pack, problems }: Figures): FactName {
  if (by === 'status' || by === 'level' || by === 'filing' || by === 'year') return by
  const attribute = by.slice('attribute.'.length)
  const declared = Object.hasOwn(pack.attributes, attribute)
    ? pack.attributes[attribute]
    : undefined
  if (declared === undefined) problems.push(problem(path, 'unknown-attribute', attribute))
  const fallback = declared?.default ?? null
  return { attribute, fallback: fallback === null ? null : String(fallback) }
}

const AGES = /^(\d{0,3})\.\.(\d{0,3})$/
const OLDEST = 999

function rangesOf<T>(
  entries: readonly (readonly [string, Rule<T>])[],
  path: string,
  { problems }: Figures,
): Ranges<T> {
  const ranges = entries.map(([key, rule]) => {
    const [, from = '', to = ''] = AGES.exec(key) ?? []
    const wrong = !AGES.test(key)
    if (wrong) problems.push(problem(path, 'not-an-age-range', key))
    return { from: Number(from), to: to === '' ? OLDEST : Number(to), rule }
  })
  for (const [index, { from, to }] of ranges.entries()) {
    const before = ranges[index - 1]
    if (to < from || (before !== undefined && from <= before.to)) {
      problems.push(problem(path, 'not-an-age-range', `${from}..${to}`))
    }
  }
  const otherwise = unknown<T>(path, unspecified(path), { sources: [], readings: [] })
  return { kind: 'ranges', ranges, otherwise, path }
}

export function leafOf<L, T>(
  doc: L & Cited,
  path: string,
  figures: Figures,
  figure: Figure<L, T>,
): Leaf<T> {
  const value = figure(doc)
  const origin = originOf(doc, path, figures)
  if (value === undefined) {
    figures.problems.push(problem(path, 'not-one-figure', 'none or several'))
    return unknown(path, unspecified(path), origin)
  }
  if (value === null) return unknownOf(doc, path, { figures, origin })
  if (origin.sources.length + origin.readings.length === 0) {
    figures.problems.push(problem(path, 'number-without-source', 'neither'))
  }
  return known(value, path, origin)
}

function unknownOf<T>(
  doc: Cited,
  path: string,
  { figures, origin }: { readonly figures: Figures; readonly origin: Origin },
): Leaf<T> {
  if (doc.missing !== undefined) return unknown(path, doc.missing, origin)
  figures.problems.push(problem(path, 'unknown-without-reason', 'null'))
  return unknown(path, unspecified(path), origin)
}

/** Looks up what a figure cites; names that are listed nowhere are problems. */
export function originOf(doc: Cited, path: string, { pack, problems }: Figures): Origin {
  const sources: Source[] = []
  for (const clause of listOf(doc.clause)) {
    const found = Object.hasOwn(pack.clauses, clause) ? pack.clauses[clause] : undefined
    if (found === undefined) problems.push(problem(path, 'unknown-clause', clause))
    else sources.push({ document: documentOf(found.document, pack), clause, quote: found.quote })
  }
  const readings = listOf(doc.reading).flatMap(name => {
    const found = Object.hasOwn(pack.readings, name) ? pack.readings[name] : undefined
    if (found === undefined) problems.push(problem(path, 'unknown-reading', name))
    return found === undefined ? [] : [found]
  })
  return { sources, readings }
}

function documentOf(id: string, pack: PackDocument): string {
  const found = Object.hasOwn(pack.documents, id) ? pack.documents[id] : undefined
  if (found === undefined) return id
  return found.number === null ? found.title : `${found.title}（${found.number}）`
}

function listOf(names: string | readonly string[] | undefined): readonly string[] {
  if (names === undefined) return []
  return typeof names === 'string' ? [names] : names
}

export function fenFigure({ fen: amount }: FenLeaf): Fen | null {
  return amount === null ? null : fen(amount)
}

export function capFigure({
  fen: amount,
  unlimited,
}: CapLeaf): Fen | 'unlimited' | null | undefined {
  if (unlimited === true) return amount === undefined ? 'unlimited' : undefined
  return amount === undefined ? undefined : fenFigure({ fen: amount })
}

export function ladderFigure({ ladderFen }: LadderLeaf): readonly Fen[] | null {
  return ladderFen === null ? null : ladderFen.map(entry => fen(entry))
}

export function rateFigure({ fundBp, personBp }: RateLeaf): Rate | null | undefined {
  if ((fundBp === undefined) === (personBp === undefined)) return undefined
  const bp = fundBp ?? personBp ?? null
  if (bp === null) return null
  return { whose: personBp === undefined ? 'fund' : 'person', bp: basisPoints(bp) }
}

export function flagFigure({ is }: FlagLeaf): boolean | null {
  return is
}

export function dueFigure({ fen: amount, baseBp }: DueLeaf): DueAmount | null | undefined {
  if ((amount === undefined) === (baseBp === undefined)) return undefined
  if (amount !== undefined && amount !== null) return { kind: 'fixed', amountFen: fen(amount) }
  if (baseBp === undefined || baseBp === null) return null
  return { kind: 'ofBase', rateBp: basisPoints(baseBp) }
}

/** Reads one rule of the language form: a figure with its clauses, or a choice by a fact. */
import { basisPoints, type Fen, fen } from '../../money.ts'
import type {
  CapLeaf,
  Cited,
  CountLeaf,
  FenLeaf,
  FlagLeaf,
  LadderLeaf,
  PackDocument,
  RateLeaf,
  RuleDocument,
} from '../../policy-document.ts'
import type { FactName, Leaf, Ranges, Rate, Rule, Source } from './plan.ts'
import { type Problem, problem } from './problems.ts'
import { checkKeys, choiceOf, known, type Origin, unknown, unspecified } from './read.ts'
import { isTotalName } from './totals.ts'

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
  const fact = factOf(doc.by, path, figures)
  const keys = entries.map(([key]) => key)
  const otherwise =
    doc.else === undefined
      ? unknown<T>(path, unspecified(path), { sources: [], readings: [] })
      : ruleOf(doc.else, `${path}.else`, figures, figure)
  if (isRanged(fact, keys)) return rangesOf(entries, { fact, otherwise, path }, figures)
  checkKeys(fact, keys, {
    path,
    scheme: figures.pack.scheme,
    problems: figures.problems,
  })
  return { ...choiceOf(fact, entries, path), otherwise }
}

const PLAIN_FACTS = [
  'status',
  'level',
  'filing',
  'year',
  'age',
  'date',
  'kind',
  'emergency',
] as const

function factOf(by: string, path: string, figures: Figures): FactName {
  const plain = PLAIN_FACTS.find(name => name === by)
  if (plain !== undefined) return plain
  if (by.startsWith('total.')) return totalFact(by.slice('total.'.length), path, figures)
  const attribute = by.slice('attribute.'.length)
  const fallback = attributeOf(attribute, path, figures)?.default ?? null
  return { attribute, fallback: fallback === null ? null : String(fallback) }
}

function totalFact(name: string, path: string, figures: Figures): FactName {
  if (isTotalName(name)) {
    checkTotal(name, path, figures)
    return { total: name }
  }
  figures.problems.push(problem(path, 'unknown-total', name))
  return { attribute: name, fallback: null }
}

/** A counter of the policy's own must be declared. */
export function checkTotal(name: string, path: string, { pack, problems }: Figures): void {
  if (!name.startsWith('own.')) return
  if (Object.hasOwn(pack.counters ?? {}, name.slice('own.'.length))) return
  problems.push(problem(path, 'unknown-total', name))
}

/** What a pack declares of an attribute; one that it does not is a problem. */
export function attributeOf(
  name: string,
  path: string,
  { pack, problems }: Figures,
): PackDocument['attributes'][string] | undefined {
  const declared = Object.hasOwn(pack.attributes, name) ? pack.attributes[name] : undefined
  if (declared === undefined) problems.push(problem(path, 'unknown-attribute', name))
  return declared
}

/** Ages, dates and totals are always chosen by range; attributes where a key is written as one. */
function isRanged(fact: FactName, keys: readonly string[]): boolean {
  if (fact === 'age' || fact === 'date') return true
  if (typeof fact === 'string') return false
  return 'total' in fact || keys.some(key => key.includes('..'))
}

type RangeAt<T> = {
  readonly fact: FactName
  readonly otherwise: Rule<T>
  readonly path: string
}

const NUMBERS = /^(\d{0,15})\.\.(\d{0,15})$/
const DATES = /^(\d{4}-\d{2}-\d{2})?\.\.(\d{4}-\d{2}-\d{2})?$/

function rangesOf<T>(
  entries: readonly (readonly [string, Rule<T>])[],
  { fact, otherwise, path }: RangeAt<T>,
  { problems }: Figures,
): Ranges<T> {
  const wrong = fact === 'age' ? 'not-an-age-range' : 'not-a-range'
  const ranges = entries.map(([key, rule]) => {
    const [, from = '', to = ''] = (fact === 'date' ? DATES : NUMBERS).exec(key) ?? []
    if (from === '' && to === '') problems.push(problem(path, wrong, key))
    return {
      from: endOf(from, Number.NEGATIVE_INFINITY),
      to: endOf(to, Number.POSITIVE_INFINITY),
      rule,
    }
  })
  for (const [index, { from, to }] of ranges.entries()) {
    const before = ranges[index - 1]
    if (to < from || (before !== undefined && from <= before.to)) {
      problems.push(problem(path, wrong, `${from}..${to}`))
    }
  }
  return { kind: 'ranges', fact, ranges, otherwise, path }
}

function endOf(text: string, open: number): number {
  return text === '' ? open : Number(text.replaceAll('-', ''))
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

export function countFigure({ count }: CountLeaf): number | null {
  return count
}

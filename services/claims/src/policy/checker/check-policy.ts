/**
 * The pack checker: what is wrong with a policy, what its sources contradict, what it cannot
 * compute, and what to do. Takes a pack, a table, or the file of a city.
 */
import {
  type CityDocument,
  looksLikeCity,
  readCity,
} from '@tongchou/contracts/city/city-document.ts'
import type { Problem } from '@tongchou/contracts/policy/rule/problems.ts'
import {
  type ConflictDocument,
  isLanguageForm,
  type PolicyDocument,
  type Text,
} from '@tongchou/contracts/policy-document.ts'
import { convertCity } from '../cities/convert.ts'
import type { Scheme } from '../facts.ts'
import { type LoadContext, type Loaded, loadPolicy } from '../load.ts'
import { conflictsOf } from './city/conflicts-of.ts'
import { isConflictRule, WORDING } from './city/wording.ts'
import { gapFindings } from './gaps.ts'
import { probe } from './probes.ts'

/**
 * `error`: the policy is refused when it is loaded; `warning`: a source contradicts itself or
 * lacks something; `note`: how something is read, or what is not computed.
 */
export type Level = 'error' | 'warning' | 'note'

export type Finding = {
  readonly level: Level
  readonly rule: string
  readonly path: string
  readonly found: string
  readonly says: Text
  readonly todo: Text
}

export type Checked = {
  /** What the text was taken for. */
  readonly form: 'city' | 'language' | 'override' | 'table' | 'unknown'
  readonly name: string
  readonly findings: readonly Finding[]
}

/** What a file is checked against beside itself. */
export type Beside = LoadContext & {
  /** Files of cities to lay a city's file beside. */
  readonly cities?: readonly CityDocument[]
}

/** Checks the text of one file. */
export function checkPolicy(text: string, beside: Beside = {}): Checked {
  const parsed = parse(text)
  if (!parsed.ok) return { form: 'unknown', name: '', findings: [notJson(parsed.message)] }
  if (looksLikeCity(parsed.value)) return checkCity(text, beside)
  const loaded = loadPolicy(parsed.value, beside)
  const form = formOf(parsed.value)
  if (!loaded.ok) return { form, name: '', findings: loaded.problems.map(asError) }
  return { form, name: loaded.plan.name.zh, findings: judge(loaded) }
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string }

function parse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

function notJson(found: string): Finding {
  return {
    level: 'error',
    rule: 'not-json',
    path: '',
    found,
    says: { en: 'the file is no JSON', zh: '文件不是 JSON' },
    todo: { en: 'correct it at the place named', zh: '在所指位置修改' },
  }
}

function formOf(value: unknown): Checked['form'] {
  if (typeof value !== 'object' || value === null || !('form' in value)) return 'table'
  return value.form === 'override' ? 'override' : 'language'
}

function asError({ path, rule, found, says, todo }: Problem): Finding {
  return { level: 'error', rule, path, found, says, todo }
}

/** Of a policy that loads: its conflicts, what looks like a slip, its readings, its gaps. */
function judge({ document, plan, warnings }: Loaded): readonly Finding[] {
  const listed = conflicts(document)
  const known = new Set(listed.map(({ rule }) => rule))
  return [
    ...listed,
    ...probe(plan).filter(({ rule }) => !known.has(rule)),
    ...warnings.map(asWarning),
    ...readings(document),
    ...gapFindings(plan),
  ]
}

function asWarning(problem: Problem): Finding {
  return { ...asError(problem), level: 'warning' }
}

function conflicts(document: PolicyDocument): readonly Finding[] {
  return isLanguageForm(document) ? (document.conflicts ?? []).map(asFinding) : []
}

const UNKNOWN_RULE = {
  level: 'warning',
  todo: { en: 'ask whoever wrote the pack', zh: '询问政策包编制者' },
} as const

function asFinding({ rule, path, found, says }: ConflictDocument): Finding {
  const { level, todo } = isConflictRule(rule) ? WORDING[rule] : UNKNOWN_RULE
  return { level, rule, path, found, says, todo }
}

const READ_SO: Text = { en: 'correct it, if it is read wrongly', zh: '如解读有误，请更正' }

function readings(document: PolicyDocument): readonly Finding[] {
  const texts = isLanguageForm(document)
    ? Object.entries(document.readings).map(([name, says]) => [`readings.${name}`, says] as const)
    : document.assumptions.map(
        (text, index) => [`assumptions.${index}`, { en: text, zh: text }] as const,
      )
  return texts.map(([path, says]) => ({
    level: 'note',
    rule: 'reading',
    path,
    found: '',
    says,
    todo: READ_SO,
  }))
}

const SCHEMES: readonly Scheme[] = ['employee', 'resident']

function checkCity(text: string, { cities = [], guards = [] }: Beside): Checked {
  const read = readCity(text)
  if (!read.ok) {
    const findings = read.problems.map(({ path, message }) => shapeError(path, message))
    return { form: 'city', name: '', findings }
  }
  const { city } = read
  const others = cities.filter(({ cityCode }) => cityCode !== city.cityCode)
  const all = [...others, city]
  const found = SCHEMES.flatMap(scheme => conflictsOf(city, scheme, all).map(asFinding))
  const loaded = SCHEMES.map(scheme => loadPolicy(convertCity(city, scheme, []), { guards }))
  const errors = loaded.flatMap(each => (each.ok ? [] : each.problems.map(asError)))
  const below = loaded.flatMap(each => (each.ok ? each.warnings.map(asWarning) : []))
  const findings = [...errors, ...below, ...distinct(found)]
  return { form: 'city', name: city.cityName, findings }
}

function shapeError(path: string, found: string): Finding {
  return {
    level: 'error',
    rule: 'shape',
    path,
    found,
    says: { en: 'the file has another shape than its schema', zh: '文件结构与模式不符' },
    todo: {
      en: 'correct the field as contracts/policies/city.schema.json says',
      zh: '按 contracts/policies/city.schema.json 修改',
    },
  }
}

/** What holds for both packages is said once. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byPlace = new Map(
    findings.map(found => [`${found.rule} ${found.path} ${found.found}`, found]),
  )
  return [...byPlace.values()]
}

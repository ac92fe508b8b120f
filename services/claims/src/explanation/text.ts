/** An explanation as plain text: short for patients, every step with its clause for the clerk. */
import type { ExplanationJson } from '@tongchou/contracts/http/account.ts'
import {
  ANSWERS,
  INPUTS,
  type Language,
  money,
  PARTS,
  PAYERS,
  PHRASES,
  percent,
  phrase,
} from './words.ts'

type Told = Omit<ExplanationJson, 'text'>
type Step = Told['steps'][number]

/** Both readers, both languages. */
export function textOf(told: Told): ExplanationJson['text'] {
  return {
    patient: { zh: patientText(told, 'zh'), en: patientText(told, 'en') },
    clerk: { zh: clerkText(told, 'zh'), en: clerkText(told, 'en') },
  }
}

function patientText(told: Told, language: Language): string {
  const { shares, layers, lines, policy } = told
  const yuan = (amountFen: number) => money(amountFen, language)
  const say = (key: keyof typeof PHRASES, ...values: string[]) =>
    phrase(PHRASES[key], language, ...values)
  const parts = Object.entries(PARTS).flatMap(([name, words]) => {
    const amountFen = shares[name as keyof typeof PARTS]
    return amountFen === 0 ? [] : [`  ${words[language]}: ${yuan(amountFen)}`]
  })
  const ofLines = (lines ?? []).map(
    line => `  ${say('line', line.name, yuan(line.amountFen), yuan(line.cashFen))}`,
  )
  return [
    say('title'),
    ...undone(told, language),
    say('total', yuan(shares.totalFen)),
    ...parts,
    ...(shares.deductibleFen === 0 ? [] : [say('deductible', yuan(shares.deductibleFen))]),
    ...layers.map(({ fund, amountFen }) => say('paid', payerOf(fund, language), yuan(amountFen))),
    say('cash', yuan(shares.cashFen)),
    ...(ofLines.length === 0 ? [] : [`${say('lines')}:`, ...ofLines]),
    say('policy', policy[language]),
    `${say('documents')}:`,
    ...documentsOf(told.steps).map(document => `  ${document}`),
  ].join('\n')
}

function clerkText(told: Told, language: Language): string {
  const { claimId, policy, packHash, steps, assumptions, shares, layers } = told
  const say = (key: keyof typeof PHRASES, ...values: string[]) =>
    phrase(PHRASES[key], language, ...values)
  return [
    say('clerkTitle', claimId),
    ...undone(told, language),
    say('policy', policy[language]),
    say('pack', packHash),
    ...steps.flatMap(step => stepText(step, language)),
    ...layers.map(({ fund, layer, amountFen }) =>
      say('paid', `${payerOf(fund, language)} (${layer}, ${fund})`, money(amountFen, language)),
    ),
    say('cash', money(shares.cashFen, language)),
    ...assumptions.map(text => say('assumption', text[language])),
  ].join('\n')
}

function undone({ counts }: Told, language: Language): readonly string[] {
  return counts ? [] : [PHRASES.undone[language]]
}

function stepText(step: Step, language: Language): readonly string[] {
  const { number, of, layer, inputs, figures, rounding } = step
  const result = valueText(resultName(step), step.result, language)
  const into = of === null ? '' : ` (${phrase(PHRASES.partOf, language, String(of))})`
  const given = Object.entries(inputs)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      const words = INPUTS[name]?.[language] ?? name
      return `${words} ${valueText(name, value, language)}`
    })
  const clauses = figures.flatMap(({ path, value, sources, readings }) => [
    ...sources.map(({ document, clause, quote }) => {
      const words = quote === null ? '' : `: ${quote}`
      return `     ${PHRASES.clause[language]} ${document} ${clause}${words} [${path}]`
    }),
    ...readings.map(text => `     ${PHRASES.reading[language]} ${text[language]} [${path}]`),
    ...(sources.length + readings.length === 0 ? [`     [${path}] ${String(value)}`] : []),
  ])
  return [
    `${String(number).padStart(3)}. ${step[language]} [${layer}] = ${result}${into}`,
    ...(given.length === 0 ? [] : [`     ${PHRASES.from[language]} ${given.join('; ')}`]),
    ...clauses,
    ...(rounding === null ? [] : [`     ${PHRASES.rounding[language]}`]),
  ]
}

/** The unit of a result is that of the step: a rate, a count, a name, else an amount. */
function resultName({ name }: Step): string {
  if (name === 'pooledRate') return 'rateBp'
  if (name === 'stays' || typeof name !== 'string') return 'position'
  return name === 'waiting' || name === 'filing' ? 'name' : 'resultFen'
}

function valueText(name: string, value: unknown, language: Language): string {
  if (typeof value === 'boolean') return ANSWERS[value ? 'yes' : 'no'][language]
  if (typeof value !== 'number') return String(value)
  if (name.endsWith('Fen')) return money(value, language)
  return name.endsWith('Bp') ? percent(value) : String(value)
}

function payerOf(fund: string, language: Language): string {
  const payer = fund.split('.').at(-1) ?? fund
  return PAYERS[payer]?.[language] ?? fund
}

function documentsOf(steps: readonly Step[]): readonly string[] {
  const sources = steps.flatMap(({ figures }) => figures.flatMap(figure => figure.sources))
  return [...new Set(sources.map(({ document }) => document))]
}

/** Random persons of one subject through both programs until so many claims are compared. */
import { diceOf, seedOf } from '../random/dice.ts'
import { type Case, randomCase } from '../random/person.ts'
import { type Compared, compare, type Figures } from './compare.ts'
import { shrink } from './shrink.ts'
import type { Subject } from './subjects.ts'

export type Asked = {
  readonly claims: number
  readonly seed: number
  /** Only this person of the run. */
  readonly person: number | null
}

/** The first difference, made small. */
export type Found = {
  readonly person: number
  /** What was done, a step a line. */
  readonly steps: readonly string[]
  /** Where the two differ. */
  readonly place: string
  readonly oracle: Figures
  readonly engine: Figures
}
export type Row = {
  readonly name: string
  readonly claims: number
  /** Those that both say no rule computes. */
  readonly refused: number
  /** Persons whose histories differ. */
  readonly differences: number
  readonly seconds: number
  readonly first: Found | null
  /** Why nothing could be compared. */
  readonly why: string | null
  /** What was left out of the comparison, and why. */
  readonly open: string | null
}

export function notRun(name: string, why: string | null): Row {
  return { name, claims: 0, refused: 0, differences: 0, seconds: 0, first: null, why, open: null }
}

export function runSubject(subject: Subject, asked: Asked): Row {
  const { name } = subject
  if (!subject.ready) return notRun(name, subject.why)
  const settle = (whole: Case): Compared => compare(subject, whole)
  const row = counted(name, asked, person => {
    const dice = diceOf(seedOf(asked.seed, name, person))
    const whole = randomCase(dice, subject.world, subject.policy)
    const { claims, refused, difference } = settle(whole)
    const found = difference === null ? null : () => smallest(person, whole, settle)
    return { claims, refused, found }
  })
  return { ...row, open: subject.open?.because ?? null }
}

type One = {
  readonly claims: number
  readonly refused: number
  /** Makes what differs small; null where nothing does. */
  readonly found: (() => Found) | null
}

/** Goes on with the next person until enough is compared; the first difference is made small. */
export function counted(name: string, asked: Asked, one: (person: number) => One): Row {
  const started = performance.now()
  let [claims, refused, differences] = [0, 0, 0]
  let first: Found | null = null
  for (let person = asked.person ?? 0; claims < asked.claims; person += 1) {
    const done = one(person)
    claims += done.claims
    refused += done.refused
    if (done.found !== null) {
      differences += 1
      first ??= done.found()
    }
    if (asked.person !== null) break
  }
  const seconds = (performance.now() - started) / 1000
  return { name, claims, refused, differences, seconds, first, why: null, open: null }
}

function smallest(person: number, whole: Case, settle: (smaller: Case) => Compared): Found {
  const { opening, steps } = shrink(whole, smaller => settle(smaller).difference !== null)
  const { difference } = settle({ opening, steps })
  if (difference === null) throw new Error('the shrunk history no longer differs')
  const { at, oracle, engine } = difference
  const place = at < steps.length ? `step ${at + 1}` : 'the totals of a year'
  const account = opening === 0n ? [] : [`an account of ${opening}`]
  return { person, steps: [...account, ...steps.map(written)], place, oracle, engine }
}

export function written(step: unknown): string {
  return JSON.stringify(step, (_, value) => (typeof value === 'bigint' ? Number(value) : value))
}

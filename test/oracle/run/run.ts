/** Random persons of one subject through both programs until so many claims are compared. */
import { diceOf, seedOf } from '../random/dice.ts'
import { type Case, randomCase } from '../random/person.ts'
import { type Compared, compare, type Difference } from './compare.ts'
import { shrink } from './shrink.ts'
import type { Subject } from './subjects.ts'

export type Asked = {
  readonly claims: number
  readonly seed: number
  /** Only this person of the run. */
  readonly person: number | null
}

export type Found = {
  readonly person: number
  readonly shrunk: Case
  readonly difference: Difference
}
export type Row = {
  readonly name: string
  readonly claims: number
  readonly refused: number
  /** Persons whose histories differ. */
  readonly differences: number
  readonly seconds: number
  readonly first: Found | null
  /** Why nothing could be compared. */
  readonly why: string | null
}

export function runSubject(subject: Subject, asked: Asked): Row {
  const { name } = subject
  const none = { name, claims: 0, refused: 0, differences: 0, seconds: 0, first: null }
  if (!subject.ready) return { ...none, why: subject.why }
  const started = performance.now()
  const settle = (whole: Case): Compared => compare(subject, whole)
  let claims = 0
  let refused = 0
  let differences = 0
  let first: Found | null = null
  for (let person = asked.person ?? 0; claims < asked.claims; person += 1) {
    const dice = diceOf(seedOf(asked.seed, name, person))
    const whole = randomCase(dice, subject.world, subject.policy)
    const compared = settle(whole)
    claims += compared.claims
    refused += compared.refused
    if (compared.difference !== null) {
      differences += 1
      first ??= smallest(person, whole, settle)
    }
    if (asked.person !== null) break
  }
  const seconds = (performance.now() - started) / 1000
  return { name, claims, refused, differences, seconds, first, why: null }
}

function smallest(person: number, whole: Case, settle: (smaller: Case) => Compared): Found {
  const shrunk = shrink(whole, smaller => settle(smaller).difference !== null)
  const { difference } = settle(shrunk)
  if (difference === null) throw new Error('the shrunk history no longer differs')
  return { person, shrunk, difference }
}

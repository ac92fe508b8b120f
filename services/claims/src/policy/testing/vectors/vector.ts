/** A computed vector as contracts/policies/vectors holds it, its inputs in the engine's types. */
import assert from 'node:assert/strict'
import { type Fen, fen } from '@tongchou/contracts/money.ts'

export type Figures = Readonly<Record<string, unknown>>
export type Vector = {
  readonly id: string
  readonly fn: string
  readonly pack: string
  readonly input: Figures
  readonly expect: Figures
}

/** What the engine makes of the inputs, by the names that the vectors use. */
export type Runner = (vector: Vector) => Figures

/** Text of an input; one that the vector does not give counts as 0. */
export function text({ input }: Vector, name: string): string {
  return String(input[name] ?? 0)
}

export function money(vector: Vector, name: string): Fen {
  return fen(BigInt(text(vector, name)))
}

export function flag(vector: Vector, name: string): boolean {
  return text(vector, name) === 'true'
}

export function list({ input }: Vector, name: string): readonly Fen[] {
  const values = input[name]
  assert.ok(Array.isArray(values))
  return values.map(value => fen(Number(value)))
}

/** A decimal number as an integer of millionths, without a float in between. */
export function millionths(vector: Vector, name: string): bigint {
  const [whole = '0', rest = ''] = text(vector, name).split('.')
  return BigInt(whole + rest.padEnd(6, '0'))
}

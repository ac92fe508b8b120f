/** Deductibles of retirees that only a text gives, no field. */
import type { Scheme } from '../../facts.ts'
import { scaled } from '../decimal.ts'
import { type Block, statementsOf } from './statements.ts'

export type TextFigure = { readonly fen: bigint; readonly where: string; readonly quote: string }

/** A text with its place in the file. */
export type Place = { readonly where: string; readonly text: string }

/** The retirees' deductible, from the first text that states exactly one. */
export function retireeDeductible(
  places: readonly Place[],
  about: { readonly scheme: Scheme; readonly block: Block },
): TextFigure | null {
  for (const { where, text } of places) {
    const amounts = statementsOf(text, { ...about, what: 'deductible' })
      .filter(
        ({ what, status, block }) =>
          what === 'deductible' && status === 'retired' && block === about.block,
      )
      .map(({ low }) => low)
    const [first] = amounts
    if (first !== undefined) return { fen: first, where, quote: text }
  }
  return null
}

export type Reduction = { readonly lessFen: bigint; readonly floorFen: bigint } & Place

/** 退休人员起付标准在在职职工基础上降低100元（最低不低于100元） */
export function retireeReduction(places: readonly Place[]): Reduction | null {
  for (const place of places) {
    const [, less, floor] =
      /退休人员起付(?:标准|线)(?:在在职职工基础上)?降低(\d+)元（最低(?:不低于)?(\d+)元）/.exec(
        place.text,
      ) ?? []
    if (less !== undefined && floor !== undefined) {
      return { ...place, lessFen: scaled(less, 2), floorFen: scaled(floor, 2) }
    }
  }
  return null
}

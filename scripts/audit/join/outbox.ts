/** The joins between stores, and what one thread has for them. */
import { Records } from './records.ts'

/** Who says it first, and who must say the same: clearing and claims, claims and clearing, … */
export const JOINS = ['facts', 'shares', 'credits', 'books'] as const
export type JoinName = (typeof JOINS)[number]
export type Side = 'said' | 'repeated'

export type Block = {
  readonly name: JoinName
  readonly side: Side
  readonly count: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

export class Outbox implements Readonly<Record<JoinName, Sides>> {
  readonly facts = newSides()
  readonly shares = newSides()
  readonly credits = newSides()
  readonly books = newSides()

  blocks(): Block[] {
    return JOINS.flatMap(name =>
      (['said', 'repeated'] as const).flatMap(side => {
        const records = this[name][side]
        const { count } = records
        return count === 0 ? [] : [{ name, side, count, bytes: records.release() }]
      }),
    )
  }
}

type Sides = Readonly<Record<Side, Records>>

function newSides(): Sides {
  return { said: new Records(), repeated: new Records() }
}

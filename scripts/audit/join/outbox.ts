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

export class Outbox {
  readonly #records = new Map<string, Records>()

  of(name: JoinName, side: Side): Records {
    const key = `${name} ${side}`
    const known = this.#records.get(key)
    if (known !== undefined) return known
    const made = new Records()
    this.#records.set(key, made)
    return made
  }

  blocks(): Block[] {
    return JOINS.flatMap(name =>
      (['said', 'repeated'] as const).flatMap(side => {
        const records = this.#records.get(`${name} ${side}`)
        if (records === undefined) return []
        const { count } = records
        return [{ name, side, count, bytes: records.release() }]
      }),
    )
  }
}

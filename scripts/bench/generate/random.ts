/** Seeded numbers: the same seed gives the same persons and claims on every machine. */

export type Random = {
  /** An integer from 0 to `below` - 1. */
  readonly below: (below: number) => number
  /** From `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number
  /** True in `percent` of 100 cases. */
  readonly chance: (percent: number) => boolean
  readonly pick: <T>(of: readonly T[]) => T
}

/** Mulberry32: 32 bits of state, which is plenty for data that only have to look real. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: percent => below(10_000) < percent * 100,
    pick: of => {
      const found = of[below(of.length)]
      if (found === undefined) throw new RangeError('nothing to pick from')
      return found
    },
  }
}

/** A seed for the `index`-th thing of its kind, far from those of its neighbours. */
export function seedOf(seed: number, index: number): number {
  return Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) >>> 0
}

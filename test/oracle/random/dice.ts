/** Random choices that one number repeats. */

export type Dice = {
  /** A whole number in [from, to]. */
  readonly between: (from: number, to: number) => number
  readonly chance: (probability: number) => boolean
  readonly oneOf: <T>(values: readonly T[]) => T
  /** In [from, to], as many small ones as big ones. */
  readonly amount: (from: bigint, to: bigint) => bigint
}

/** Mulberry32, whose quality is enough to wander over histories. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (from: number, to: number) => from + Math.floor(roll() * (to - from + 1))
  return {
    between,
    chance: probability => roll() < probability,
    oneOf: values => {
      const chosen = values[between(0, values.length - 1)]
      if (chosen === undefined) throw new RangeError('nothing to choose from')
      return chosen
    },
    amount: (from, to) => {
      const low = Math.log(Number(from) + 1)
      const high = Math.log(Number(to) + 1)
      const value = BigInt(Math.floor(Math.exp(low + roll() * (high - low)))) - 1n
      return value < from ? from : value > to ? to : value
    },
  }
}

/** One number for a run, a name in it and a place in its list (FNV-1a). */
export function seedOf(seed: number, name: string, index: number): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(`${seed} ${name} ${index}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return hash >>> 0
}

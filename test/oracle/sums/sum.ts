/** Sums without a history: premiums, reserves, the split of a line. One random input at a time. */
import { type Dice, diceOf, seedOf } from '../random/dice.ts'
import { type Figures, same } from '../run/compare.ts'
import { type Asked, counted, type Found, notRun, type Row, written } from '../run/run.ts'

export type Value = bigint | number | string | boolean | null
export type Input = Readonly<Record<string, Value>>
export type Sum = {
  readonly name: string
  readonly sample: (dice: Dice) => Input
  /** Figures that are not compared, and why. */
  readonly open?: { readonly figures: readonly string[]; readonly because: string }
  /** One in so many is run, where each takes its time. */
  readonly share?: number
  /** `{ result: 'no rule' }` where the words give none. */
  readonly oracle: (input: Input) => Figures
  /** A text where the product has nothing to compare with. */
  readonly engine: ((input: Input) => Figures) | string
}

export const NO_RULE: Figures = { result: 'no rule' }

export function runSum(sum: Sum, asked: Asked): Row {
  const { name, sample, oracle, engine, open, share = 1 } = sum
  if (typeof engine === 'string') return notRun(name, engine)
  const claims = Math.ceil(asked.claims / share)
  const agree = (wanted: Figures, got: Figures) => same(wanted, got, open?.figures)
  const row = counted(name, { ...asked, claims }, person => {
    const input = sample(diceOf(seedOf(asked.seed, name, person)))
    const wanted = oracle(input)
    const refused = wanted['result'] === 'no rule' ? 1 : 0
    if (agree(wanted, engine(input))) return { claims: 1, refused, found: null }
    return { claims: 1, refused, found: () => smallest(person, input, { oracle, engine, agree }) }
  })
  return { ...row, open: open?.because ?? null }
}

type Both = {
  readonly oracle: (i: Input) => Figures
  readonly engine: (i: Input) => Figures
  readonly agree: (wanted: Figures, got: Figures) => boolean
}

function smallest(person: number, input: Input, { oracle, engine, agree }: Both): Found {
  let best = input
  let improved = true
  while (improved) {
    const smaller = candidates(best).find(each => !agree(oracle(each), engine(each)))
    improved = smaller !== undefined
    best = smaller ?? best
  }
  const found = { oracle: oracle(best), engine: engine(best) }
  return { person, steps: [written(best)], place: 'the sum', ...found }
}

function candidates(input: Input): readonly Input[] {
  return Object.entries(input).flatMap(([name, value]) =>
    typeof value === 'bigint' && value > 0n
      ? [...new Set([0n, value / 2n, value - (value % 1000n), value - 1n])]
          .filter(smaller => smaller < value)
          .map(smaller => ({ ...input, [name]: smaller }))
      : [],
  )
}

export function big(input: Input, name: string): bigint {
  const value = input[name]
  if (typeof value !== 'bigint') throw new TypeError(`${name} is no amount`)
  return value
}

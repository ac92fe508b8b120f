/**
 * Random persons: what happens to one over two years, with amounts on and beside every threshold
 * that the oracle knows of.
 */
import {
  type Claim,
  type Filing,
  type Kind,
  LEVELS,
  type Level,
  type NoRule,
  type Paid,
  type Policy,
  type Settled,
  yearOf,
} from '../words/claim.ts'
import { plusDays } from '../words/days.ts'
import type { Dice } from './dice.ts'

/** A claim sent in, or the last one that stands taken back. */
export type Step = Claim | 'reverse'
export type Case = { readonly opening: bigint; readonly steps: readonly Step[] }

/** What a policy's persons are like. */
export type World = {
  readonly home: string
  /** Regions where one may be treated besides. */
  readonly elsewhere: readonly string[]
  readonly statuses: readonly string[]
  /** The years that claims end in: the first and how many. */
  readonly firstYear: number
  readonly years: number
  readonly kinds: readonly Kind[]
  readonly says: Readonly<Record<string, readonly (boolean | number | string)[]>>
  /** What a claim tells that hangs on its amount. */
  readonly tells: (dice: Dice, claim: Claim) => Claim['says']
}

const MOST = 2_000_000_000n
/** Nobody's bill, but exact all the same. */
const BEYOND = 900_000_000_000_000n

export function randomCase(dice: Dice, world: World, policy: Policy): Case {
  const opening = dice.oneOf([0n, 1n, dice.amount(0n, 5_000_000n)])
  // One in a hundred is in hospital all year long: long ladders have a last entry too.
  const isHeavy = dice.chance(0.01) && world.kinds.includes('inpatient')
  const draw = isHeavy ? staysOfAYear(dice, world) : habits(dice, world)
  const steps: Step[] = []
  let standing: readonly Settled[] = []
  const count = isHeavy ? dice.between(20, 50) : dice.between(1, 9)
  for (let at = 0; at < count; at += 1) {
    if (standing.length > 0 && dice.chance(isHeavy ? 0.02 : 0.12)) {
      steps.push('reverse')
      standing = standing.slice(0, -1)
      continue
    }
    const bare = draw(at / count)
    const history = { earlier: standing, opening }
    const whole = { ...bare, inScope: inScope(dice, policy.edges(bare, history)) }
    const claim = { ...whole, says: { ...whole.says, ...world.tells(dice, whole) } }
    steps.push(claim)
    const paid = policy.settle(claim, history)
    if (isPaid(paid)) standing = [...standing, { claim, paid }]
  }
  return { opening, steps }
}

export function isPaid(result: Paid | NoRule): result is Paid {
  return !('noRule' in result)
}

/** Small, anywhere, or within two fen of a threshold. */
function inScope(dice: Dice, edges: readonly bigint[]): bigint {
  if (edges.length > 0 && dice.chance(0.5)) {
    const beside = dice.oneOf(edges) + BigInt(dice.between(-2, 2))
    if (beside >= 0n && beside <= MOST) return beside
  }
  if (dice.chance(0.05)) return dice.oneOf([0n, 1n, 2n])
  if (dice.chance(0.005)) return dice.amount(MOST, BEYOND)
  return dice.amount(1000n, dice.chance(0.2) ? MOST : 10_000_000n)
}

/** What stays the same for a person: level preferred, status and the day it changes. */
function habits(dice: Dice, world: World): (progress: number) => Claim {
  const first = dice.oneOf(world.statuses)
  const changed = dice.chance(0.2) ? dice.oneOf(world.statuses) : first
  const changesOn = randomDay(dice, world, dice.between(0, world.years - 1))
  const favourite = dice.oneOf(LEVELS)
  const bornYear = world.firstYear - dice.oneOf([dice.between(0, 90), 19, 35, 36, 45, 46, 60, 70])
  const usual = sayings(dice, world)
  return progress => {
    const kind = dice.oneOf(world.kinds)
    const { beginOn, endOn } = days(dice, world, kind, progress)
    const treating = dice.chance(0.55) ? world.home : dice.oneOf(world.elsewhere)
    return {
      kind,
      level: levelOf(dice, kind, favourite),
      status: endOn >= changesOn ? changed : first,
      age: Math.max(0, Number(endOn.slice(0, 4)) - bornYear),
      beginOn,
      endOn,
      emergency: dice.chance(0.3),
      home: world.home,
      treating,
      filings: treating === world.home ? [] : filings(dice, beginOn, endOn),
      ...outOfScope(dice),
      inScope: 0n,
      useAccount: dice.chance(0.4),
      says: dice.chance(0.8) ? usual : sayings(dice, world),
    }
  }
}

/** Stays of one year at one level, one after the other. */
function staysOfAYear(dice: Dice, world: World): (progress: number) => Claim {
  const draw = habits(dice, { ...world, kinds: ['inpatient'] })
  const level = dice.oneOf(LEVELS)
  const firstDay = `${world.firstYear + dice.between(0, world.years - 1)}-01-01`
  return progress => {
    const day = plusDays(firstDay, Math.floor(progress * 360))
    return { ...draw(progress), level, beginOn: day, endOn: plusDays(day, dice.between(0, 4)) }
  }
}

function levelOf(dice: Dice, kind: Kind, favourite: Level): Level | null {
  if (kind === 'pharmacy') return null
  return dice.chance(0.5) ? favourite : dice.oneOf(LEVELS)
}

function sayings(dice: Dice, world: World): Claim['says'] {
  return Object.fromEntries(
    Object.entries(world.says).map(([name, values]) => [name, dice.oneOf(values)]),
  )
}

function outOfScope(dice: Dice): Pick<Claim, 'fullSelf' | 'overLimit' | 'firstShare'> {
  const some = () => (dice.chance(0.6) ? 0n : dice.amount(1n, 500_000n))
  return { fullSelf: some(), overLimit: some(), firstShare: some() }
}

function randomDay(dice: Dice, { firstYear }: World, offset: number): string {
  return plusDays(`${firstYear + offset}-01-01`, dice.between(0, 364))
}

/** Mostly in order; some late bills, some stays over New Year. */
function days(
  dice: Dice,
  world: World,
  kind: Kind,
  progress: number,
): Pick<Claim, 'beginOn' | 'endOn'> {
  const turn = `${world.firstYear + dice.between(0, world.years - 2)}-12-31`
  const span = world.years * 365 - 130
  const inOrder = plusDays(`${world.firstYear}-01-01`, Math.floor(progress * span))
  const endOn = dice.chance(0.1)
    ? randomDay(dice, world, dice.between(0, world.years - 1))
    : dice.chance(0.1)
      ? plusDays(turn, dice.between(0, 2))
      : plusDays(inOrder, dice.between(0, 60))
  return { beginOn: kind === 'inpatient' ? plusDays(endOn, -dice.between(0, 20)) : endOn, endOn }
}

const FILING_KINDS: readonly Filing['kind'][] = [
  'longTermResidence',
  'retireeResettled',
  'postedWorker',
  'referral',
  'temporary',
]

/** None, one or two, their days on both sides of what counts. */
function filings(dice: Dice, beginOn: string, endOn: string): readonly Filing[] {
  return Array.from({ length: dice.oneOf([0, 1, 1, 2]) }, () => {
    const validFrom = plusDays(endOn, dice.oneOf([-400, -30, -1, 0, 1]))
    return {
      kind: dice.oneOf(FILING_KINDS),
      filedOn: plusDays(endOn, dice.oneOf([-400, -30, -1, 0, 1])),
      validFrom,
      validTo: dice.chance(0.4) ? null : plusDays(beginOn, dice.oneOf([-1, 0, 1, 400])),
    }
  })
}

/** The years in which claims of the case end. */
export function yearsOf({ steps }: Case): readonly string[] {
  return [...new Set(steps.flatMap(step => (step === 'reverse' ? [] : [yearOf(step)])))].sort()
}

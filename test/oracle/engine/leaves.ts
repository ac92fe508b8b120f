/**
 * What an explanation says, computed again from its leaves alone: the amounts and figures that each
 * step names, with the oracle's arithmetic. A step whose own inputs do not give its result is
 * named; so is a tree whose steps do not all lead to its root.
 */
import type { Claim } from '../words/claim.ts'
import { totalOf } from '../words/claim.ts'
import { notBelowZero, overlap, part, smaller, total } from '../words/fen.ts'
import type { Payment } from '../words/lines.ts'

type Value = bigint | number | string | boolean | null
export type ToldStep = {
  readonly name: string
  readonly layer: string
  readonly inputs: Readonly<Record<string, Value>>
  readonly figures: readonly { readonly path: string; readonly value: Value }[]
  readonly result: Value
}
export type Place = { readonly number: number; readonly of: number | null }

export type FromLeaves = {
  readonly branch: string
  readonly deductible: bigint
  /** Layers that pay something, the account last. */
  readonly payments: readonly Payment[]
  readonly cash: bigint
}

/** What the steps of a claim come to, or which of them does not follow. */
export function fromLeaves(steps: readonly ToldStep[], claim: Claim): FromLeaves | string {
  const reading = new Reading(claim)
  try {
    for (const step of steps) reading.read(step)
  } catch (fault) {
    if (fault instanceof RangeError) return fault.message
    throw fault
  }
  return reading.end()
}

/** Every step but one is a part of a later step, and the last is the root. */
export function treeFault(places: readonly Place[]): string | null {
  const roots = places.filter(({ of }) => of === null)
  if (roots.length !== 1 || roots[0]?.number !== places.length) return 'the tree has no one root'
  const lost = places.find(
    ({ number, of }, at) => number !== at + 1 || (of ?? number + 1) <= number,
  )
  return lost === undefined ? null : `step ${lost.number} is a part of none that comes later`
}

type Done = {
  /** What of the claim the layer shares. */
  readonly word: string
  readonly basis: bigint
  readonly inside: bigint
  readonly due: bigint
  readonly paid: bigint
}

/** Reads steps in their order; the parts of the layer that is being read are kept until it pays. */
class Reading {
  #branch = ''
  #deductible = 0n
  #left: bigint | null = null
  #end: bigint | null = null
  #room: bigint | null = null
  #bands: ToldStep[] = []
  #account: bigint = 0n
  #cash: bigint | null = null
  readonly #layers = new Map<string, Done>()
  readonly #claim: Claim

  constructor(claim: Claim) {
    this.#claim = claim
  }

  read(step: ToldStep): void {
    const computed = this.#resultOf(step)
    if (computed === null) return
    if (step.result === null || BigInt(step.result) !== computed) throw differs(step, computed)
  }

  /** Null: a step that only says by which branch or flag the claim goes on. */
  #resultOf(step: ToldStep): bigint | null {
    switch (step.name) {
      case 'filing':
        this.#branch = String(step.result)
        return null
      case 'deductibleRoom':
        this.#left = notBelowZero(figure(step) - amount(step, 'usedFen'))
        return this.#left
      case 'deductible':
        this.#deductible = deductibleOf(step, this.#claim, this.#left)
        return this.#deductible
      case 'end':
        this.#end = BigInt(step.result ?? 0)
        return null
      case 'band':
        this.#bands.push(step)
        return null
      case 'due':
        return this.#due(step)
      case 'room':
        this.#room = notBelowZero(capOf(step) - amount(step, 'usedFen'))
        return this.#room
      case 'paid':
        return this.#paid(step)
      case 'account':
        this.#account = smaller(mayUse(step), this.#open(step))
        return this.#account
      case 'cash':
        this.#cash = totalOf(this.#claim) - this.#funds() - this.#account
        return this.#cash
      default:
        return null
    }
  }

  end(): FromLeaves | string {
    if (this.#cash === null) return 'nothing says what is paid in cash'
    const payments = [...this.#layers].map(([layer, { paid }]) => ({ layer, amount: paid }))
    const all = [...payments, { layer: 'account', amount: this.#account }]
    return {
      branch: this.#branch,
      deductible: this.#deductible,
      payments: all.filter(({ amount: paid }) => paid > 0n),
      cash: this.#cash,
    }
  }

  #funds(): bigint {
    return total([...this.#layers.values()].map(({ paid }) => paid))
  }

  #due(step: ToldStep): bigint {
    const { layer } = step
    const basis = this.#basis(step)
    const shares = this.#bands.map(band => bandShare(band, layer, { basis, end: this.#end }))
    const due = total(shares.map(({ fund }) => fund))
    const inside = total(shares.map(({ inBand }) => inBand))
    if (inside !== amount(step, 'insideFen')) throw differs(step, `${inside} inside`)
    const word = String(step.inputs['basis'])
    this.#layers.set(layer, { word, basis, inside, due, paid: 0n })
    this.#bands = []
    this.#end = null
    return due
  }

  #paid(step: ToldStep): bigint {
    const done = this.#layers.get(step.layer)
    if (done === undefined) throw differs(step, 'nothing is due')
    const allowed = this.#room === null ? done.due : smaller(done.due, this.#room)
    const paid = smaller(allowed, this.#claim.inScope - this.#funds())
    this.#room = null
    this.#layers.set(step.layer, { ...done, paid })
    return paid
  }

  /** Stated, and it must be what the word for it means. */
  #basis(step: ToldStep): bigint {
    const stated = amount(step, 'basisFen')
    const { inScope } = this.#claim
    const layers = [...this.#layers.values()]
    const word = String(step.inputs['basis'])
    const means: Readonly<Record<string, readonly bigint[]>> = {
      inScope: [inScope],
      aboveDeductible: [inScope - this.#deductible],
      unpaid: [inScope - this.#funds()],
      given: [smaller(stated, inScope)],
      cutByCap: layers.map(({ due, paid }) => due - paid),
      coinsurance: layers.map(({ inside, due }) => inside - due),
      beyond: layers.map(({ basis, inside }) => basis - inside),
      paidBy: layers.map(({ paid }) => paid),
    }
    if (means[word]?.includes(stated) !== true) throw differs(step, `${word} is not ${stated}`)
    return stated
  }

  #open(step: ToldStep): bigint {
    const { fullSelf } = this.#claim
    const pays = step.figures[0]?.value
    if (pays === 'allButFullSelf') return totalOf(this.#claim) - this.#funds() - fullSelf
    const shared = [...this.#layers.values()]
      .filter(({ word }) => word === 'aboveDeductible')
      .map(({ inside }) => inside)
    const above = this.#claim.inScope - this.#deductible
    return notBelowZero(this.#deductible + smaller(total(shared), above) - this.#funds())
  }
}

/** The band's stretch on the measure, at the rate that points and factors make. */
function bandShare(
  band: ToldStep,
  layer: string,
  of: { readonly basis: bigint; readonly end: bigint | null },
): { readonly inBand: bigint; readonly fund: bigint } {
  if (band.layer !== layer) throw differs(band, `it lies in ${layer}`)
  const stretch = { start: amount(band, 'beforeFen'), length: of.basis }
  const stated = band.inputs['toFen'] === null ? null : amount(band, 'toFen')
  const to = stated === null || (of.end !== null && of.end < stated) ? of.end : stated
  const inBand = overlap(stretch, { from: amount(band, 'startFen'), to })
  if (inBand !== amount(band, 'overlapFen')) throw differs(band, `${inBand} in the band`)
  const rate = rateOf(band)
  if (rate !== amount(band, 'rateBp')) throw differs(band, `a rate of ${rate}`)
  const share = part(inBand, rate)
  const fund = band.inputs['stated'] === 'person' ? inBand - share : share
  if (BigInt(band.result ?? -1) !== fund) throw differs(band, fund)
  return { inBand, fund }
}

/** Stated, more and fewer points, then factors, each rounded; never below a floor. */
function rateOf(band: ToldStep): bigint {
  const values = (place: string) =>
    band.figures.filter(({ path }) => path.includes(place)).map(({ value }) => BigInt(value ?? 0))
  const isPerson = band.inputs['stated'] === 'person'
  const stated = figure(band)
  const fund = isPerson ? 10_000n - stated : stated
  const raised = notBelowZero(
    smaller(10_000n, fund + total(values('.plus')) - total(values('.minus'))),
  )
  const factors = [...values('.times'), BigInt(band.inputs['factorBp'] ?? 10_000)]
  const times = factors.reduce((rate, factor) => part(rate, factor), raised)
  const floor = values('.floor')[0] ?? 0n
  const whole = times < floor ? floor : times
  return isPerson ? 10_000n - whole : whole
}

function deductibleOf(step: ToldStep, { inScope }: Claim, left: bigint | null): bigint {
  const first = figure(step)
  const later = step.figures.find(({ path }) => path.includes('.later'))
  const entry = later === undefined ? first : part(first, BigInt(later.value ?? 0))
  const lower = step.figures.find(({ path }) => path.includes('.lowered.to'))
  const stated = lower === undefined ? entry : smaller(entry, BigInt(lower.value ?? 0))
  if (stated !== amount(step, 'entryFen')) throw differs(step, `an entry of ${stated}`)
  const less = step.inputs['lessFen'] ?? 0n
  const still = notBelowZero(stated - BigInt(less))
  const used = step.inputs['per'] === 'year' ? notBelowZero(still - amount(step, 'usedFen')) : still
  return smaller(inScope, left === null ? used : smaller(used, left))
}

/** With what raises it, e.g. carried over from earlier years. */
function capOf(step: ToldStep): bigint {
  return step.inputs['capFen'] === undefined ? figure(step) : amount(step, 'capFen')
}

/** The balance without what is held back of it. */
function mayUse(step: ToldStep): bigint {
  return notBelowZero(amount(step, 'balanceFen') - BigInt(step.inputs['heldFen'] ?? 0))
}

function figure(step: ToldStep): bigint {
  const found = step.figures[0]
  if (found === undefined || found.value === null) throw differs(step, 'no figure')
  if (found.value === 'unlimited') throw differs(step, 'no limit')
  return BigInt(found.value)
}

function amount(step: ToldStep, name: string): bigint {
  const value = step.inputs[name]
  if (value === undefined || value === null) throw differs(step, `${name} is not told`)
  return BigInt(value)
}

function differs({ name, layer, result }: ToldStep, computed: unknown): RangeError {
  return new RangeError(
    `step ${name} of ${layer} is ${String(result)}, its leaves say: ${computed}`,
  )
}

/** One lane of a run: the persons of some partitions, in the order of the store. */
import { unreachable } from '@tongchou/contracts/decision.ts'
import type { Plan } from '../policy/plan/plan.ts'
import {
  type Period,
  Rerun,
  type SavedRerun,
  type StoredClaim,
  type StoredUndoing,
} from './rerun.ts'
import { restoreTally, type SavedTally, saveTally } from './saved.ts'
import { Tally } from './tally.ts'

/** What a lane reads, with its place in the store. */
export type LaneEvent = { readonly position: bigint } & (
  | { readonly type: 'ClaimAdjudicated'; readonly data: StoredClaim }
  | { readonly type: 'AdjudicationUndone'; readonly data: StoredUndoing }
)

/** Everything that a lane needs to go on later; plain JSON. */
export type SavedLane = {
  readonly position: string
  readonly scanned: number
  readonly rerun: SavedRerun
  readonly tally: SavedTally
}

export class Lane {
  readonly #rerun: Rerun
  #tally = new Tally()
  #position = 0n
  #scanned = 0

  constructor(draft: Plan, period: Period, undone: ReadonlySet<string>) {
    this.#rerun = new Rerun(draft, period, undone)
  }

  /** The last event that was taken in. */
  get position(): bigint {
    return this.#position
  }

  /** Adjudications looked at. */
  get scanned(): number {
    return this.#scanned
  }

  get tally(): Tally {
    return this.#tally
  }

  take(event: LaneEvent): void {
    this.#position = event.position
    switch (event.type) {
      case 'ClaimAdjudicated':
        this.#claim(event.data)
        break
      case 'AdjudicationUndone':
        this.#rerun.undo(event.data)
        break
      default:
        unreachable(event)
    }
  }

  #claim(claim: StoredClaim): void {
    this.#scanned += 1
    const compared = this.#rerun.claim(claim)
    if (compared === undefined) return
    if (compared.kind === 'computed') this.#tally.add(claim, compared.stored, compared.draft)
    else this.#tally.leaveOut(claim, compared.because.path)
  }

  save(): SavedLane {
    return {
      position: String(this.#position),
      scanned: this.#scanned,
      rerun: this.#rerun.save(),
      tally: saveTally(this.#tally),
    }
  }

  restore({ position, scanned, rerun, tally }: SavedLane): void {
    this.#position = BigInt(position)
    this.#scanned = scanned
    this.#rerun.restore(rerun)
    this.#tally = restoreTally(tally)
  }
}

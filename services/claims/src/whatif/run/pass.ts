/** A lane from where it was left to its end, or to where it is told to stop. */
import type { Plan } from '../../policy/plan/plan.ts'
import { Lane, type SavedLane } from '../lane.ts'
import type { Period } from '../rerun.ts'
import type { Reader } from './read.ts'

export type LaneOrder = {
  readonly period: Period
  readonly partitions: readonly number[]
  readonly upTo: bigint
  readonly saved: SavedLane | null
}

export type Hooks = {
  readonly isStopped: () => boolean
  /** Called every few thousand claims. */
  readonly tell: (lane: Lane) => void
}

export type Passed = { readonly done: boolean; readonly lane: SavedLane }

/** Claims between two words of progress, and between two looks at the stop. */
const TELL_EVERY = 2000

class Stopped extends Error {
  override readonly name = 'Stopped'
}

export async function passLane(
  reader: Reader,
  draft: Plan,
  { order, hooks }: { readonly order: LaneOrder; readonly hooks: Hooks },
): Promise<Passed> {
  const { period, partitions, upTo, saved } = order
  const undone = await reader.undone({ partitions, after: 0n, upTo })
  const lane = new Lane(draft, period, undone)
  if (saved !== null) lane.restore(saved)
  let since = 0
  try {
    await reader.events({ partitions, after: lane.position, upTo }, event => {
      if (since === 0 && hooks.isStopped()) throw new Stopped()
      lane.take(event)
      since += 1
      if (since < TELL_EVERY) return
      since = 0
      hooks.tell(lane)
    })
  } catch (cause) {
    if (!(cause instanceof Stopped)) throw cause
    return { done: false, lane: lane.save() }
  }
  return { done: true, lane: lane.save() }
}

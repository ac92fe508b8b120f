import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../service/fault.ts'
import { isTransient, raisedFault } from './sqlstate.ts'

const FIRST_DELAY_MS = 10
const MAX_DELAY_MS = 500

/**
 * Doubles from 10 ms to 500 ms, each time between half and the whole of it, so that many callers
 * spread.
 */
export function backoffMs(attempt: number, maxMs = MAX_DELAY_MS): number {
  const delay = Math.min(maxMs, FIRST_DELAY_MS * 2 ** Math.min(attempt, 20))
  return delay * (0.5 + Math.random() / 2)
}

/**
 * Does idempotent work again while server or network are at fault, until `deadlineMs` (of
 * `performance.now()`). Throws the Fault that our functions raised, Fault `unavailable` after the
 * deadline, everything else as it is.
 */
export async function retrying<T>(
  work: (remainingMs: number) => Promise<T>,
  deadlineMs: number,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work(Math.max(1, deadlineMs - performance.now()))
    } catch (error) {
      const fault = error instanceof Fault ? error : raisedFault(error)
      if (fault !== null) throw fault
      if (!isTransient(error)) throw error
      const delay = backoffMs(attempt)
      if (performance.now() + delay >= deadlineMs) {
        throw new Fault('unavailable', 'the database does not answer', { cause: error })
      }
      await sleep(delay)
    }
  }
}

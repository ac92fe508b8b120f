import type { RunningSubscription } from './port.ts'

const POLL_MS = 5

/** Waits until a consumer has handled the position (law 2); false when that takes too long. */
export async function handledUpTo(
  running: Pick<RunningSubscription, 'handled'>,
  position: bigint,
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (running.handled() < position) {
    if (performance.now() > end) return false
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  return true
}

/** Waiting for the machine to be ours: other programs make a measurement say nothing. */
import { machineBusyMicros } from './processes.ts'

const SAMPLE_MS = 1_000
/** Three samples in a row with less than this in use. */
const QUIET_CORES = 0.3
const SAMPLES = 3

/** Returns when hardly anything runs, or when the time is up. 0 ms: at once. */
export async function waitUntilQuiet(timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  for (let quiet = 0; quiet < SAMPLES && performance.now() < giveUpAt; ) {
    const before = machineBusyMicros()
    await new Promise(resolve => setTimeout(resolve, SAMPLE_MS))
    const cores = (machineBusyMicros() - before) / (SAMPLE_MS * 1_000)
    quiet = cores < QUIET_CORES ? quiet + 1 : 0
  }
}

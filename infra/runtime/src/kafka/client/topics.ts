/** Topics as they are against topics as they are declared. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../service/fault.ts'
import type { TopicSpec } from '../client.ts'

/** Throws a Fault that names the topic. */
export function refuseOtherCount(specs: readonly TopicSpec[], name: string, found: number): void {
  const wanted = specs.find(spec => spec.name === name)?.partitions
  if (wanted === undefined || wanted === found) return
  const text = `topic ${name} has ${found} partitions, not ${wanted}`
  throw new Fault('unavailable', text, { retryable: false })
}

/** So many copies have new topics, or one on each broker where there are fewer. */
export const REPLICAS_MAX = 3
const LOOK_MS = 100

/**
 * Looks until the brokers know all topics: one that was just made is unknown to some of them for a
 * moment. `look` gives what is known, the count of partitions by name, or throws. Its last error,
 * or the topics that are missing, is thrown when the time is up.
 */
export async function untilKnown(
  specs: readonly TopicSpec[],
  limitMs: number,
  look: () => Promise<ReadonlyMap<string, number>>,
): Promise<void> {
  const giveUpMs = performance.now() + limitMs
  for (;;) {
    const late = performance.now() >= giveUpMs
    try {
      const found = await look()
      for (const [name, count] of found) refuseOtherCount(specs, name, count)
      const missing = specs.filter(({ name }) => !found.has(name)).map(({ name }) => name)
      if (missing.length === 0) return
      if (late) throw new Error(`${missing.join(', ')}: made, and not known to the brokers`)
    } catch (error) {
      if (late || error instanceof Fault) throw error
    }
    await sleep(LOOK_MS)
  }
}

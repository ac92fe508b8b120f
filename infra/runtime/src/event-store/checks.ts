/**
 * What every adapter refuses before it touches anything: bugs of the caller, not states of the
 * world.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { Append, NewEvent, Progress } from './port.ts'

export const HASH_BYTES = 32
const MAX_VERSION = 2 ** 31 - 1
const ZERO = Buffer.alloc(HASH_BYTES)

/** Throws AssertionFault: streams that repeat, empty appends, hashes or versions that cannot be. */
export function checkAppends(appends: readonly Append[]): void {
  const streams = new Set<string>()
  for (const { stream, expected, events, hashes } of appends) {
    assert(stream.length > 0 && !stream.includes('\u0000'), `not a stream name: '${stream}'`)
    assert(!streams.has(stream), `two appends to ${stream} in one call`)
    streams.add(stream)
    assert(events.length > 0, `nothing to append to ${stream}`)
    assert(hashes.length === events.length, `${stream}: one hash for each event`)
    assert(expected.hash.length === HASH_BYTES, `${stream}: a hash has 32 bytes`)
    const fresh = expected.version === 0
    assert(fresh === expected.hash.equals(ZERO), `${stream}: only an empty stream has a zero hash`)
    assert(
      expected.version >= 0 && expected.version + events.length <= MAX_VERSION,
      `${stream}: version ${expected.version} is out of range`,
    )
    events.forEach((event, index) => {
      checkEvent(stream, event, index === events.length - 1)
    })
    for (const hash of hashes) assert(hash.length === HASH_BYTES, `${stream}: a hash has 32 bytes`)
  }
}

function checkEvent(stream: string, event: NewEvent, last: boolean): void {
  assert(last || !event.closes, `${stream}: only the last event may close it`)
  assert(
    event.partition >= 0 && event.partition < PARTITIONS,
    `${stream}: no partition ${event.partition}`,
  )
}

/**
 * Throws AssertionFault when a partition stands twice in one topic of a group, or when something is
 * to be kept beside an event that is appended with progress.
 */
export function checkProgress(
  progress: readonly Progress[],
  appends: readonly Append[] = [],
): void {
  if (progress.length === 0) return
  for (const { stream, events } of appends) {
    const attached = events.some(({ attachment }) => attachment !== undefined)
    assert(!attached, `${stream}: nothing is kept beside an event that comes with progress`)
  }
  const seen = new Set<string>()
  for (const { group, topic, positions } of progress) {
    for (const { partition } of positions) {
      const name = `${group} ${topic} ${partition}`
      assert(!seen.has(name), `two positions for ${name}`)
      seen.add(name)
    }
  }
}

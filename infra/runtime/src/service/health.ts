/** Readiness: every part of a service says whether it works, and since when it has said so. */
import type { Instant } from '@tongchou/contracts/time.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'

export type PartState = { readonly ready: boolean; readonly detail?: string }
export type HealthPart = { readonly name: string; check(): PartState }

export type PartReport = PartState & { readonly name: string; readonly since: Instant }
export type HealthReport = { readonly ready: boolean; readonly parts: readonly PartReport[] }

export type Health = {
  /**
   * Adds a part; returns what takes it away again. Names are unique: the second of one name throws.
   */
  register(part: HealthPart): () => void
  report(): HealthReport
  /** From now on not ready, so that load balancers stop sending: the first step of a shutdown. */
  stopping(): void
}

type Known = { readonly part: HealthPart; ready: boolean | null; sinceMs: number }

/** `since` is the first report at which a part was seen in its present state. */
export function createHealth(nowMs: () => number = Date.now): Health {
  const known = new Map<string, Known>()
  const register = (part: HealthPart) => {
    if (known.has(part.name)) throw new RangeError(`two health parts called ${part.name}`)
    known.set(part.name, { part, ready: null, sinceMs: nowMs() })
    return () => {
      known.delete(part.name)
    }
  }
  return {
    register,
    report: () => {
      const parts = [...known.values()].map(entry => reportOf(entry, nowMs()))
      return { ready: parts.every(part => part.ready), parts }
    },
    stopping: () => {
      if (known.has('shutdown')) return
      register({ name: 'shutdown', check: () => ({ ready: false, detail: 'the service stops' }) })
    },
  }
}

function reportOf(entry: Known, nowMs: number): PartReport {
  const state = checked(entry.part)
  if (entry.ready !== state.ready) {
    if (entry.ready !== null) entry.sinceMs = nowMs
    entry.ready = state.ready
  }
  return { name: entry.part.name, ...state, since: instantFromMs(entry.sinceMs) }
}

/** A check that throws is a part that is not ready; its message stays inside. */
function checked(part: HealthPart): PartState {
  try {
    return part.check()
  } catch {
    return { ready: false, detail: 'the check itself failed' }
  }
}

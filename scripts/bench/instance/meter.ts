/**
 * What a stretch of time cost: wall time, CPU of each of our processes, and what others took
 * meanwhile.
 */
import { cpuMicros, machineBusyMicros, treeCpuMicros } from '../machine/processes.ts'

export type Spent = {
  readonly wallMs: number
  /**
   * CPU time by process name, µs; `postgres` with all its backends, `generator` is this process.
   */
  readonly cpuMicros: Readonly<Record<string, number>>
  /** Cores in use by programs that are not ours. */
  readonly othersCores: number
}

export type Measured = {
  readonly processes: ReadonlyMap<string, number>
  readonly postgresPid: number
}

/** Begins now; the returned function says what was spent since. */
export function startMeter({ processes, postgresPid }: Measured): () => Spent {
  const read = (): Record<string, number> => ({
    ...Object.fromEntries([...processes].map(([name, pid]) => [name, cpuMicros(pid)])),
    postgres: treeCpuMicros(postgresPid),
    generator: cpuMicros(process.pid),
  })
  const before = read()
  const busyBefore = machineBusyMicros()
  const startedMs = performance.now()
  return () => {
    const wallMs = performance.now() - startedMs
    const now = read()
    const busy = machineBusyMicros() - busyBefore
    const spent = Object.fromEntries(
      Object.entries(now).map(([name, micros]) => [name, micros - (before[name] ?? 0)]),
    )
    const ours = Object.values(spent).reduce((total, micros) => total + micros, 0)
    const othersCores = Math.max(0, (busy - ours) / (wallMs * 1_000))
    return { wallMs, cpuMicros: spent, othersCores: Math.round(othersCores * 100) / 100 }
  }
}

/** Cores that other programs used while programs that this process started did their work. */
export function watchOthers(postgresPid: number): () => number {
  const ours = () => treeCpuMicros(process.pid, [postgresPid]) + treeCpuMicros(postgresPid)
  const before = { busy: machineBusyMicros(), ours: ours(), ms: performance.now() }
  return () => {
    const others = machineBusyMicros() - before.busy - (ours() - before.ours)
    const wallMicros = (performance.now() - before.ms) * 1_000
    return Math.max(0, Math.round((others / wallMicros) * 100) / 100)
  }
}

/** CPU time and memory of processes, from /proc: 0 for one that is gone. */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in ticks of 10 ms. */
const TICK_MICROS = 10_000

type Stat = { readonly parent: number; readonly ownTicks: number; readonly endedTicks: number }

function statOf(pid: number): Stat | undefined {
  const text = readText(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = 0] = fields
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15)
  return { parent, ownTicks: user + system, endedTicks: endedUser + endedSystem }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** User and system time of one process with all its threads, µs. */
export function cpuMicros(pid: number): number {
  return (statOf(pid)?.ownTicks ?? 0) * TICK_MICROS
}

/**
 * The same with all its children, those that ended too: a PostgreSQL server with its backends.
 * `without` names children that are counted elsewhere.
 */
export function treeCpuMicros(root: number, without: readonly number[] = []): number {
  const own = statOf(root)
  if (own === undefined) return 0
  let ticks = own.ownTicks + own.endedTicks
  for (const pid of childrenOf(root)) {
    const stat = without.includes(pid) ? undefined : statOf(pid)
    ticks += (stat?.ownTicks ?? 0) + (stat?.endedTicks ?? 0)
  }
  return ticks * TICK_MICROS
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
  return pids.filter(pid => statOf(pid)?.parent === parent)
}

/** Time in which any core of the machine was busy, µs; what a hypervisor took counts too. */
export function machineBusyMicros(): number {
  const [line = ''] = (readText('/proc/stat') ?? '').split('\n')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq + steal) * TICK_MICROS
}

/** Memory of a process in bytes: resident, or its share where `shared` memory would count often. */
export function memoryBytes(pid: number, { shared = false } = {}): number {
  const file = shared ? 'smaps_rollup' : 'status'
  const pattern = shared ? /^Pss:\s+(\d+) kB/m : /^VmRSS:\s+(\d+) kB/m
  const found = pattern.exec(readText(`/proc/${pid}/${file}`) ?? '')
  return Number(found?.[1] ?? 0) * 1024
}

/** Most that the process ever had resident, bytes. */
export function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024
}

/** Of a server and its children: shared buffers count once. */
export function treeMemoryBytes(root: number): number {
  return [root, ...childrenOf(root)].reduce(
    (total, pid) => total + memoryBytes(pid, { shared: true }),
    0,
  )
}

import { readFileSync, readlinkSync } from 'node:fs'

/** A process that is not mistaken for another one that later got the same number. */
export type ProcessIdentity = {
  readonly pid: number
  /** Boot id and start time in clock ticks since boot, from /proc. */
  readonly start: string
}

/** Start of a process that runs now (a zombie does not), or undefined. Linux only. */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${fields[19]}`
  } catch {
    return undefined
  }
}

/** Throws when `pid` does not run: for one's own process and fresh children. */
export function identify(pid: number): ProcessIdentity {
  const start = processStart(pid)
  if (start === undefined) throw new Error(`process ${pid} does not run, or there is no /proc`)
  return { pid, start }
}

export function isRunning({ pid, start }: ProcessIdentity): boolean {
  return processStart(pid) === start
}

/** Sends a signal to that very process; nothing when it is gone. */
export function signalProcess(process_: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(process_)) return
  try {
    process.kill(process_.pid, signal)
  } catch (error) {
    if (isRunning(process_)) throw error
  }
}

/** True when the process is gone, false when it still runs after `timeoutMs`. */
export async function waitUntilGone(
  process_: ProcessIdentity,
  timeoutMs: number,
): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs
  while (isRunning(process_)) {
    if (Date.now() > giveUpAt) return false
    await pause(POLL_MS)
  }
  return true
}

/** The folder a process works in, or undefined when it is gone or may not be looked at. */
export function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

const POLL_MS = 10

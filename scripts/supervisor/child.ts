import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { nodeFlags } from '@tongchou/runtime/host/node-flags.ts'
import {
  isRunning,
  type ProcessIdentity,
  processStart,
  signalProcess,
  waitUntilGone,
} from '@tongchou/runtime/process/identity.ts'
import type { PlacedPlan } from './layout.ts'
import { boundLog, lastLines } from './log-file.ts'

export type Supervised = {
  readonly plan: PlacedPlan
  readonly logFile: string
  identity(): ProcessIdentity
  /** SIGTERM, then SIGKILL when `patienceMs` are over. */
  stop(patienceMs: number): Promise<void>
  kill(): void
}

export type ChildOptions = {
  readonly host: string
  /** How many processes like it run beside each other, itself among them. */
  readonly processes: number
  readonly env: NodeJS.ProcessEnv
  readonly logDir: string
  readonly say: (line: string) => void
  readonly onStarted: () => void
  readonly onGivenUp: (fault: Error) => void
}

const CRASHES_MAX = 5
const CRASH_WINDOW_MS = 60_000
const BACKOFF_MS = 100
const BACKOFF_MS_MAX = 5_000
const KILL_MS = 5_000
const LOG_CHECK_MS = 10_000
const LEASH = import.meta.resolve('./leash.ts')

/** Runs a process and starts it again when it ends on its own, up to 5 times a minute. */
export function superviseProcess(plan: PlacedPlan, options: ChildOptions): Supervised {
  const logFile = path.join(options.logDir, `${plan.name}.log`)
  const crashes: number[] = []
  let identity: ProcessIdentity = { pid: 0, start: 'not started' }
  let retry: NodeJS.Timeout | undefined
  let stopping = false

  function start(): void {
    const child = spawnHost(plan, options, logFile)
    identity = { pid: child.pid ?? 0, start: processStart(child.pid ?? 0) ?? 'ended' }
    child.once('error', fault => options.onGivenUp(fault))
    child.once('exit', (code, signal) => {
      if (!stopping) crashed(signal ?? `exit code ${code}`)
    })
    options.onStarted()
  }

  function crashed(how: string): void {
    const now = Date.now()
    crashes.push(now)
    const recent = crashes.filter(at => now - at < CRASH_WINDOW_MS).length
    const tail = recent === 1 ? lastLines(logFile) : ''
    options.say(`${plan.name} (process ${identity.pid}) ended on its own: ${how}${tail}`)
    if (recent >= CRASHES_MAX) {
      const often = `${plan.name} ended ${recent} times within a minute, last with ${how}`
      options.onGivenUp(new Error(`${often}. Its log: ${logFile}`))
      return
    }
    const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** (recent - 1))
    options.say(`starting ${plan.name} again in ${backoffMs} ms`)
    retry = setTimeout(start, backoffMs)
  }

  async function stop(patienceMs: number): Promise<void> {
    stopping = true
    clearTimeout(retry)
    clearInterval(logWatch)
    signalProcess(identity, 'SIGTERM')
    if (await waitUntilGone(identity, patienceMs)) return
    options.say(`${plan.name} does not stop within ${patienceMs / 1000} s: killed`)
    signalProcess(identity, 'SIGKILL')
    await waitUntilGone(identity, KILL_MS)
  }

  function kill(): void {
    stopping = true
    clearTimeout(retry)
    if (isRunning(identity)) process.kill(identity.pid, 'SIGKILL')
  }

  const logWatch = setInterval(() => boundLog(logFile), LOG_CHECK_MS).unref()
  start()
  return { plan, logFile, identity: () => identity, stop, kill }
}

/** In a session of its own, so that Ctrl-C reaches the supervisor alone and order is kept. */
function spawnHost(plan: PlacedPlan, options: ChildOptions, logFile: string): ChildProcess {
  const { host, env, processes } = options
  const log = openSync(logFile, 'a', 0o600)
  try {
    const args = [...nodeFlags(processes), '--import', LEASH, host, ...plan.services]
    return spawn(process.execPath, args, {
      env,
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    })
  } finally {
    closeSync(log)
  }
}

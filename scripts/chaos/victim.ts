/** An instance started as a user starts it, whose processes can be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import {
  identify,
  isRunning,
  type ProcessIdentity,
  pause,
  processStart,
  signalProcess,
  waitUntilGone,
} from '@tongchou/runtime/process/identity.ts'
import { isFree } from '@tongchou/runtime/process/ports.ts'
import type { Instance } from '../cli/instance.ts'
import { openInstance } from '../cli/instance.ts'
import { SERVICES } from '../supervisor/layout.ts'
import { ROOT } from '../supervisor/options.ts'
import { type RuntimeFile, readRuntimeFile } from '../supervisor/runtime-file.ts'

/** What is killed; `frozen`: the worker stands still for longer than its leases last. */
export const TARGETS = [
  'everything',
  'database',
  'door',
  'worker',
  'processes',
  'supervisor',
  'frozen',
] as const
export type Target = (typeof TARGETS)[number]

/** When this process is gone, even by kill -9, the supervisor stops as if told to. */
const LEASH = import.meta.resolve('../supervisor/leash.ts')
const READY_MS = 120_000
const POLL_MS = 50
const FROZEN_MS = 8_000
const GONE_MS = 60_000

export class Victim {
  readonly dataDir: string
  readonly #args: readonly string[]
  #supervisor: ChildProcess | null = null

  constructor(dataDir: string, port: number, layout: string | null) {
    this.dataDir = dataDir
    const more = layout === null ? [] : [layout]
    this.#args = ['--data', dataDir, '--port', String(port), '--no-demo', ...more]
  }

  /** Starts the supervisor; `ready` tells when all is up. */
  start(): void {
    const log = openSync(path.join(this.dataDir, 'chaos-supervisor.log'), 'a')
    const script = path.join(ROOT, 'scripts/start.ts')
    const args = ['--import', LEASH, script, ...this.#args]
    this.#supervisor = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, TONGCHOU_LOG_LEVEL: 'warn' },
    })
    closeSync(log)
  }

  /** The instance, once every service says that it is ready and none of `gone` runs any more. */
  async ready(gone: readonly ProcessIdentity[] = []): Promise<Instance> {
    const end = Date.now() + READY_MS
    let waiting: readonly string[] = ['the supervisor']
    for (;;) {
      const runtime = readRuntimeFile(this.dataDir)
      if (runtime !== undefined && !gone.some(isRunning) && !names(runtime, gone)) {
        const all = SERVICES.map(name => notReady(name, runtime.services[name].url))
        waiting = (await Promise.all(all)).flat()
        if (waiting.length === 0) return openInstance(this.dataDir)
      }
      if (Date.now() > end) {
        throw new Error(`not ready within ${READY_MS / 1000} s: ${waiting.join('; ')}`)
      }
      await pause(POLL_MS)
    }
  }

  /**
   * kill -9, at once and without warning, and a new start where nobody else makes one. Returns what
   * was killed.
   */
  async strike(target: Target): Promise<readonly ProcessIdentity[]> {
    const runtime = readRuntimeFile(this.dataDir)
    if (runtime === undefined) throw new Error(`nothing runs: ${this.log()}`)
    const victims = victimsOf(runtime, target)
    if (target === 'frozen') return freeze(victims)
    for (const victim of victims) signalProcess(victim, 'SIGKILL')
    if (target === 'everything' || target === 'supervisor') {
      for (const victim of victims) await waitUntilGone(victim, GONE_MS)
      this.start()
    }
    return victims
  }

  /** As Ctrl-C does; nothing where nothing runs. */
  async stop(): Promise<void> {
    const pid = this.#supervisor?.pid
    this.#supervisor = null
    const start = pid === undefined ? undefined : processStart(pid)
    if (pid === undefined || start === undefined) return
    signalProcess({ pid, start }, 'SIGINT')
    if (!(await waitUntilGone({ pid, start }, GONE_MS))) signalProcess({ pid, start }, 'SIGKILL')
  }

  /** The last words of the supervisor. */
  log(): string {
    return readFileSync(path.join(this.dataDir, 'chaos-supervisor.log'), 'utf8').slice(-3000)
  }
}

/** A new process has taken the place of each victim when the file names none of them. */
function names(runtime: RuntimeFile, gone: readonly ProcessIdentity[]): boolean {
  const known = [runtime.supervisor.pid, ...runtime.processes.map(({ pid }) => pid)]
  return gone.some(({ pid }) => known.includes(pid) || runtime.databasePid === pid)
}

function victimsOf(runtime: RuntimeFile, target: Target): readonly ProcessIdentity[] {
  const { supervisor, processes, databasePid } = runtime
  const database = databasePid === null ? [] : withChildren(databasePid)
  const [door, ...workers] = processes
  switch (target) {
    case 'everything':
      return [supervisor, ...processes, ...database]
    case 'supervisor':
      return [supervisor]
    case 'database':
      return database.slice(0, 1)
    case 'door':
      return door === undefined ? [] : [door]
    case 'worker':
    case 'frozen':
      return workers
    case 'processes':
      return processes
  }
}

function withChildren(pid: number): readonly ProcessIdentity[] {
  const file = `/proc/${pid}/task/${pid}/children`
  const children = readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return [pid, ...children].flatMap(each => {
    try {
      return [identify(each)]
    } catch {
      return [] // it has just ended
    }
  })
}

async function freeze(victims: readonly ProcessIdentity[]): Promise<readonly ProcessIdentity[]> {
  for (const victim of victims) signalProcess(victim, 'SIGSTOP')
  await pause(FROZEN_MS)
  for (const victim of victims) signalProcess(victim, 'SIGCONT')
  return []
}

type Part = { readonly name: string; readonly ready: boolean; readonly detail?: string }

/** The parts that are not ready, by name. */
async function notReady(service: string, url: string): Promise<readonly string[]> {
  try {
    const reply = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })
    if (reply.ok) return []
    const { parts } = (await reply.json()) as { parts: readonly Part[] }
    return parts.filter(part => !part.ready).map(part => `${service}: ${part.name} ${part.detail}`)
  } catch {
    return [`${service} does not answer`]
  }
}

const PORT_LEAST = 33_000
const PORT_SPREAD = 20_000

/** The first of as many free ports as there are services. */
export async function portsInARow(): Promise<number> {
  for (;;) {
    const base = PORT_LEAST + Math.floor(Math.random() * PORT_SPREAD)
    const free = await Promise.all(SERVICES.map((_, index) => isFree(base + index, '127.0.0.1')))
    if (free.every(Boolean)) return base
  }
}

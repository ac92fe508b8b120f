/** An instance started as a user starts it, whose processes can be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { Instance } from '../cli/instance.ts'
import { openInstance } from '../cli/instance.ts'

const ROOT = join(import.meta.dirname, '../..')
const READY_MS = 90_000

/** What is killed: everything at once, or one part that the supervisor must bring back. */
export const TARGETS = ['everything', 'database', 'door', 'worker'] as const
export type Target = (typeof TARGETS)[number]

type RuntimeFile = {
  readonly databasePid: number | null
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
}

export class Victim {
  readonly #dataDir: string
  readonly #port: number
  #supervisor: ChildProcess | null = null

  constructor(dataDir: string, port: number) {
    this.#dataDir = dataDir
    this.#port = port
  }

  /** Starts the supervisor and waits until every service is ready. */
  async start(): Promise<Instance> {
    const script = join(ROOT, 'scripts/start.ts')
    const args = [script, '--data', this.#dataDir, '--port', String(this.#port), '--no-demo']
    this.#supervisor = spawn(process.execPath, args, { stdio: 'ignore', cwd: ROOT })
    return this.ready()
  }

  async ready(): Promise<Instance> {
    const end = performance.now() + READY_MS
    for (;;) {
      if (existsSync(join(this.#dataDir, 'runtime.json'))) {
        const instance = await openInstance(this.#dataDir)
        const answers = await Promise.all(SERVICES.map(name => isReady(instance.urlOf(name))))
        if (answers.every(Boolean)) return instance
      }
      if (performance.now() > end) throw new Error(`not ready within ${READY_MS / 1000} s`)
      await sleep(100)
    }
  }

  /** kill -9, at once and without warning. */
  kill(target: Target): void {
    const { databasePid, processes } = this.#runtime()
    const pids = {
      everything: [this.#supervisor?.pid, ...processes.map(({ pid }) => pid), databasePid],
      database: [databasePid],
      door: processes.filter(({ name }) => name === 'door').map(({ pid }) => pid),
      worker: processes.filter(({ name }) => name === 'worker').map(({ pid }) => pid),
    }
    for (const pid of pids[target]) if (pid) killed(pid)
  }

  async stop(): Promise<void> {
    const supervisor = this.#supervisor
    if (supervisor === null || supervisor.exitCode !== null) return
    const ended = new Promise(resolve => supervisor.once('exit', resolve))
    supervisor.kill('SIGTERM')
    await ended
  }

  #runtime(): RuntimeFile {
    return JSON.parse(readFileSync(join(this.#dataDir, 'runtime.json'), 'utf8')) as RuntimeFile
  }
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended before.
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

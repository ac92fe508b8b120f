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
import type { Random } from '../bench/generate/random.ts'
import type { Instance } from '../cli/instance.ts'
import { openInstance } from '../cli/instance.ts'
import { type Door, doorsOf, PORTS, plansOf, SERVICES } from '../supervisor/layout.ts'
import { ROOT } from '../supervisor/options.ts'
import { serviceUrl } from '../supervisor/readiness.ts'
import { type RuntimeFile, readRuntimeFile } from '../supervisor/runtime-file.ts'
import type { Brokers } from './brokers.ts'
import type { Target } from './targets.ts'

/** When this process is gone, even by kill -9, the supervisor stops as if told to. */
const LEASH = import.meta.resolve('../supervisor/leash.ts')
const READY_MS = 120_000
const POLL_MS = 50
const REPLICAS = 2
/** A replica that stands still loses its partitions after the one; it stands for the other. */
const SESSION_MS = 6_000
const FROZEN_MS = 8_000
const GONE_MS = 60_000

export type VictimOptions = {
  readonly dataDir: string
  /** The first of as many as the layout needs. */
  readonly port: number
  /** `--one`, `--each` of `npm start`; null for its own choice. */
  readonly layout: string | null
  /** Null: services read each other's stores. Else each is a process, some are two. */
  readonly brokers: Brokers | null
}

export type Struck = {
  /** Killed: others must take their places. */
  readonly gone: readonly ProcessIdentity[]
  /** For people. */
  readonly what: string
}

export class Victim {
  readonly dataDir: string
  readonly #args: readonly string[]
  readonly #brokers: Brokers | null
  readonly #replicas: readonly Door[]
  /** Names of processes that have had their turn, by target. */
  readonly #struck = new Map<Target, Set<string>>()
  #supervisor: ChildProcess | null = null

  constructor({ dataDir, port, layout, brokers }: VictimOptions) {
    this.dataDir = dataDir
    this.#brokers = brokers
    const plans = plansOf({ layout: 'each', replicas: REPLICAS, basePort: port })
    this.#replicas = brokers === null ? [] : doorsOf(plans).slice(SERVICES.length)
    const over =
      brokers === null
        ? [layout].filter(each => each !== null)
        : ['--each', '--replicas', String(REPLICAS), '--kafka', brokers.bootstrap]
    this.#args = ['--data', dataDir, '--port', String(port), '--no-demo', ...over]
  }

  /** Where hospitals may come in. */
  doors(instance: Instance): readonly string[] {
    const more = this.#replicas.filter(({ name }) => name.startsWith('clearing-'))
    return [instance.urlOf('clearing'), ...more.map(({ port }) => serviceUrl(port))]
  }

  /** Starts the supervisor; `ready` tells when all is up. */
  start(): void {
    const log = openSync(path.join(this.dataDir, 'chaos-supervisor.log'), 'a')
    const script = path.join(ROOT, 'scripts/start.ts')
    const args = ['--import', LEASH, script, ...this.#args]
    this.#supervisor = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', log, log, 'ipc'],
      env: {
        ...process.env,
        TONGCHOU_LOG_LEVEL: 'warn',
        TONGCHOU_KAFKA_SESSION_TIMEOUT_MS: String(SESSION_MS),
      },
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
        const all = [
          ...SERVICES.map(name => notReady(name, runtime.services[name].url)),
          ...this.#replicas.map(({ name, port }) => notReady(name, serviceUrl(port))),
        ]
        waiting = (await Promise.all(all)).flat()
        if (waiting.length === 0) return openInstance(this.dataDir)
      }
      if (Date.now() > end) {
        throw new Error(`not ready within ${READY_MS / 1000} s: ${waiting.join('; ')}`)
      }
      await pause(POLL_MS)
    }
  }

  /** At once and without warning, and a new start where nobody else makes one. */
  async strike(target: Target, random: Random): Promise<Struck> {
    const brokers = this.#brokers
    if (brokers !== null) {
      if (target === 'broker') return { gone: [], what: await brokers.kill(random) }
      if (target === 'slow') return { gone: [], what: await brokers.slow(random) }
      if (target === 'unanswered') return { gone: [], what: await brokers.cut(random) }
    }
    const runtime = readRuntimeFile(this.dataDir)
    if (runtime === undefined) throw new Error(`nothing runs: ${this.log()}`)
    const victims = this.#victims(runtime, target, random)
    const what = namesOf(runtime, victims)
    if (target === 'frozen') {
      await freeze(victims)
      return { gone: [], what }
    }
    for (const victim of victims) signalProcess(victim, 'SIGKILL')
    if (target === 'everything') await brokers?.killAll()
    if (target === 'everything' || target === 'supervisor') {
      for (const victim of victims) await waitUntilGone(victim, GONE_MS)
      await brokers?.startAll()
      this.start()
    }
    return { gone: victims, what }
  }

  #victims(runtime: RuntimeFile, target: Target, random: Random): readonly ProcessIdentity[] {
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
        return workers
      case 'frozen':
        return this.#brokers === null ? workers : this.#nextOf(target, replicated(runtime), random)
      case 'processes':
        return processes
      case 'service':
        return this.#nextOf(target, processes, random)
      case 'replica':
        return this.#nextOf(target, replicated(runtime), random)
      default:
        return []
    }
  }

  /** One of them; each has its turn before any has a second one. */
  #nextOf(target: Target, all: RuntimeFile['processes'], random: Random): RuntimeFile['processes'] {
    const had = this.#struck.get(target) ?? new Set<string>()
    this.#struck.set(target, had)
    if (all.every(({ name }) => had.has(name))) had.clear()
    const next = random.pick(all.filter(({ name }) => !had.has(name)))
    had.add(next.name)
    return [next]
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

/** The processes of services that have several. */
function replicated({ processes }: RuntimeFile): RuntimeFile['processes'] {
  const services = processes.flatMap(({ name }) => /^(\w+)-\d$/.exec(name)?.[1] ?? [])
  return processes.filter(({ name }) => services.includes(name.replace(/-\d$/, '')))
}

function namesOf({ processes }: RuntimeFile, victims: readonly ProcessIdentity[]): string {
  const names = victims.flatMap(({ pid }) => processes.find(each => each.pid === pid)?.name ?? [])
  return names.length === 1 ? names.join() : ''
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

async function freeze(victims: readonly ProcessIdentity[]): Promise<void> {
  for (const victim of victims) signalProcess(victim, 'SIGSTOP')
  await pause(FROZEN_MS)
  for (const victim of victims) signalProcess(victim, 'SIGCONT')
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

/** Below what the system gives to connections that go out: those would take them in between. */
const PORT_LEAST = 18_000
const PORT_SPREAD = 14_000

/** The first of as many free ports as services and replicas may take. */
export async function portsInARow(): Promise<number> {
  for (;;) {
    const base = PORT_LEAST + Math.floor(Math.random() * PORT_SPREAD)
    const ports = Array.from({ length: PORTS }, (_, index) => base + index)
    const free = await Promise.all(ports.map(port => isFree(port, '127.0.0.1')))
    if (free.every(Boolean)) return base
  }
}

/** The services as real processes, started as `npm start` starts them, on free ports. */

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { nodeFlags } from '@tongchou/runtime/host/node-flags.ts'
import { freePorts } from '@tongchou/runtime/process/ports.ts'
import { type Ports, type ProcessPlan, portVariables, SERVICES } from '../../supervisor/layout.ts'
import { lastLines } from '../../supervisor/log-file.ts'
import { ROOT } from '../../supervisor/options.ts'

const HOST = path.join(ROOT, 'scripts/host.ts')
const LEASH = import.meta.resolve('../../supervisor/leash.ts')
const READY_MS = 180_000
const POLL_MS = 50
const STOP_MS = 30_000

export type HostOptions = {
  readonly dataDir: string
  readonly databaseUrl: string
  readonly ports: Ports
  /** Settings of their own. */
  readonly env: Readonly<Record<string, string>>
  /** Folder for V8's CPU profiles, which are written when a process ends. */
  readonly profileDir?: string | undefined
}

export type RunningHosts = {
  /** Process numbers by name. */
  readonly pids: ReadonlyMap<string, number>
  /** Stops all of them, in the order in which they were started. */
  stop(): Promise<void>
}

/**
 * Returns when every service of the plans is ready. Throws, with the last log lines, when one ends.
 */
export async function startHosts(
  plans: readonly ProcessPlan[],
  options: HostOptions,
): Promise<RunningHosts> {
  const flags = nodeFlags(plans.length)
  const started = plans.map(plan => startHost(plan, { ...options, flags }))
  const stop = async () => {
    for (const host of started) await host.stop()
  }
  try {
    for (const host of started) await host.ready()
  } catch (error) {
    await stop()
    throw error
  }
  return { pids: new Map(started.map(({ name, pid }) => [name, pid])), stop }
}

type Host = {
  readonly name: string
  readonly pid: number
  ready(): Promise<void>
  stop(): Promise<void>
}

type Starting = HostOptions & { readonly flags: readonly string[] }

function startHost(plan: ProcessPlan, options: Starting): Host {
  const logDir = path.join(options.dataDir, 'logs')
  mkdirSync(logDir, { recursive: true })
  const logFile = path.join(logDir, `${plan.name}.log`)
  const child = spawnHost(plan, options, logFile)
  const ended = new Promise<string>(resolve => {
    child.once('error', fault => resolve(fault.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  let stopping = false
  return {
    name: plan.name,
    pid: child.pid ?? 0,
    ready: () => {
      const crash = ended.then(how => {
        if (!stopping) throw new Error(`${plan.name} ended (${how})${lastLines(logFile)}`)
      })
      return Promise.race([crash, waitUntilReady(plan, options.ports)])
    },
    stop: async () => {
      stopping = true
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

function spawnHost(plan: ProcessPlan, options: Starting, logFile: string): ChildProcess {
  const { flags, profileDir } = options
  const profiling =
    profileDir === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${plan.name}.cpuprofile`]
  const log = openSync(logFile, 'a', 0o600)
  try {
    const args = [...flags, ...profiling, '--import', LEASH, HOST, ...plan.services]
    return spawn(process.execPath, args, {
      env: {
        ...process.env,
        ...portVariables(options.ports),
        TONGCHOU_DATABASE_URL: options.databaseUrl,
        TONGCHOU_DATA_DIR: options.dataDir,
        ...options.env,
      },
      stdio: ['ignore', log, log, 'ipc'],
    })
  } finally {
    closeSync(log)
  }
}

async function waitUntilReady(plan: ProcessPlan, ports: Ports): Promise<void> {
  const giveUpAt = Date.now() + READY_MS
  for (const service of plan.services) {
    while (!(await isReady(ports[service]))) {
      if (Date.now() > giveUpAt) throw new Error(`${service} is not ready after ${READY_MS} ms`)
      await new Promise(resolve => setTimeout(resolve, POLL_MS))
    }
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/health/ready`)
    await reply.arrayBuffer()
    return reply.status === 200
  } catch {
    return false
  }
}

/** A port for each service that nothing listens on now. */
export async function portForEach(): Promise<Ports> {
  const ports = await freePorts(SERVICES.length)
  return Object.fromEntries(SERVICES.map((service, index) => [service, ports[index]])) as Ports
}

import { EventEmitter } from 'node:events'
import { accessSync, constants, mkdirSync } from 'node:fs'
import path from 'node:path'
import { identify } from '@tongchou/runtime/process/identity.ts'
import { takeInstanceLock } from '@tongchou/runtime/process/instance-lock.ts'
import { type Supervised, superviseProcess } from './child.ts'
import { type Database, openDatabase } from './database.ts'
import { loadDemoRegions } from './demo.ts'
import { type Kafka, openKafka } from './kafka.ts'
import {
  doorsOf,
  type Ports,
  plansOf,
  portsFrom,
  portVariables,
  SERVICES,
  type Service,
} from './layout.ts'
import type { Options } from './options.ts'
import { refuseTakenPorts, serviceUrl, waitUntilReady } from './readiness.ts'
import { endStragglers, removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts'
import type { Stop } from './stop.ts'
import { summary } from './summary.ts'

const { TONGCHOU_SHUTDOWN_MS: shutdownMs = '15000' } = process.env
/** A service gives itself TONGCHOU_SHUTDOWN_MS; longer than that and it hangs. */
const PATIENCE_MS = Number(shutdownMs) + 5_000

/**
 * Starts everything, stays until `stop` says so, stops everything: the door first, then the
 * workers, then the database. Throws what made it stop, unless that was a signal.
 */
export async function supervise(options: Options, stop: Stop): Promise<void> {
  const { dataDir } = options
  const { say } = stop
  prepareFolder(dataDir)
  const lock = takeInstanceLock(dataDir)
  try {
    await endStragglers(dataDir, { patienceMs: PATIENCE_MS, say })
    const ports = portsFrom(options.basePort)
    await refuseTakenPorts(doorsOf(plansOf(options)))
    const restarts = new EventEmitter()
    const onRestarted = () => restarts.emit('database')
    const database = await openDatabase({ dataDir, lock, say, onRestarted, onLost: stop.fail })
    stop.atKill(() => killDatabase(database))
    try {
      await runOverKafka(options, { stop, database, ports, restarts })
    } finally {
      await database.close()
    }
  } finally {
    lock.release()
  }
  stop.signal.throwIfAborted()
}

function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(path.join(dataDir, 'logs'), { recursive: true })
    accessSync(dataDir, constants.W_OK)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(`${dataDir} cannot be written (${code}): choose another with --data`, { cause })
  }
}

async function runOverKafka(options: Options, ground: Omit<Ground, 'kafka'>): Promise<void> {
  const { stop } = ground
  const kafka = await openKafka({ ...options, say: stop.say })
  stop.atKill(() => killKafka(kafka))
  try {
    await runProcesses(options, { ...ground, kafka })
  } finally {
    await kafka?.close()
  }
}

type Ground = {
  readonly stop: Stop
  readonly database: Database
  readonly kafka: Kafka | null
  readonly ports: Ports
  /** Says `database` when that has another process number. */
  readonly restarts: EventEmitter
}

async function runProcesses(
  options: Options,
  { stop, database, kafka, ports, restarts }: Ground,
): Promise<void> {
  const { dataDir } = options
  const { say, signal } = stop
  const env = {
    ...process.env,
    ...portVariables(ports),
    TONGCHOU_DATABASE_URL: database.url,
    TONGCHOU_DATA_DIR: dataDir,
    ...(kafka === null ? {} : { TONGCHOU_KAFKA: kafka.brokers }),
  }
  const processes: Supervised[] = []
  const startedAt = new Date().toISOString()
  const note = (): void => noteRuntime({ startedAt, dataDir, database, kafka, processes, ports })
  const plans = plansOf(options)
  const logDir = path.join(dataDir, 'logs')
  const { host } = options
  const child = { host, processes: plans.length, logDir, say, onGivenUp: stop.fail }
  try {
    if (signal.aborted) return
    say('starting the services …')
    for (const plan of plans) {
      const own = { ...env, ...portVariables(plan.ports) }
      const onStarted = (): void => queueMicrotask(note)
      processes.push(superviseProcess(plan, { ...child, env: own, onStarted }))
    }
    stop.atKill(() => killProcesses(processes, dataDir))
    restarts.on('database', note)
    await waitUntilReady(doorsOf(plans), { signal, say })
    if (options.demo && !signal.aborted) await loadDemoRegions({ dataDir, env, signal, say })
    if (signal.aborted) return
    const startedInMs = performance.now()
    say(summary({ processes, ports, database, kafka, dataDir, startedInMs }))
    await stop.asked
  } finally {
    restarts.off('database', note)
    say('stopping …')
    removeRuntimeFile(dataDir)
    const [first, ...others] = processes
    await first?.stop(PATIENCE_MS)
    await Promise.all(others.map(each => each.stop(PATIENCE_MS)))
    removeRuntimeFile(dataDir)
  }
}

function noteRuntime(now: {
  readonly startedAt: string
  readonly dataDir: string
  readonly database: Database
  readonly kafka: Kafka | null
  readonly processes: readonly Supervised[]
  readonly ports: Ports
}): void {
  const { startedAt, dataDir, database, kafka, processes, ports } = now
  const home = (service: Service) => processes.find(({ plan }) => plan.services.includes(service))
  const services = SERVICES.map(service => {
    const name = home(service)?.plan.name ?? ''
    return [service, { url: serviceUrl(ports[service]), process: name }] as const
  })
  writeRuntimeFile({
    startedAt,
    supervisor: identify(process.pid),
    dataDir,
    databaseUrl: database.url,
    databasePid: database.pid(),
    kafka: kafka === null ? null : { brokers: kafka.brokers, pid: kafka.pid() },
    ports,
    services: Object.fromEntries(services) as Record<Service, { url: string; process: string }>,
    processes: processes.map(({ plan, identity }) => ({ name: plan.name, ...identity() })),
  })
}

function killProcesses(processes: readonly Supervised[], dataDir: string): void {
  for (const each of processes) each.kill()
  removeRuntimeFile(dataDir)
}

function killKafka(kafka: Kafka | null): void {
  const pid = kafka?.pid() ?? null
  if (pid !== null) process.kill(pid, 'SIGKILL')
}

/** SIGQUIT: the server leaves at once and recovers at the next start. */
function killDatabase(database: Database): void {
  const pid = database.pid()
  if (pid !== null) process.kill(pid, 'SIGQUIT')
}

/**
 * Apache Kafka without containers: one broker or three on loopback, from jars, for one data folder.
 * Each can be killed and started again by itself: that is what tests of faults are made of.
 */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import type { ProcessIdentity } from '../process/identity.ts'
import {
  identify,
  isRunning,
  pause,
  processStart,
  signalProcess,
  waitUntilGone,
} from '../process/identity.ts'
import { takeInstanceLock } from '../process/instance-lock.ts'
import { freePorts } from '../process/ports.ts'
import { ensureJars } from './embedded/jars.ts'
import { needJava } from './embedded/java.ts'
import {
  bootstrapOf,
  type Cluster,
  formatArguments,
  LOG4J,
  type LockedDoors,
  type Node,
  propertiesOf,
} from './embedded/properties.ts'

export type KafkaOptions = {
  /** Holds a folder for each broker, their logs, `kafka.json` and the lock; made when missing. */
  readonly dataDir: string
  /** 1, or 3 for replicas and leaders that move; fixed by the first start in the folder. */
  readonly brokers?: 1 | 3
  readonly log: (message: string) => void
  /** Ends with this process even at `kill -9`, where the machine has `setpriv`; for tests. */
  readonly endWithParent?: boolean
  /**
   * One for each broker: clients are told these, and who asked for them forwards to `clientPort`.
   * Brokers speak to each other without that.
   */
  readonly toldPorts?: readonly number[]
  readonly locked?: LockedDoors
}

export type Broker = {
  readonly id: number
  readonly port: number
  /** Where clients come in: `port`, but for brokers with `toldPorts`. */
  readonly clientPort: number
  /** Undefined while it does not run. */
  pid(): number | undefined
  /** Sends the signal; after SIGKILL and SIGTERM comes back when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Comes back when it answers. */
  start(): Promise<void>
}

export type EmbeddedKafka = {
  /** Addresses of all brokers, with commas between them. */
  readonly bootstrap: string
  readonly brokers: readonly Broker[]
  /** Ends all brokers and gives the folder free. */
  stop(): Promise<void>
}

const READY_MS = 60_000
const STOP_MS = 20_000
const POLL_MS = 25
const NOTE = 'kafka.json'
const MEMORY = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC']
/**
 * For a broker beside what uses it: the second compiler spares a fifth of its CPU after some
 * minutes, and until then takes a core for half a second at a time, in which nobody is answered.
 */
const SIMPLE_COMPILER = '-XX:TieredStopAtLevel=1'
const run = promisify(execFile)

/** Throws DataFolderInUse while another process has the folder; else errors say what to do. */
export async function startEmbeddedKafka(options: KafkaOptions): Promise<EmbeddedKafka> {
  const dataDir = path.resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true })
  const lock = takeInstanceLock(dataDir)
  try {
    const java = await needJava()
    const classPath = await ensureJars(options)
    const noted = await clusterOf(dataDir, options.brokers ?? 1)
    const { locked, toldPorts = [] } = options
    const open = await withClientDoors(noted, toldPorts)
    const cluster = locked === undefined ? open : { ...open, locked }
    writeFileSync(path.join(dataDir, 'log4j2.properties'), LOG4J)
    const machine = { java: java.file, classPath, dataDir, options }
    const servers = cluster.nodes.map(node => new Server(machine, cluster, node))
    for (const server of servers) await server.prepare()
    await Promise.all(servers.map(server => server.start()))
    return {
      bootstrap: bootstrapOf(cluster),
      brokers: servers,
      stop: async () => {
        await Promise.all(servers.map(server => server.kill('SIGTERM')))
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

type Machine = {
  readonly java: string
  readonly classPath: string
  readonly dataDir: string
  readonly options: KafkaOptions
}

class Server implements Broker {
  readonly id: number
  readonly port: number
  readonly clientPort: number
  readonly #machine: Machine
  readonly #cluster: Cluster
  readonly #node: Node
  readonly #folder: string
  #process: ProcessIdentity | undefined

  constructor(machine: Machine, cluster: Cluster, node: Node) {
    this.id = node.id
    this.port = node.port
    this.clientPort = node.clients?.port ?? node.port
    this.#machine = machine
    this.#cluster = cluster
    this.#node = node
    this.#folder = path.join(machine.dataDir, `broker-${node.id}`)
  }

  pid(): number | undefined {
    const found = this.#process
    return found !== undefined && isRunning(found) ? found.pid : undefined
  }

  /** Ends what an earlier process left running, and makes the log folder at the first start. */
  async prepare(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true })
    this.#process = readNote(this.#noteFile)
    if (this.pid() !== undefined) {
      this.#machine.options.log(`broker ${this.id} was left running: it is stopped first`)
      await this.kill('SIGTERM')
    }
    const data = path.join(this.#folder, 'data')
    writeFileSync(this.#properties, propertiesOf(this.#cluster, this.#node, data))
    if (existsSync(path.join(data, 'meta.properties'))) return
    const { java, classPath } = this.#machine
    const format = formatArguments(this.#cluster, this.#properties)
    await run(java, ['-cp', classPath, 'kafka.tools.StorageTool', ...format])
  }

  async start(): Promise<void> {
    if (this.pid() !== undefined) return
    const output = openSync(this.#logFile, 'a', 0o600)
    const { file, args } = this.#command()
    const child = spawn(file, args, {
      cwd: this.#folder,
      detached: true,
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    child.unref()
    child.on('error', () => {}) // seen as a process that is not there
    if (child.pid === undefined) throw new Error(`${file} cannot be started`)
    this.#process = identify(child.pid)
    writeFileSync(this.#noteFile, JSON.stringify(this.#process))
    await this.#ready()
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process
    if (server === undefined) return
    signalProcess(server, signal)
    if (signal !== 'SIGKILL' && signal !== 'SIGTERM') return
    if (await waitUntilGone(server, STOP_MS)) return
    signalProcess(server, 'SIGKILL')
    await waitUntilGone(server, STOP_MS)
  }

  get #properties(): string {
    return path.join(this.#folder, 'server.properties')
  }
  get #logFile(): string {
    return path.join(this.#machine.dataDir, `broker-${this.id}.log`)
  }
  get #noteFile(): string {
    return path.join(this.#folder, 'process.json')
  }

  #command(): { readonly file: string; readonly args: readonly string[] } {
    const { java, classPath, dataDir, options } = this.#machine
    const args = [
      ...MEMORY,
      SIMPLE_COMPILER,
      `-Dlog4j2.configurationFile=${path.join(dataDir, 'log4j2.properties')}`,
      ...['-cp', classPath, 'kafka.Kafka', this.#properties],
    ]
    const leash = '/usr/bin/setpriv'
    if (!options.endWithParent || !existsSync(leash)) return { file: java, args }
    return { file: leash, args: ['--pdeathsig', 'KILL', '--', java, ...args] }
  }

  /** An open port is readiness: Kafka 4 listens when the broker may be used. */
  async #ready(): Promise<void> {
    const giveUpAt = Date.now() + READY_MS
    while (!(await answers(this.port))) {
      if (this.pid() === undefined) throw new Error(this.#fault('ended at its start'))
      if (Date.now() > giveUpAt) {
        await this.kill('SIGKILL')
        throw new Error(this.#fault(`is not ready after ${READY_MS / 1000} s`))
      }
      await pause(POLL_MS)
    }
  }

  #fault(what: string): string {
    const tail = readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
    return `broker ${this.id} ${what} (${this.#logFile}):\n${tail}`
  }
}

/** As the first start noted it: ports and ids stay, so addresses do. */
async function clusterOf(dataDir: string, brokers: number): Promise<Cluster> {
  const file = path.join(dataDir, NOTE)
  if (existsSync(file)) {
    const noted = JSON.parse(readFileSync(file, 'utf8')) as Cluster
    if (noted.nodes.length === brokers) return noted
    throw new Error(
      `${dataDir} holds a cluster of ${noted.nodes.length}: choose another folder for ${brokers}`,
    )
  }
  const ports = await freePorts(brokers * 2)
  const cluster: Cluster = {
    clusterId: kafkaId(),
    nodes: Array.from({ length: brokers }, (_, index) => ({
      id: index + 1,
      port: ports[index * 2] ?? 0,
      controllerPort: ports[index * 2 + 1] ?? 0,
      directoryId: kafkaId(),
    })),
  }
  writeFileSync(file, JSON.stringify(cluster, null, 2))
  return cluster
}

async function withClientDoors(cluster: Cluster, told: readonly number[]): Promise<Cluster> {
  const ports = await freePorts(told.length)
  const nodes = cluster.nodes.map((node, index) => {
    const [port, toldPort] = [ports[index], told[index]]
    return port === undefined || toldPort === undefined
      ? node
      : { ...node, clients: { port, toldPort } }
  })
  return { ...cluster, nodes }
}

/** A leading dash would be read as an option. */
function kafkaId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}

function readNote(file: string): ProcessIdentity | undefined {
  if (!existsSync(file)) return undefined
  const noted = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity
  return processStart(noted.pid) === noted.start ? noted : undefined
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

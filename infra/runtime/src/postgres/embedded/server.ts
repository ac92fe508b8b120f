import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import {
  isRunning,
  type ProcessIdentity,
  pause,
  processStart,
  signalProcess,
  waitUntilGone,
} from '../../process/identity.ts'
import { freePort } from '../../process/ports.ts'
import { findNative, prepareBinaries, removeCopy } from './binaries.ts'
import {
  type Cluster,
  clusterExists,
  createCluster,
  environment,
  folderArgument,
  readPassword,
  SUPERUSER,
  startFault,
} from './cluster.ts'
import { serverSettings } from './settings.ts'
import {
  findServer,
  forgetForeignServer,
  readLaunch,
  readPostmaster,
  type Server,
  writeLaunch,
} from './traces.ts'

export type ServerOptions = {
  readonly log: (message: string) => void
  readonly settings: Readonly<Record<string, string>>
  /** The server ends with this process where `setpriv` is there; for tests. */
  readonly endWithParent: boolean
}

const READY_MS = 900_000
const ADOPT_MS = 30_000
const FAST_STOP_MS = 60_000
const HARD_STOP_MS = 10_000
const TELL_EVERY_MS = 10_000
const POLL_MS = 10
const LAUNCH_ATTEMPTS = 50
const RETRY_MS = 100
const LOG_BYTES_MAX = 16_000_000
const LOG_TAIL = 2_000

/** Longest path of a socket, in bytes, that Linux takes. */
const SOCKET_PATH_MAX = 107

/**
 * By the socket in the data folder, which only its user may enter: a tenth less CPU than TCP for
 * every answer. Where its path is too long, and for tools that know no sockets, the host and port
 * in the URL serve as well.
 */
export function serverUrl(cluster: Cluster, port: number): string {
  const url = `postgres://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${port}/postgres`
  const socket = path.join(cluster.folder, `.s.PGSQL.${port}`)
  if (Buffer.byteLength(socket) > SOCKET_PATH_MAX) return url
  return `${url}?host=${encodeURIComponent(cluster.folder)}`
}

/**
 * A server that an earlier, killed process of ours left on this data folder, when it answers and
 * was started as we would; any other one that is there is stopped.
 */
export async function adoptServer(
  cluster: Cluster,
  options: ServerOptions,
): Promise<Server | undefined> {
  if (!clusterExists(cluster)) return undefined
  const orphan = findServer(cluster)
  if (orphan === undefined) return undefined
  const launch = readLaunch(cluster)
  const sameStart =
    launch?.native === findNative() &&
    JSON.stringify(launch.settings) === JSON.stringify(options.settings)
  if (sameStart && (await answers(cluster, orphan, ADOPT_MS))) return orphan
  options.log(`stopping the database server ${orphan.pid} left by an earlier start`)
  await endServer(cluster, orphan)
  return undefined
}

/** Starts the server, making its data folder first when there is none. */
export async function launchServer(
  cluster: Cluster,
  options: ServerOptions,
  fixedPort?: number,
): Promise<Server> {
  removeCopy(readLaunch(cluster)?.copy ?? null)
  const binaries = prepareBinaries(cluster.dataDir, cluster.user)
  if (!clusterExists(cluster)) {
    options.log('creating the database …')
    const { fsync = 'on' } = options.settings
    const durable = fsync !== 'off'
    await createCluster(cluster, binaries, { durable, log: options.log })
  }
  for (let attempt = 1; ; attempt += 1) {
    const port = fixedPort ?? (await freePort(readLaunch(cluster)?.port))
    const { native } = binaries
    writeLaunch(cluster, {
      port,
      native: findNative(),
      settings: options.settings,
      copy: binaries.copy,
    })
    const args = ['-D', folderArgument(cluster.folder, cluster.user), '-p', String(port)]
    for (const [name, value] of Object.entries(serverSettings(cluster.dataDir, options.settings))) {
      args.push('-c', `${name}=${value}`)
    }
    try {
      const command = commandLine(path.join(native, 'bin/postgres'), args, cluster, options)
      return await spawnServer(cluster, command, { port, env: environment(binaries), options })
    } catch (error) {
      // The port was taken meanwhile, or the workers of a killed server are still leaving.
      const retry = /could not bind|still in use|already exists/.test(String(error))
      if (!retry || attempt === LAUNCH_ATTEMPTS) throw error
      await pause(RETRY_MS)
    }
  }
}

type Command = { readonly file: string; readonly args: readonly string[]; readonly asRoot: boolean }

function commandLine(
  file: string,
  args: readonly string[],
  { user }: Cluster,
  { endWithParent }: ServerOptions,
): Command {
  if (!endWithParent || statSync('/usr/bin/setpriv', { throwIfNoEntry: false }) === undefined) {
    return { file, args, asRoot: false }
  }
  const leash = ['--pdeathsig', 'INT']
  if (user !== undefined) leash.push(`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups')
  return { file: '/usr/bin/setpriv', args: [...leash, '--', file, ...args], asRoot: true }
}

async function spawnServer(
  cluster: Cluster,
  command: Command,
  how: { port: number; env: NodeJS.ProcessEnv; options: ServerOptions },
): Promise<Server> {
  forgetForeignServer(cluster)
  const logFile = path.join(cluster.dataDir, 'postgres.log')
  const logStart = rotate(logFile)
  const output = openSync(logFile, 'a', 0o600)
  const child = spawn(command.file, command.args, {
    ...(command.asRoot ? {} : cluster.user),
    env: how.env,
    cwd: cluster.folder,
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const fault = new Promise<never>((_, reject) => {
    child.once('error', cause => reject(startFault('postgres', cause)))
    child.once('exit', code => {
      const tail = readFileSync(logFile, 'utf8').slice(logStart).slice(-LOG_TAIL)
      reject(new Error(`the database server ended at its start (exit ${code}):\n${tail}`))
    })
  })
  fault.catch(() => undefined)
  if (child.pid === undefined) return await fault
  const start = processStart(child.pid) ?? 'ended'
  const server = { pid: child.pid, start, port: how.port }
  await waitUntilReady(cluster, server, how.options)
  if (!isRunning(server)) return await fault
  child.removeAllListeners('exit') // it has started: a later end is no fault of the start
  child.unref()
  return server
}

/** Comes back when the server answers, or has ended. */
async function waitUntilReady(
  cluster: Cluster,
  server: Server,
  { log }: ServerOptions,
): Promise<void> {
  const startedAt = Date.now()
  let toldAt = startedAt
  while (readPostmaster(cluster)?.ready !== server.pid) {
    await pause(POLL_MS)
    if (!isRunning(server)) return
    if (Date.now() - startedAt > READY_MS) {
      await endServer(cluster, server)
      throw new Error(`the database server is not ready after ${READY_MS / 1000} s`)
    }
    if (Date.now() - toldAt < TELL_EVERY_MS) continue
    toldAt = Date.now()
    log('the database server is still starting (it recovers after a crash) …')
  }
  if ((await answers(cluster, server, ADOPT_MS)) || !isRunning(server)) return
  throw new Error(`the database server ${server.pid} does not answer on port ${server.port}`)
}

/** Ends the server: connections are cut, everything is written; harder only when that hangs. */
export async function endServer(cluster: Cluster, server: ProcessIdentity): Promise<void> {
  signalProcess(server, 'SIGINT')
  if (!(await waitUntilGone(server, FAST_STOP_MS))) {
    signalProcess(server, 'SIGQUIT')
    if (!(await waitUntilGone(server, HARD_STOP_MS))) {
      signalProcess(server, 'SIGKILL')
      await waitUntilGone(server, HARD_STOP_MS)
    }
  }
  removeCopy(readLaunch(cluster)?.copy ?? null)
}

async function answers(cluster: Cluster, server: Server, timeoutMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs
  while (isRunning(server) && Date.now() < giveUpAt) {
    const client = new pg.Client({
      connectionString: serverUrl(cluster, server.port),
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select 1')
      return true
    } catch {
      await pause(POLL_MS * 10)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return false
}

/** Keeps one older log; returns where the next lines begin. */
function rotate(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size < LOG_BYTES_MAX) return size
  renameSync(file, `${file}.1`)
  return 0
}

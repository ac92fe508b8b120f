import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { type Binaries, canReach, type ServerUser } from './binaries.ts'

/** The data folder of one server. */
export type Cluster = {
  readonly dataDir: string
  /** `<dataDir>/postgres`: PostgreSQL's own folder. */
  readonly folder: string
  readonly user: ServerUser | undefined
}

export const SUPERUSER = 'postgres'
const MAJOR = '18'
const PASSWORD_FILE = 'tongchou.password'
const OUTPUT_TAIL = 4_000

/**
 * How the server is told its folder. A user who may not pass the folders above it (root's checkout
 * under a 0700 folder) enters by the working directory that root has set for it.
 */
export function folderArgument(folder: string, user: ServerUser | undefined): string {
  return canReach(folder, user) ? folder : '/proc/self/cwd'
}

export function environment(binaries: Binaries): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin' } = process.env
  return { PATH, LD_LIBRARY_PATH: binaries.libraryPath, LC_ALL: 'C', TZ: 'UTC' }
}

/** The superuser's password; it lies in the data folder, readable by the server's user alone. */
export function readPassword(cluster: Cluster): string {
  return readFileSync(path.join(cluster.folder, PASSWORD_FILE), 'utf8').trim()
}

/** True when a finished data folder is there. Throws when another major version made it. */
export function clusterExists(cluster: Cluster): boolean {
  const major = readVersion(cluster.folder)
  if (major === undefined) return false
  if (major === MAJOR) return true
  throw new Error(
    `${cluster.folder} was made by PostgreSQL ${major}, and this is ${MAJOR}: ` +
      'start on another folder with --data, or with the release that made it.',
  )
}

function readVersion(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new Error(
      `${folder} belongs to another user (${code}): start as that user or as root, ` +
        'or choose another folder with --data.',
      { cause },
    )
  }
}

/**
 * Makes the data folder. It is prepared beside its place and renamed at the end, so a folder with
 * PG_VERSION is always a finished one. `durable` false skips the sync, for tests.
 */
export async function createCluster(
  cluster: Cluster,
  binaries: Binaries,
  { durable, log }: { durable: boolean; log: (message: string) => void },
): Promise<void> {
  const { folder, user } = cluster
  const fresh = `${folder}.new`
  setAside(folder, log)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  if (user !== undefined) chownSync(fresh, user.uid, user.gid)
  const password = randomBytes(24).toString('base64url')
  const passwordFile = `${fresh}.password`
  try {
    writeSecret(passwordFile, password, user)
    await initdb(fresh, passwordFile, { cluster, binaries, durable })
    writeSecret(path.join(fresh, PASSWORD_FILE), password, user)
    renameSync(fresh, folder)
    if (durable) syncFolder(cluster.dataDir)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** A folder without PG_VERSION is half-finished or not ours: it is kept, under another name. */
function setAside(folder: string, log: (message: string) => void): void {
  if (!existsSync(folder)) return
  if (readdirSync(folder).length > 0) {
    const aside = `${folder}.unfinished-${Date.now()}`
    renameSync(folder, aside)
    log(`${folder} was not finished; it is now ${aside} and may be deleted`)
    return
  }
  rmSync(folder, { recursive: true })
}

function writeSecret(file: string, text: string, user: ServerUser | undefined): void {
  rmSync(file, { force: true })
  writeFileSync(file, `${text}\n`, { mode: 0o600, flush: true })
  chmodSync(file, 0o600)
  if (user !== undefined) chownSync(file, user.uid, user.gid)
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** The password comes in on stdin: by that path the server's user needs no way to the file. */
async function initdb(
  fresh: string,
  passwordFile: string,
  { cluster, binaries, durable }: { cluster: Cluster; binaries: Binaries; durable: boolean },
): Promise<void> {
  const args = ['-D', folderArgument(fresh, cluster.user), '-U', SUPERUSER]
  args.push('--auth=scram-sha-256', '--pwfile=/proc/self/fd/0', '--no-instructions')
  args.push('--locale-provider=builtin', '--locale=C.UTF-8', '--encoding=UTF8')
  if (!durable) args.push('--no-sync')
  const password = openSync(passwordFile, 'r')
  const child = spawn(path.join(binaries.native, 'bin/initdb'), args, {
    ...cluster.user,
    env: environment(binaries),
    cwd: fresh,
    stdio: [password, 'pipe', 'pipe'],
    detached: true,
  })
  closeSync(password)
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = `${output}${chunk}`.slice(-OUTPUT_TAIL)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  await new Promise<void>((resolve, reject) => {
    child.once('error', cause => reject(startFault('initdb', cause)))
    child.once('close', code => {
      if (code === 0) resolve()
      else reject(new Error(`initdb failed (exit ${code}):\n${output}${initdbAdvice(output)}`))
    })
  })
}

function initdbAdvice(output: string): string {
  if (!output.includes('could not look up effective user')) return ''
  return (
    `User id ${process.geteuid?.()} has no entry in /etc/passwd, which PostgreSQL needs: ` +
    'add one, or point TONGCHOU_DATABASE_URL to a server.'
  )
}

/** ENOENT of a file that exists means: its loader is missing (a C library other than glibc). */
export function startFault(program: string, cause: Error): Error {
  const advice =
    'The embedded PostgreSQL needs Linux with glibc and a temporary folder that allows programs ' +
    '(TMPDIR); otherwise point TONGCHOU_DATABASE_URL to a server.'
  return new Error(`${program} does not start (${cause.message}). ${advice}`, { cause })
}

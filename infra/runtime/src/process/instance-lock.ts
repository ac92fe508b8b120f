import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { identify, isRunning, type ProcessIdentity } from './identity.ts'

export type InstanceLock = {
  readonly file: string
  /** Gives the folder free; a second call does nothing. */
  release(): void
}

export type Holder = ProcessIdentity & { readonly since: string }

const LOCK_FILE = 'instance.lock'
const ATTEMPTS = 20

/** Another running process holds the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  readonly holderPid: number

  constructor(dataDir: string, holder: Holder) {
    super(
      `${dataDir} is in use by process ${holder.pid} since ${holder.since}. ` +
        `Stop that one first (kill ${holder.pid}), or choose another folder with --data.`,
    )
    this.holderPid = holder.pid
  }
}

/**
 * Takes the data folder for this process. The lock names process and start time, so one left by a
 * killed process is seen as stale even when its number was given out again.
 * Throws DataFolderInUse while its holder runs.
 */
export function takeInstanceLock(dataDir: string): InstanceLock {
  mkdirSync(dataDir, { recursive: true })
  const file = path.join(dataDir, LOCK_FILE)
  const holder: Holder = { ...identify(process.pid), since: new Date().toISOString() }
  const text = JSON.stringify(holder)
  const own = `${file}.${process.pid}`
  writeFileSync(own, text)
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (tryLink(own, file)) return heldLock(file, text)
      refuseLivingHolder(dataDir, file)
    }
  } finally {
    rmSync(own, { force: true })
  }
  throw new Error(`${file} changes hands all the time: stop the other starts, then try again`)
}

/** Who took the folder last; it may be gone by now. */
export function lockHolder(dataDir: string): Holder | undefined {
  const text = readText(path.join(dataDir, LOCK_FILE))
  return text === undefined ? undefined : parseHolder(text)
}

function heldLock(file: string, text: string): InstanceLock {
  return {
    file,
    release: () => {
      if (readText(file) === text) rmSync(file, { force: true })
    },
  }
}

/** Throws while the holder runs; moves a stale lock out of the way otherwise. */
function refuseLivingHolder(dataDir: string, file: string): void {
  const text = readText(file)
  if (text === undefined) return
  const holder = parseHolder(text)
  if (holder !== undefined && isRunning(holder)) throw new DataFolderInUse(dataDir, holder)
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  // Another start was quicker and what moved is its fresh lock: put it back.
  if (readText(aside) !== text) tryLink(aside, file)
  rmSync(aside, { force: true })
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

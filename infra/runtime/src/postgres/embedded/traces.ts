import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type ProcessIdentity, processStart, workingFolder } from '../../process/identity.ts'
import type { Cluster } from './cluster.ts'

/** A running server, known from files: PostgreSQL's own and the note of our last start. */
export type Server = ProcessIdentity & { readonly port: number }

/** What the last start noted beside the data folder. */
export type Launch = {
  readonly port: number
  readonly native: string
  readonly settings: Readonly<Record<string, string>>
  readonly copy: string | null
}

type Postmaster = { readonly pid: number; readonly port: number; readonly ready: number | null }

/** Reads postmaster.pid: line 1 process, line 4 port, line 8 status. */
export function readPostmaster(cluster: Cluster): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(path.join(cluster.folder, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const pid = Number(lines[0])
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' ? pid : null }
}

export function findServer(cluster: Cluster): Server | undefined {
  const noted = readPostmaster(cluster)
  if (noted === undefined) return undefined
  const start = processStart(noted.pid)
  if (start === undefined) return undefined
  if (workingFolder(noted.pid) !== realpathSync(cluster.folder)) return undefined
  return { pid: noted.pid, start, port: noted.port }
}

/** A reused process number in postmaster.pid would keep PostgreSQL from starting. */
export function forgetForeignServer(cluster: Cluster): void {
  const noted = readPostmaster(cluster)
  if (noted === undefined || processStart(noted.pid) === undefined) return
  if (findServer(cluster) === undefined) rmSync(path.join(cluster.folder, 'postmaster.pid'))
}

function launchFile(cluster: Cluster): string {
  return path.join(cluster.dataDir, 'postgres.json')
}

export function readLaunch(cluster: Cluster): Launch | undefined {
  try {
    return JSON.parse(readFileSync(launchFile(cluster), 'utf8')) as Launch
  } catch {
    return undefined
  }
}

export function writeLaunch(cluster: Cluster, launch: Launch): void {
  const part = `${launchFile(cluster)}.part`
  writeFileSync(part, JSON.stringify(launch))
  renameSync(part, launchFile(cluster))
}

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  isRunning,
  type ProcessIdentity,
  signalProcess,
  waitUntilGone,
} from '@tongchou/runtime/process/identity.ts'
import type { Ports, Service } from './layout.ts'

/** `<data>/runtime.json`: how commands find the running instance. Mode 0600: it has a password. */
export type RuntimeFile = {
  readonly startedAt: string
  readonly supervisor: ProcessIdentity
  readonly dataDir: string
  readonly databaseUrl: string
  /** Null with a database that we did not start. */
  readonly databasePid: number | null
  /** Null without a broker; `pid` of one of ours. */
  readonly kafka: { readonly brokers: string; readonly pid: number | null } | null
  readonly ports: Ports
  readonly services: Readonly<Record<Service, { readonly url: string; readonly process: string }>>
  readonly processes: readonly (ProcessIdentity & { readonly name: string })[]
}

function runtimeFile(dataDir: string): string {
  return path.join(dataDir, 'runtime.json')
}

export function writeRuntimeFile(content: RuntimeFile): void {
  const file = runtimeFile(content.dataDir)
  const part = `${file}.part`
  rmSync(part, { force: true })
  writeFileSync(part, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(part, file)
}

export function removeRuntimeFile(dataDir: string): void {
  rmSync(runtimeFile(dataDir), { force: true })
}

/** What runs on this data folder, or undefined when nothing does (a killed start leaves a file). */
export function readRuntimeFile(dataDir: string): RuntimeFile | undefined {
  const content = parse(runtimeFile(dataDir))
  return content !== undefined && isRunning(content.supervisor) ? content : undefined
}

function parse(file: string): RuntimeFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RuntimeFile
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Ends service processes of a supervisor that was killed; the caller holds the instance lock. */
export async function endStragglers(
  dataDir: string,
  { patienceMs, say }: { patienceMs: number; say: (line: string) => void },
): Promise<void> {
  const left = parse(runtimeFile(dataDir))?.processes.filter(isRunning) ?? []
  if (left.length > 0) say(`ending ${left.length} processes left by an earlier start …`)
  for (const straggler of left) signalProcess(straggler, 'SIGTERM')
  for (const straggler of left) {
    if (await waitUntilGone(straggler, patienceMs)) continue
    signalProcess(straggler, 'SIGKILL')
    await waitUntilGone(straggler, patienceMs)
  }
  removeRuntimeFile(dataDir)
}

/** The whole audit of the instance: every hash, root, benefit, window, entry and row of a view. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Ground } from '../instance/ground.ts'
import { treeCpuMicros } from '../machine/processes.ts'

const WORKER = fileURLToPath(import.meta.resolve('./audit-worker.ts'))
const run = promisify(execFile)

export type AuditFigures = {
  readonly events: number
  /** From the first look at the stores to the verdict. */
  readonly seconds: number
  readonly threads: number
  readonly eventsPerSecond: number
  readonly nodeMicrosAnEvent: number
  readonly postgresMicrosAnEvent: number
}

/** Throws when the audit finds damage. */
export async function benchAudit(ground: Ground): Promise<AuditFigures> {
  const { databaseUrl, dataDir, postgresPid } = ground
  const before = treeCpuMicros(postgresPid)
  const { stdout } = await run(process.execPath, [WORKER, databaseUrl, dataDir])
  const found = JSON.parse(stdout) as Omit<AuditFigures, 'postgresMicrosAnEvent'>
  const postgres = (treeCpuMicros(postgresPid) - before) / found.events
  return { ...found, postgresMicrosAnEvent: Math.round(postgres * 10) / 10 }
}

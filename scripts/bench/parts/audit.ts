/** The whole audit of the instance: every hash, root, benefit, window, entry and row of a view. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Ground } from '../instance/ground.ts'

const WORKER = fileURLToPath(import.meta.resolve('./audit-worker.ts'))
const run = promisify(execFile)

export type AuditFigures = {
  readonly events: number
  /** From the first look at the stores to the verdict. */
  readonly seconds: number
  readonly threads: number
  readonly eventsPerSecond: number
}

/** Throws when the audit finds damage. */
export async function benchAudit({ databaseUrl, dataDir }: Ground): Promise<AuditFigures> {
  const { stdout } = await run(process.execPath, [WORKER, databaseUrl, dataDir])
  return JSON.parse(stdout) as AuditFigures
}

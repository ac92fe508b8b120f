/** `tongchou audit verify` over the whole instance, as an auditor runs it: a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../supervisor/options.ts'
import { headsOf } from '../instance/drain.ts'
import type { Ground } from '../instance/ground.ts'

const PROGRAM = join(ROOT, 'scripts/tongchou.ts')
const COMMANDS = join(ROOT, 'scripts/cli/audit-commands.ts')

export type AuditFigures = {
  readonly events: number
  readonly seconds: number
  /** The start of the process counts too. */
  readonly eventsPerSecond: number
}

/** Throws when the audit finds damage. */
export async function benchAudit(ground: Ground): Promise<AuditFigures | undefined> {
  if (!existsSync(COMMANDS)) return undefined
  const heads = [...(await headsOf(ground.pool)).values()]
  const events = Number(heads.reduce((sum, head) => sum + head, 0n))
  const startedMs = performance.now()
  const child = spawn(
    process.execPath,
    [PROGRAM, '--data-dir', ground.dataDir, 'audit', 'verify'],
    {
      cwd: ROOT,
      env: { ...process.env, TONGCHOU_DATABASE_URL: ground.databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', piece => {
      output = `${output}${piece}`.slice(-2_000)
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`audit verify ended with ${code}:\n${output}`)
  const seconds = (performance.now() - startedMs) / 1_000
  return {
    events,
    seconds: Math.round(seconds * 100) / 100,
    eventsPerSecond: Math.round(events / seconds),
  }
}

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { processStart } from '@tongchou/runtime/process/identity.ts'

const PREFIX = 'tongchou-e2e-'

/** A folder of this process; those that killed test processes have left are removed. */
export function temporaryFolder(): string {
  for (const name of readdirSync(os.tmpdir())) {
    const [, pid] = name.split(PREFIX)
    if (!name.startsWith(PREFIX) || processStart(Number.parseInt(pid ?? '', 10))) continue
    rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true })
  }
  return mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`))
}

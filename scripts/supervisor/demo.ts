import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './options.ts'

const COMMAND = path.join(ROOT, 'scripts/tongchou.ts')
const FOLDER = path.join(ROOT, 'test/fixtures/demo')

/**
 * Loads the regions, institutions, catalogues and policies of the demo set, once for a data folder.
 * A failure is told and tried again at the next start; the services run without it.
 */
export async function loadDemoRegions(options: {
  readonly dataDir: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}): Promise<void> {
  const { dataDir, env, signal, say } = options
  const marker = path.join(dataDir, 'demo-regions.loaded')
  if (existsSync(marker)) return
  const args = ['import', path.relative(ROOT, FOLDER)]
  if (!existsSync(COMMAND) || !existsSync(FOLDER)) {
    say(
      `no demo regions: ${path.relative(ROOT, existsSync(COMMAND) ? FOLDER : COMMAND)} is missing`,
    )
    return
  }
  say('loading the demo regions …')
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: ROOT,
    env,
    signal,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise<number | string>(resolve => {
    child.once('error', fault => resolve(fault.message))
    child.once('exit', (exit, killedBy) => resolve(exit ?? `${killedBy}`))
  })
  if (signal.aborted) return
  if (code === 0) writeFileSync(marker, `${new Date().toISOString()}\n`)
  else say(`the demo regions were not loaded (${code}): npm run tongchou -- ${args.join(' ')}`)
}

/** A data folder with the demo's regions and N persons: made once, copied for every run. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { LAYOUTS } from '../../supervisor/layout.ts'
import { ROOT } from '../../supervisor/options.ts'
import { GENERATOR_VERSION } from '../generate/persons.ts'
import { openGround } from './ground.ts'
import type { LoadFigures } from './load.ts'
import { loadAll } from './load.ts'

export type Prepared = {
  readonly load: LoadFigures
  /** The load was measured now, not taken from an earlier run. */
  readonly loadedNow: boolean
}

export type PrepareOptions = {
  readonly persons: number
  readonly seed: number
  /** Load anew although a prepared folder is there. */
  readonly fresh: boolean
  readonly dataDir: string
  readonly say: (line: string) => void
}

const CACHE = path.join(ROOT, '.data/bench-cache')
const KEPT = 3

/** Fills `dataDir`, which must not be there, and leaves it with nothing running. */
export async function prepareData(options: PrepareOptions): Promise<Prepared> {
  const { persons, dataDir, say } = options
  const cached = path.join(CACHE, keyOf(options))
  const figures = path.join(cached, 'load.json')
  mkdirSync(CACHE, { recursive: true, mode: 0o755 })
  if (!options.fresh && existsSync(figures)) {
    say(`copying the prepared ${persons.toLocaleString('en')} persons`)
    copyFolder(cached, dataDir)
    return { load: JSON.parse(readFileSync(figures, 'utf8')) as LoadFigures, loadedNow: false }
  }
  say(`loading ${persons.toLocaleString('en')} persons through the import doors`)
  const load = await loadInto(options)
  writeFileSync(path.join(dataDir, 'load.json'), JSON.stringify(load))
  const part = `${cached}.part`
  rmSync(part, { recursive: true, force: true })
  rmSync(cached, { recursive: true, force: true })
  copyFolder(dataDir, part)
  renameSync(part, cached)
  forgetOld(cached)
  return { load, loadedNow: true }
}

async function loadInto({ persons, seed, dataDir }: PrepareOptions): Promise<LoadFigures> {
  const ground = await openGround(dataDir)
  try {
    const hosts = await ground.start(LAYOUTS.two)
    try {
      return await loadAll(ground, { persons, seed })
    } finally {
      await hosts.stop()
    }
  } finally {
    await ground.close()
  }
}

/** `cp -a` keeps the owner, who for a root's server is another user. */
function copyFolder(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', '--reflink=auto', from, to], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`cp ${from}: ${stderr}`)
}

/** Everything that decides what the loaded folder holds: events, tables, generator. */
function keyOf({ persons, seed }: PrepareOptions): string {
  const digest = createHash('sha256')
  digest.update(JSON.stringify([GENERATOR_VERSION, persons, seed]))
  for (const pattern of [
    'contracts/src/events.generated.ts',
    'infra/runtime/src/{event-store,keys}/**/*.sql',
    'infra/runtime/src/event-store/chain.ts',
    'services/*/src/**/view.ts',
  ]) {
    for (const file of globSync(pattern, { cwd: ROOT }).sort()) {
      digest.update(readFileSync(path.join(ROOT, file)))
    }
  }
  return `${persons}-${digest.digest('hex').slice(0, 16)}`
}

function forgetOld(newest: string): void {
  const folders = readdirSync(CACHE).map(name => path.join(CACHE, name))
  const aged = folders
    .filter(folder => folder !== newest)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const folder of aged.slice(KEPT - 1)) rmSync(folder, { recursive: true, force: true })
}

/** A what-if run over claims that the draft computes, all of them, in a process of its own. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../../supervisor/options.ts'

const PROGRAM = join(ROOT, 'services/claims/src/whatif/run/speed.bench.ts')

export type WhatIfFigures = { readonly claimsPerSecond: number; readonly threads: number }

/** The best of its rounds: the first one compiles. */
export function benchWhatIf(): WhatIfFigures {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the what-if bench failed: ${stderr}`)
  const rounds = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as WhatIfFigures)
  const [first, ...others] = rounds
  if (first === undefined) throw new Error('the what-if bench said nothing')
  return others.reduce((a, b) => (b.claimsPerSecond > a.claimsPerSecond ? b : a), first)
}

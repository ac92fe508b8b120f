/** The adjudication kernel alone, in a process of its own: ten-line claims of one pack. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../../supervisor/options.ts'

const PROGRAM = join(ROOT, 'services/claims/src/policy/kernel.bench.ts')
const ROUNDS = 3

export type KernelFigures = { readonly microsecondsPerClaim: number }

/** The median of three processes. */
export function benchKernel(): KernelFigures {
  const all = Array.from({ length: ROUNDS }, runOnce).sort((a, b) => a - b)
  const microsecondsPerClaim = Math.round((all[Math.floor(ROUNDS / 2)] ?? 0) * 100) / 100
  return { microsecondsPerClaim }
}

function runOnce(): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the kernel bench failed: ${stderr}`)
  return (JSON.parse(stdout) as KernelFigures).microsecondsPerClaim
}

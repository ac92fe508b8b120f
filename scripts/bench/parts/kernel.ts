/**
 * The adjudication kernel alone, in a process of its own: ten-line claims of one pack, without and
 * with the shares of their lines.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../../supervisor/options.ts'

const PROGRAM = join(ROOT, 'services/claims/src/policy/kernel.bench.ts')
const ROUNDS = 3

export type KernelFigures = {
  readonly microsecondsPerClaim: number
  readonly withLineShares: number
}

/** The medians of three processes. */
export function benchKernel(): KernelFigures {
  const all = Array.from({ length: ROUNDS }, runOnce)
  return {
    microsecondsPerClaim: median(all.map(({ microsecondsPerClaim }) => microsecondsPerClaim)),
    withLineShares: median(all.map(({ withLineShares }) => withLineShares)),
  }
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 100) / 100
}

function runOnce(): KernelFigures {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the kernel bench failed: ${stderr}`)
  return JSON.parse(stdout) as KernelFigures
}

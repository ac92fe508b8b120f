/** What the figures were measured on. */
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export type MachineFacts = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  /** Means of 1, 5 and 15 minutes when the run began. */
  readonly loadBefore: readonly number[]
  /** Time to write 8 kB down for good, ms: median and 99th percentile. */
  readonly fsyncMs: { readonly p50: number; readonly p99: number }
}

export function machineFacts(folder: string): MachineFacts {
  const cpus = os.cpus()
  return {
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    node: process.version,
    loadBefore: os.loadavg().map(load => Math.round(load * 100) / 100),
    fsyncMs: measureFsync(folder),
  }
}

const WRITES = 200
const PAGE = Buffer.alloc(8_192, 1)

/** Over pages that are there already, as in a write-ahead log. */
function measureFsync(folder: string): MachineFacts['fsyncMs'] {
  const file = path.join(folder, 'fsync.probe')
  const handle = openSync(file, 'w')
  try {
    writeSync(handle, Buffer.alloc(PAGE.length * WRITES))
    fsyncSync(handle)
    const times = Array.from({ length: WRITES }, (_, index) => {
      const from = performance.now()
      writeSync(handle, PAGE, 0, PAGE.length, PAGE.length * index)
      fdatasyncSync(handle)
      return performance.now() - from
    })
    return { p50: percentile(times, 50), p99: percentile(times, 99) }
  } finally {
    closeSync(handle)
    rmSync(file)
  }
}

/** The value that `percent` of 100 values do not exceed; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort()
  const index = Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)
  return Math.round((sorted[Math.max(0, index)] ?? 0) * 1_000) / 1_000
}

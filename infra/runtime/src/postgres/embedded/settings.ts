import { statfsSync } from 'node:fs'
import os from 'node:os'

const MEBIBYTE = 2 ** 20

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

/**
 * Every minute tables that grew are looked through: three workers at full speed were two seconds in
 * which answers stood still. One that pauses still reads 80 MB a second.
 */
const GENTLE_CLEANING = { autovacuum_max_workers: '1', autovacuum_vacuum_cost_delay: '10ms' }

/**
 * Settings of a durable server for many small commits. Buffers take a quarter of the memory, 128 MB
 * to 512 MB; the log up to an eighth of the free disk, 1 to 8 GB: with fewer checkpoints it carries
 * half the bytes. No compression: the build has neither lz4 nor zstd.
 */
export function serverSettings(
  dataDir: string,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const disk = statfsSync(dataDir)
  const freeDisk = disk.bavail * disk.bsize
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '.',
    cluster_name: 'tongchou',
    max_connections: '200',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: 'off',
    wal_buffers: '64MB',
    max_wal_size: `${Math.floor(clamp(freeDisk / 8 / MEBIBYTE, 1_024, 8_192))}MB`,
    checkpoint_timeout: '15min',
    shared_buffers: `${Math.floor(clamp(memory / 4 / MEBIBYTE, 128, 512))}MB`,
    autovacuum: 'on',
    ...GENTLE_CLEANING,
    jit: 'off',
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    ...overrides,
  }
}

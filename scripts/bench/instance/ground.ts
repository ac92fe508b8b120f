/** Data folder, database and tokens of one run: everything but the service processes. */
import { mkdirSync } from 'node:fs'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Grant } from '@tongchou/runtime/auth/issuer.ts'
import { openIssuer } from '@tongchou/runtime/auth/issuer.ts'
import { createDatabase, startEmbeddedPostgres } from '@tongchou/runtime/postgres/embedded.ts'
import pg from 'pg'
import type { Ports, ProcessPlan } from '../../supervisor/layout.ts'
import { portForEach, type RunningHosts, startHosts } from './processes.ts'

const TOKEN_SECONDS = 12 * 3_600

export type Token = (grant: Omit<Grant, 'subject' | 'ttlSeconds'>) => Promise<string>

export type Ground = {
  readonly dataDir: string
  /** URL of the services' database. */
  readonly databaseUrl: string
  /** URL of the server's own database, for further ones beside it. */
  readonly serverUrl: string
  readonly postgresPid: number
  readonly ports: Ports
  readonly pool: pg.Pool
  readonly token: Token
  urlOf(service: ServiceName): string
  /** Starts service processes on this ground; the caller stops them. */
  start(plans: readonly ProcessPlan[], profileDir?: string): Promise<RunningHosts>
  close(): Promise<void>
}

/**
 * The server has the settings of `npm start`, so what is acknowledged is on disk. `env` is what the
 * service processes are told beside that.
 */
export async function openGround(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Ground> {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const server = await startEmbeddedPostgres({
    dataDir,
    settings,
    log: () => undefined,
    endWithParent: true,
  })
  const databaseUrl = await createDatabase(server.url, 'tongchou')
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  pool.on('error', () => undefined)
  const issuer = await openIssuer({ dataDir, issuer: 'tongchou', audience: 'tongchou' })
  const ports = await portForEach()
  return {
    dataDir,
    databaseUrl,
    serverUrl: server.url,
    postgresPid: server.pid,
    ports,
    pool,
    token: grant => issuer.issueToken({ ...grant, subject: 'bench', ttlSeconds: TOKEN_SECONDS }),
    urlOf: service => `http://127.0.0.1:${ports[service]}`,
    start: (plans, profileDir) =>
      startHosts(plans, { dataDir, databaseUrl, ports, profileDir, env }),
    close: async () => {
      await pool.end()
      await server.stop()
    },
  }
}

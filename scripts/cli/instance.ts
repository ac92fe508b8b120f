/**
 * The running instance that a command talks to: found through the data directory, or named by
 * variables.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Grant } from '@tongchou/runtime/auth/issuer.ts'
import { openIssuer } from '@tongchou/runtime/auth/issuer.ts'
import { defaultPort } from '@tongchou/runtime/host/urls.ts'

/** An error whose message is all that the user needs. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault'
}

export type Instance = {
  readonly dataDir: string
  readonly databaseUrl: string | null
  readonly urlOf: (service: ServiceName) => string
  readonly token: (grant: Omit<Grant, 'subject' | 'ttlSeconds'>) => Promise<string>
}

type RuntimeFile = {
  readonly databaseUrl?: string
  readonly ports?: Readonly<Partial<Record<ServiceName, number>>>
}

/** Reads `runtime.json` of the data directory; TONGCHOU_* variables win. */
export async function openInstance(dataDir: string): Promise<Instance> {
  const file = runtimeFile(dataDir)
  const { env } = process
  const issuer = await openIssuer({
    dataDir,
    issuer: env['TONGCHOU_ISSUER'] ?? 'tongchou',
    audience: env['TONGCHOU_AUDIENCE'] ?? 'tongchou',
  })
  return {
    dataDir,
    databaseUrl: env['TONGCHOU_DATABASE_URL'] ?? file.databaseUrl ?? null,
    urlOf: service =>
      env[`TONGCHOU_${service.toUpperCase()}_URL`] ??
      `http://127.0.0.1:${file.ports?.[service] ?? defaultPort(service)}`,
    token: async grant =>
      env['TONGCHOU_TOKEN'] ??
      issuer.issueToken({ ...grant, subject: 'command-line', ttlSeconds: 3600 }),
  }
}

function runtimeFile(dataDir: string): RuntimeFile {
  const path = join(dataDir, 'runtime.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RuntimeFile) : {}
}

/** Address of the database, for commands that read it directly. */
export function databaseUrlOf({ databaseUrl, dataDir }: Instance): string {
  if (databaseUrl !== null) return databaseUrl
  throw new CommandFault(
    `no running instance in ${dataDir}: run npm start, or set TONGCHOU_DATABASE_URL`,
  )
}

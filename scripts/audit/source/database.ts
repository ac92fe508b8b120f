/**
 * The stores, views and checkpoints of a running or stopped instance, as they stood at one moment.
 */
import { stat } from 'node:fs/promises'
import { SERVICES, type ServiceName } from '@tongchou/contracts/services.ts'
import { checkpointFile, readCheckpoints } from '@tongchou/runtime/audit/checkpoint-file.ts'
import { readPublicKey } from '@tongchou/runtime/audit/signing-key.ts'
import { Snapshot } from '@tongchou/runtime/audit/snapshot/snapshot.ts'
import type { AuditSource, StoreFacts } from './source.ts'

/** What another thread needs to see the same moment. */
export type DatabaseAddress = {
  readonly kind: 'database'
  readonly url: string
  readonly dataDir: string
  readonly snapshot: string
  /**
   * Bytes of each checkpoint file before the snapshot was taken: what was signed later is not
   * looked at.
   */
  readonly signedBytes: Readonly<Partial<Record<ServiceName, number>>>
}

export type OpenedDatabase = {
  readonly source: AuditSource
  readonly snapshot: Snapshot
  readonly address: DatabaseAddress
}

export async function openDatabaseSource(url: string, dataDir: string): Promise<OpenedDatabase> {
  const signedBytes: Partial<Record<ServiceName, number>> = {}
  for (const service of SERVICES) {
    signedBytes[service] = await sizeOf(checkpointFile(dataDir, service))
  }
  const snapshot = await Snapshot.take(url)
  const { id } = snapshot
  const address = { kind: 'database', url, dataDir, snapshot: id, signedBytes } as const
  return { source: sourceOver(snapshot, address), snapshot, address }
}

export async function joinDatabaseSource(address: DatabaseAddress): Promise<AuditSource> {
  return sourceOver(await Snapshot.join(address.url, address.snapshot), address)
}

function sourceOver(snapshot: Snapshot, { dataDir, signedBytes }: DatabaseAddress): AuditSource {
  return {
    stores: async () => {
      const stores: StoreFacts[] = []
      for (const service of SERVICES) {
        const end = await snapshot.end(service)
        if (end === null) continue
        const bytes = await snapshot.bytes(service)
        const consumers = await snapshot.consumers(service)
        stores.push({ service, end, bytes, consumers, parked: await snapshot.parked(service) })
      }
      return stores
    },
    checkpoints: async service => ({
      lines: await readCheckpoints(checkpointFile(dataDir, service), {
        upTo: signedBytes[service] ?? 0,
      }),
      publicKey: await readPublicKey(dataDir),
    }),
    events: (service, onEvent) => snapshot.events(service, onEvent),
    views: {
      has: (service, group, views) => snapshot.hasViews(service, group, views),
      lines: (service, view, onLine) => snapshot.lines(service, view, onLine),
    },
    close: () => snapshot.close(),
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}

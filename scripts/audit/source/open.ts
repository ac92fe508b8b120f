import { type DatabaseAddress, joinDatabaseSource } from './database.ts'
import { type ExportAddress, openExportSource } from './export-file.ts'
import type { AuditSource } from './source.ts'

/** A source by what another thread needs to open it again. */
export type SourceAddress = DatabaseAddress | ExportAddress

export async function openSource(address: SourceAddress): Promise<AuditSource> {
  return address.kind === 'database' ? joinDatabaseSource(address) : openExportSource(address)
}

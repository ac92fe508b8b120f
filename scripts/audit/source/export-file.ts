/** An export file: everything an audit needs, with nothing running. Views are not in it. */
import { pipeline, type Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import type { Uuid } from '@tongchou/contracts/id.ts'
import { SERVICES, type ServiceName } from '@tongchou/contracts/services.ts'
import { keyFromVerificationKey, lineFrom } from '@tongchou/runtime/audit/checkpoint.ts'
import { EventRows } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import type { ConsumerPosition, ParkedPosition } from '@tongchou/runtime/audit/snapshot/snapshot.ts'
import type { AuditSource, Checkpoints, StoreFacts } from './source.ts'
import { BadTar, type Member, membersOf, readMember } from './tar.ts'

export const EXPORT_FORMAT = 'tongchou-export/1'

export type ExportAddress = { readonly kind: 'export'; readonly path: string }

type Written<T extends { readonly position: bigint }> = Omit<T, 'position'> & {
  readonly position: string
}

/** Positions are text: they may be beyond what JSON numbers carry. */
export type Manifest = {
  readonly format: string
  readonly at: string
  readonly columns: string
  readonly verificationKey: string | null
  readonly stores: readonly {
    readonly service: ServiceName
    readonly incarnation: Uuid
    readonly position: string
    readonly consumers: readonly Written<ConsumerPosition>[]
    readonly parked: readonly Written<ParkedPosition>[]
  }[]
}

export function memberNames(service: ServiceName) {
  return { checkpoints: `${service}/checkpoints.ndjson`, events: `${service}/events.copy.gz` }
}

/** Throws BadTar when the file is cut off or no export. */
export async function openExportSource({ path }: ExportAddress): Promise<AuditSource> {
  const members = await membersOf(path)
  const read = (name: string): Readable => readMember(path, memberOf(members, name))
  const manifest = manifestFrom(await text(read('manifest.json')), path)
  const stores = manifest.stores.map(store => {
    const { size: bytes } = memberOf(members, memberNames(store.service).events)
    return { ...storeFrom(store), bytes }
  })
  const key = manifest.verificationKey ?? ''
  return {
    stores: async () => SERVICES.flatMap(name => stores.filter(({ service }) => service === name)),
    checkpoints: async service => {
      const lines = await text(read(memberNames(service).checkpoints))
      return { lines: linesFrom(lines), publicKey: keyFromVerificationKey(key) }
    },
    events: async (service, onEvent) => {
      const unpacked = createGunzip({ chunkSize: 1024 * 1024 })
      pipeline(read(memberNames(service).events), unpacked, () => {}) // a failure ends the events
      const rows = new EventRows(onEvent)
      for await (const chunk of unpacked as AsyncIterable<Buffer>) rows.push(chunk)
      rows.finish()
    },
    views: null,
    close: async () => {},
  }
}

function memberOf(members: ReadonlyMap<string, Member>, name: string): Member {
  const member = members.get(name)
  if (member === undefined) throw new BadTar(`${name} is not in the export`)
  return member
}

function manifestFrom(json: string, path: string): Manifest {
  const manifest = JSON.parse(json) as Manifest
  if (manifest.format === EXPORT_FORMAT) return manifest
  throw new BadTar(`${path} is of format ${manifest.format}, this build reads ${EXPORT_FORMAT}`)
}

function storeFrom(store: Manifest['stores'][number]): Omit<StoreFacts, 'bytes'> {
  const { service, incarnation, position } = store
  return {
    service,
    end: { incarnation, position: BigInt(position) },
    consumers: store.consumers.map(row => ({ ...row, position: BigInt(row.position) })),
    parked: store.parked.map(row => ({ ...row, position: BigInt(row.position) })),
  }
}

function linesFrom(lines: string): Checkpoints['lines'] {
  const texts = lines === '' ? [] : lines.trimEnd().split('\n')
  return texts.map(line => ({ text: line, line: lineFrom(line) }))
}

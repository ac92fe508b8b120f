/**
 * The export: one tar file with everything an audit needs, written while the services run. Of each
 * service the events as PostgreSQL's binary COPY writes them (gzip), signed checkpoints and
 * consumer positions; no rows of views.
 */
import { open, rename } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import { verificationKeyOf } from '@tongchou/runtime/audit/checkpoint.ts'
import { EVENT_ROW } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import type { OpenedDatabase } from './source/database.ts'
import { EXPORT_FORMAT, type Manifest, memberNames } from './source/export-file.ts'
import type { StoreFacts } from './source/source.ts'
import { TarWriter } from './source/tar.ts'

/** Fast: half the time of the default level for a tenth more bytes. */
const GZIP = { level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 }

export type Exported = { readonly events: number; readonly bytes: number }

/** Writes beside the file and moves it there when it is whole. `at` is written into it. */
export async function writeExport(
  { source, snapshot }: Pick<OpenedDatabase, 'source' | 'snapshot'>,
  { path, at, onStore }: { path: string; at: string; onStore?: (store: StoreFacts) => void },
): Promise<Exported> {
  const part = `${path}.part`
  const file = await open(part, 'w', 0o600)
  try {
    const tar = new TarWriter(file)
    const stores = await source.stores()
    await tar.add('manifest.json', [await manifestOf(source, stores, at)])
    await tar.add('README.txt', [Buffer.from(README)])
    for (const store of stores) {
      const names = memberNames(store.service)
      onStore?.(store)
      await tar.add(names.checkpoints, [await checkpointText(source, store)])
      const packed = createGzip(GZIP)
      pipeline(snapshot.eventBytes(store.service), packed, () => {}) // a failure ends the iteration
      await tar.add(names.events, packed)
    }
    await tar.finish()
    const { size: bytes } = await file.stat()
    await rename(part, path)
    return { events: stores.reduce((sum, { end }) => sum + Number(end.position), 0), bytes }
  } finally {
    await file.close()
  }
}

type Source = OpenedDatabase['source']

async function manifestOf(
  source: Source,
  stores: readonly StoreFacts[],
  at: string,
): Promise<Buffer> {
  const [first] = stores
  const key = first === undefined ? undefined : (await source.checkpoints(first.service)).publicKey
  const manifest: Manifest = {
    format: EXPORT_FORMAT,
    at,
    columns: EVENT_ROW,
    verificationKey: key === undefined ? null : verificationKeyOf(key),
    stores: stores.map(({ service, end, consumers, parked }) => ({
      service,
      incarnation: end.incarnation,
      position: String(end.position),
      consumers: consumers.map(row => ({ ...row, position: String(row.position) })),
      parked: parked.map(row => ({ ...row, position: String(row.position) })),
    })),
  }
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
}

async function checkpointText(source: Source, { service }: StoreFacts): Promise<Buffer> {
  const { lines } = await source.checkpoints(service)
  return Buffer.from(lines.map(({ text }) => `${text}\n`).join(''))
}

const README = `Tongchou export
===============
manifest.json      what was exported and when; incarnation and end of each store; public key
<service>/checkpoints.ndjson
                   signed checkpoints: size, Merkle root, time (text of C2SP tlog-checkpoint)
<service>/events.copy.gz
                   all events in order, rows of PostgreSQL's binary COPY, gzip:

  create table event (pos bigint, at_ms bigint, version integer, schema integer, id uuid,
    partition smallint, closes boolean, stream text, type text,
    hash bytea, meta bytea, data bytea);
  \\copy event from program 'gunzip -c events.copy.gz' with (format binary)

meta and data are Avro in single-object encoding; the schemas stand in contracts/avro.
Check everything, with nothing running:  npx tongchou audit verify --export <this file>

Names and numbers of persons are in it only encrypted, without their keys. Sex, birth dates and
diagnoses stand in submitted claims: keep this file as you keep the database.
`

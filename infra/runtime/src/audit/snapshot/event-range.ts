/** Events of some partitions between two positions, by COPY, on a connection of its own. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { Client } from 'pg'
import { assertSchemaName } from '../../event-store/postgres/migrate.ts'
import { copyEvents } from './copy.ts'
import { EVENT_ROW, type EventRow } from './event-rows.ts'

export type EventRange = {
  readonly types: readonly EventType[]
  readonly partitions: readonly number[]
  readonly after: bigint
  /** Included. */
  readonly upTo: bigint
}

/**
 * Tells the events in the order of their positions; each is valid during its call only. What
 * `onEvent` throws ends the connection and is thrown.
 */
export async function readEventRange(
  { url, schema }: { readonly url: string; readonly schema: string },
  range: EventRange,
  onEvent: (event: EventRow) => void,
): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'tongchou what-if',
    options: '-c default_transaction_read_only=on -c statement_timeout=0 -c jit=off',
  })
  client.on('error', () => {}) // the query in hand says so too
  await client.connect()
  try {
    await copyEvents(client, textOf(schema, range), onEvent)
  } finally {
    void client.end().catch(() => {})
  }
}

/** COPY takes no parameters: only numbers and names of our own types are written out. */
function textOf(schema: string, { types, partitions, after, upTo }: EventRange): string {
  assertSchemaName(schema)
  const names = types.filter(type => /^[A-Za-z]+$/u.test(type)).map(type => `'${type}'`)
  const numbers = partitions.map(Number).join(', ')
  return `select ${EVENT_ROW} from ${schema}.event
    where pos > ${after} and pos <= ${upTo} and type in (${names.join(', ')})
      and partition in (${numbers}) order by pos`
}

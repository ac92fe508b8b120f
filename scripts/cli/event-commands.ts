/** Commands about stored events and parked messages: events tail, events show, parked. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { PostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Command } from 'commander'
import { ask } from './http.ts'
import type { Instance } from './instance.ts'
import { CommandFault, databaseUrlOf, openInstance } from './instance.ts'
import { table } from './show.ts'

type Global = { readonly dataDir: string }
type Fact = { readonly position: number; readonly type: string; readonly at: string }
type Page = { readonly events: readonly (Fact & { data: unknown })[]; readonly next: number }

const FOLLOW_MS = 1000

export function addEventCommands(program: Command): void {
  const events = program.command('events').description('stored events')
  events
    .command('tail')
    .description('public facts of clearing in order, one JSON a line')
    .option('--after <position>', 'start behind this position', '0')
    .option('--follow', 'wait for more')
    .addHelpText('after', '\nExample:\n  tongchou events tail --after 1000 --follow')
    .action(async (options: { after: string; follow?: boolean }, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      await tailEvents(instance, positionFrom(options.after), options.follow === true)
    })
  events
    .command('show')
    .description('one event as it is stored, decoded; personal data stay encrypted')
    .argument('<service>', SERVICES.join(', '))
    .argument('<position>', 'position in the store of the service')
    .addHelpText('after', '\nExample:\n  tongchou events show clearing 42')
    .action(async (service: string, position: string, _: object, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      await withStore(instance, serviceFrom(service), store => show(store, positionFrom(position)))
    })
  addParkedCommands(program)
}

function addParkedCommands(program: Command): void {
  const parked = program.command('parked').description('messages set aside with their keys')
  parked
    .command('list')
    .description('every parked key: why, since when, how many messages wait behind it')
    .addHelpText('after', '\nExample:\n  tongchou parked list')
    .action(async (_: object, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      await listParked(instance)
    })
  parked
    .command('replay')
    .description('handle the messages of a parked key again, in order')
    .argument('<group>', 'consumer group, as `parked list` names it')
    .argument('<key>', 'the key')
    .addHelpText(
      'after',
      '\nExample:\n  tongchou parked replay claims.adjudicate 5c5d7a62-0000-8000-8000-000000000000',
    )
    .action(async (group: string, key: string, _: object, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      const service = serviceFrom(group.split('.')[0] ?? '')
      await withStore(instance, service, async store => {
        const count = await store.progress.requestReplay(group, key)
        if (count === 0) throw new CommandFault(`nothing is parked for ${key} in ${group}`)
        console.log(`${count} messages of ${key} are replayed by the holder of their partition.`)
      })
    })
}

function serviceFrom(name: string): ServiceName {
  const service = SERVICES.find(known => known === name)
  if (service !== undefined) return service
  throw new CommandFault(`${name} is no service; there are ${SERVICES.join(', ')}`)
}

function positionFrom(text: string): bigint {
  if (/^[0-9]{1,18}$/.test(text)) return BigInt(text)
  throw new CommandFault(`${text} is no position: give a whole number`)
}

async function tailEvents(instance: Instance, after: bigint, follow: boolean): Promise<void> {
  const token = await instance.token({ role: 'centre' })
  const base = `${instance.urlOf('clearing')}/v1/events?limit=1000&after=`
  for (let at = after; ; ) {
    const { events, next } = await ask<Page>(`${base}${at}`, { token })
    for (const event of events) console.log(JSON.stringify(event))
    const end = BigInt(next) === at
    if (end && !follow) return
    if (end) await sleep(FOLLOW_MS)
    at = BigInt(next)
  }
}

async function show(store: PostgresStore, position: bigint): Promise<void> {
  const [stored] = position > 0n ? await store.readAll(position - 1n, 1) : []
  if (stored === undefined) throw new CommandFault(`there is no event at ${position}`)
  const event = recorded(stored)
  const { id, type, stream, version, at, partition, hash, data } = event
  const shown = {
    position,
    id,
    type,
    stream,
    version,
    at,
    partition,
    hash,
    meta: event.meta(),
    data,
  }
  console.log(JSON.stringify(shown, readable, 2))
}

/** Amounts and positions as digits, bytes as hex. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return JSON.rawJSON(`${value}`)
  const bytes = value as { type?: unknown; data?: unknown } | null
  const isBytes = typeof value === 'object' && bytes?.type === 'Buffer'
  return isBytes && Array.isArray(bytes.data) ? Buffer.from(bytes.data).toString('hex') : value
}

async function listParked(instance: Instance): Promise<void> {
  const rows: (string | number)[][] = []
  for (const service of SERVICES) {
    await withStore(instance, service, async store => {
      const byKey = Map.groupBy(await store.progress.parked({}), row => `${row.group} ${row.key}`)
      for (const messages of byKey.values()) {
        const [first] = messages
        if (first === undefined) continue
        const since = new Date(first.parkedAtMs).toISOString()
        rows.push([first.group, first.key, messages.length, since, first.reason])
      }
    })
  }
  if (rows.length === 0) console.log('Nothing is parked.')
  else console.log(table(['group', 'key', 'messages', 'since', 'reason'], rows))
}

async function withStore(
  instance: Instance,
  service: ServiceName,
  work: (store: PostgresStore) => Promise<void>,
): Promise<void> {
  const database = { url: databaseUrlOf(instance), applicationName: 'tongchou-cli' }
  const store = await openPostgresStore({ database, schema: service })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

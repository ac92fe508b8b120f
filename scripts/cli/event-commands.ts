/** Commands about stored events and parked messages: events tail, events show, parked. */
import { setTimeout as sleep } from 'node:timers/promises'
import { asyncApiDocument } from '@tongchou/contracts/public/asyncapi.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { ParkedRow } from '@tongchou/runtime/event-store/port.ts'
import type { PostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { asyncApiOptions } from '@tongchou/runtime/public/routes.ts'
import type { Command } from 'commander'
import { withDatabase } from './database.ts'
import { ask } from './http.ts'
import type { Instance } from './instance.ts'
import { CommandFault, openInstance } from './instance.ts'
import { jsonOf, storedEvent, textOf } from './show/stored-event.ts'
import { table } from './show.ts'

type Global = { readonly dataDir: string }
type Fact = { readonly position: number; readonly type: string; readonly at: string }
type Page = { readonly events: readonly (Fact & { data: unknown })[]; readonly next: number }

type TailOptions = { readonly service: string; readonly after: string; readonly follow?: boolean }
type Tail = { readonly service: ServiceName; readonly after: bigint; readonly follow: boolean }

const FOLLOW_MS = 1000
/** Services with public facts. */
const PUBLISHERS: readonly ServiceName[] = ['clearing', 'funds', 'providers', 'claims']

const ASYNCAPI_EXAMPLES = `
Examples:
  tongchou asyncapi > asyncapi.json
  TONGCHOU_KAFKA=kafka-1:9092,kafka-2:9092 tongchou asyncapi`

const SHOW_EXAMPLES = `
Examples:
  tongchou events show clearing 42
  tongchou events show funds 7 --json`

export function addEventCommands(program: Command): void {
  program
    .command('asyncapi')
    .description('the AsyncAPI document of the public topics; nothing needs to run')
    .addHelpText('after', ASYNCAPI_EXAMPLES)
    .action(() => {
      const document = asyncApiDocument(asyncApiOptions(process.env))
      console.log(JSON.stringify(document, null, 2))
    })
  const events = program.command('events').description('stored events')
  events
    .command('tail')
    .description('public facts of a service in order, one JSON a line')
    .option('--service <name>', 'clearing, funds, providers or claims', 'clearing')
    .option('--after <position>', 'start behind this position', '0')
    .option('--follow', 'wait for more')
    .addHelpText('after', '\nExample:\n  tongchou events tail --after 1000 --follow')
    .action(async (options: TailOptions, command: Command) => {
      const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
      await tailEvents(instance, {
        service: publisherFrom(options.service),
        after: positionFrom(options.after),
        follow: options.follow === true,
      })
    })
  events
    .command('show')
    .description('one event as it is stored, decoded; what tells of a person is not shown')
    .argument('<service>', SERVICES.join(', '))
    .argument('<position>', 'position in the store of the service')
    .option('--json', 'as JSON')
    .addHelpText('after', SHOW_EXAMPLES)
    .action(
      async (service: string, position: string, options: { json?: boolean }, command: Command) => {
        const instance = await openInstance(command.optsWithGlobals<Global>().dataDir)
        await withStore(instance, serviceFrom(service), async store => {
          const event = await storedEvent(store, positionFrom(position))
          if (event === undefined) throw new CommandFault(`there is no event at ${position}`)
          console.log(options.json === true ? jsonOf(event) : textOf(event))
        })
      },
    )
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

function publisherFrom(name: string): ServiceName {
  const service = PUBLISHERS.find(known => known === name)
  if (service !== undefined) return service
  throw new CommandFault(`${name} publishes nothing; ${PUBLISHERS.join(', ')} do`)
}

function positionFrom(text: string): bigint {
  if (/^[0-9]{1,18}$/.test(text)) return BigInt(text)
  throw new CommandFault(`${text} is no position: give a whole number`)
}

async function tailEvents(instance: Instance, { service, after, follow }: Tail): Promise<void> {
  const token = await instance.token({ role: 'centre' })
  const base = `${instance.urlOf(service)}/v1/events?limit=1000&after=`
  for (let at = after; ; ) {
    const { events, next } = await ask<Page>(`${base}${at}`, { token })
    for (const event of events) console.log(JSON.stringify(event))
    const end = BigInt(next) === at
    if (end && !follow) return
    if (end) await sleep(FOLLOW_MS)
    at = BigInt(next)
  }
}

async function listParked(instance: Instance): Promise<void> {
  const rows = await withDatabase(instance, async url => {
    const found: (string | number)[][] = []
    for (const service of SERVICES) {
      await withStoreAt(url, service, async ({ progress }) => {
        found.push(...parkedRows(await progress.parked({})))
      })
    }
    return found
  })
  if (rows.length === 0) console.log('Nothing is parked.')
  else console.log(table(['group', 'key', 'messages', 'first', 'since', 'replay', 'reason'], rows))
}

const REASON_SHOWN = 80

function parkedRows(messages: readonly ParkedRow[]): (string | number)[][] {
  const byKey = Map.groupBy(messages, ({ group, topic, key }) => `${group} ${topic} ${key}`)
  return [...byKey.values()].flatMap(of => {
    const [first] = of
    if (first === undefined) return []
    const { group, key, event, position, parkedAtMs, replay, reason } = first
    const since = new Date(parkedAtMs).toISOString()
    const why = reason.length > REASON_SHOWN ? `${reason.slice(0, REASON_SHOWN)}…` : reason
    return [[group, key, of.length, `${event.type} ${position}`, since, replay ? 'asked' : '', why]]
  })
}

async function withStore(
  instance: Instance,
  service: ServiceName,
  work: (store: PostgresStore) => Promise<void>,
): Promise<void> {
  await withDatabase(instance, url => withStoreAt(url, service, work))
}

async function withStoreAt(
  url: string,
  service: ServiceName,
  work: (store: PostgresStore) => Promise<void>,
): Promise<void> {
  const database = { url, applicationName: 'tongchou-cli' }
  const store = await openPostgresStore({ database, schema: service })
  await work(store).finally(() => store.close())
}

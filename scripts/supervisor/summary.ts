import Table from 'cli-table3'
import type { Supervised } from './child.ts'
import type { Database } from './database.ts'
import type { Kafka } from './kafka.ts'
import type { Ports } from './layout.ts'
import { DEFAULT_DATA_DIR } from './options.ts'
import { serviceUrl } from './readiness.ts'

const NEXT_STEPS = [
  ['a token to call with', 'token'],
  ['a claim from end to end', 'demo'],
  ['check every balance', 'audit verify'],
] as const

/** What runs where, and what to do next. */
export function summary(options: {
  readonly processes: readonly Supervised[]
  readonly ports: Ports
  readonly database: Database
  readonly kafka: Kafka | null
  readonly dataDir: string
  readonly startedInMs: number
}): string {
  const { processes, ports, database, kafka, dataDir, startedInMs } = options
  const table = new Table({
    head: ['process', 'service', 'address'],
    style: { head: [], border: [] },
  })
  for (const { plan, identity } of processes) {
    const name = `${plan.name}\n(process ${identity().pid})`
    const services = plan.services.join('\n')
    table.push([name, services, plan.services.map(each => serviceUrl(plan.ports[each])).join('\n')])
  }
  const pid = database.pid()
  table.push([pid === null ? 'database' : `database\n(process ${pid})`, '', database.where])
  if (kafka !== null) {
    const broker = kafka.pid()
    table.push([broker === null ? 'broker' : `broker\n(process ${broker})`, '', kafka.where])
  }
  const where = dataDir === DEFAULT_DATA_DIR ? '' : `--data-dir ${quoted(dataDir)} `
  const next = [
    ...NEXT_STEPS.map(([what, how]) => [what, `npm run tongchou -- ${where}${how}`] as const),
    ['the interface', `${serviceUrl(ports.clearing)}/openapi.json`],
    ['data and logs', dataDir],
    ['stop', 'Ctrl-C'],
  ]
  const width = Math.max(...next.map(([what = '']) => what.length)) + 2
  const lines = next.map(([what = '', how]) => `  ${what.padEnd(width)}${how}`)
  const took = `Tongchou is ready, ${(startedInMs / 1000).toFixed(1)} s after its start.`
  return [took, table.toString(), ...lines].join('\n')
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

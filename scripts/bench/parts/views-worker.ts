/**
 * Feeds the views of one service the events behind a position, into tables of a schema of its own,
 * and prints what that cost this process. `views.ts` starts it.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openPostgresLog } from '@tongchou/runtime/message-log/postgres.ts'
import { openDatabase } from '@tongchou/runtime/postgres/database.ts'
import { PostgresViewStore } from '@tongchou/runtime/view/postgres.ts'
import { runViews, viewGroups } from '@tongchou/runtime/view/run.ts'
import { VIEWS_OF } from '../../audit/views.ts'
import { resetStatements, statementsSince } from '../instance/statements.ts'
import { treeCpuMicros } from '../machine/processes.ts'

/** Schema of the tables; made anew each time. */
const SCHEMA = 'bench_views'
const POLL_MS = 5

export type ViewsDone = {
  /** Share of the events that was measured: the first third is the warm-up. */
  readonly share: number
  readonly nodeMicros: number
  readonly postgresMicros: number
  /** Of all events. */
  readonly calls: number
}

const [url = '', service = '', from = '{}', postgresPid = '0'] = process.argv.slice(2)
const starts = JSON.parse(from) as Readonly<Record<string, string>>
const startOf = (producer: string) => BigInt(starts[producer] ?? 0)
const database = openDatabase({ url, readers: 6 })
await database.pool.query(`drop schema if exists ${SCHEMA} cascade`)
const store = await openPostgresStore({ database, schema: SCHEMA })
const producers = await Promise.all(
  SERVICES.map(async schema => [schema, await openPostgresStore({ database, schema })] as const),
)
const log = openPostgresLog({ stores: new Map(producers) })
const views = new PostgresViewStore(database, SCHEMA)
const groups = viewGroups(service, VIEWS_OF[service as ServiceName] ?? [])
for (const { group, topic, views: some } of groups) {
  await views.ensure(group, some)
  await database.pool.query(
    `insert into ${SCHEMA}.checkpoint (consumer, topic, partition, position, incarnation)
     select $1, $2, p, $3, (select incarnation from ${topic.service}.head)
     from generate_series(0, ${PARTITIONS - 1}) p`,
    [group, topic.name, starts[topic.service] ?? '0'],
  )
}
const heads = await Promise.all(groups.map(({ topic }) => log.head(topic)))
const total = groups.reduce(
  (sum, { topic }, index) => sum + Number((heads[index] ?? 0n) - startOf(topic.service)),
  0,
)
await resetStatements(database.pool)
const all = spending()
const running = await Promise.all(
  groups.map(viewGroup => runViews({ viewGroup, log, store, views })),
)

/** Begins now; the returned function says what was spent since. */
function spending(): () => Pick<ViewsDone, 'nodeMicros' | 'postgresMicros'> {
  const node = process.cpuUsage()
  const postgres = treeCpuMicros(Number(postgresPid))
  return () => {
    const { user, system } = process.cpuUsage(node)
    const postgresMicros = treeCpuMicros(Number(postgresPid)) - postgres
    return { nodeMicros: user + system, postgresMicros }
  }
}

/** Events that the views have not had yet. */
function left(): number {
  const fault = running.map(one => one.fault()).find(found => found !== null)
  if (fault !== undefined) throw fault
  return running.reduce((sum, one, index) => {
    const behind = Number((heads[index] ?? 0n) - one.handled())
    return sum + Math.max(0, behind)
  }, 0)
}

async function until(events: number): Promise<void> {
  while (left() > events) await new Promise(resolve => setTimeout(resolve, POLL_MS))
}

await until((total * 2) / 3)
const late = spending()
const share = total === 0 ? 1 : left() / total
await until(0)
// Few events come in one batch: then there is no third that could be left out.
const enough = share > 1 / 3
const done: ViewsDone = {
  ...(enough ? { share, ...late() } : { share: 1, ...all() }),
  calls: (await statementsSince(database.pool, 1)).reduce((sum, { calls }) => sum + calls, 0),
}
process.stdout.write(`${JSON.stringify(done)}\n`)
for (const one of running) await one.stop()
await log.close()
for (const [, producer] of producers) await producer.close()
await store.close()
await database.pool.query(`drop schema ${SCHEMA} cascade`)
await database.close()

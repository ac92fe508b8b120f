/** The whole demo set through the doors comes to what is expected, and every view to its fold. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import { MemoryRegistryLog } from '@tongchou/runtime/registry/memory.ts'
import { Registry } from '@tongchou/runtime/registry/registry.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { looksAt } from '@tongchou/runtime/view/port.ts'
import { PostgresViewStore } from '@tongchou/runtime/view/postgres.ts'
import { viewGroups } from '@tongchou/runtime/view/run.ts'
import { DEMO_FOLDER, runDemo } from '../../scripts/cli/demo.ts'
import type { Instance } from '../../scripts/cli/instance.ts'
import { assertBooksHold } from './system/books.ts'
import { Registered } from './system/registered.ts'
import { DEFINITIONS, startSystem } from './system/system.ts'

const system = await startSystem({ after })
const instance: Instance = {
  dataDir: system.dataDir,
  databaseUrl: system.databaseUrl,
  urlOf: service => system.urlOf(service),
  token: grant => system.token(grant),
}

test('the demo set comes to the expected figures, to the fen', async t => {
  const said: unknown[] = []
  for (const name of ['log', 'error'] as const) {
    t.mock.method(console, name, (text: unknown) => void said.push(text))
  }
  const equal = await runDemo(instance, DEMO_FOLDER)
  t.mock.restoreAll()
  assert.ok(equal, said.slice(-3).join('\n'))
  await system.stores.quiet()
  await assertBooksHold(system)
})

/** Rows of every view of every service, in key order. */
async function rowsOfAll(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const rows: Record<string, readonly unknown[]> = {}
  for (const { name, views } of DEFINITIONS) {
    const store = new PostgresViewStore(system.stores.database, name)
    for (const view of views) rows[`${name}.${view.name}`] = await store.all(view)
  }
  return rows
}

/** The same rows folded here from the stores, past every table. */
async function folded(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const stores = new Map(DEFINITIONS.map(({ name }) => [name, new MemoryViewStore()]))
  for (const producer of SERVICES) {
    for (const event of await system.stores.events(producer)) {
      for (const { name, views } of DEFINITIONS) {
        const heard = views.filter(({ topic }) => topic.service === producer)
        stores.get(name)?.apply(heard, event)
      }
    }
  }
  const rows: Record<string, readonly unknown[]> = {}
  for (const { name, views } of DEFINITIONS) {
    for (const view of views) {
      const found = await stores.get(name)?.find(view, { limit: Number.MAX_SAFE_INTEGER })
      rows[`${name}.${view.name}`] = found ?? []
    }
  }
  return rows
}

async function dropAll(): Promise<void> {
  for (const { name, views } of DEFINITIONS) {
    const store = new PostgresViewStore(system.stores.database, name)
    for (const { group, views: own } of viewGroups(name, views)) await store.drop(group, own)
  }
}

function assertSame(
  actual: Readonly<Record<string, readonly unknown[]>>,
  expected: Readonly<Record<string, readonly unknown[]>>,
): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected))
  for (const [view, rows] of Object.entries(expected)) {
    assert.equal(actual[view]?.length, rows.length, view)
    assert.deepEqual(actual[view], rows, view)
  }
}

test('every row of a view is changed by events of one partition, so by one holder', async () => {
  const partitions = new Map<string, number>()
  for (const producer of SERVICES) {
    for (const event of await system.stores.events(producer)) {
      for (const { name, views } of DEFINITIONS) {
        for (const view of views.filter(({ topic }) => topic.service === producer)) {
          if (!looksAt(view, event.type)) continue
          for (const { key } of view.project(event)) {
            const row = `${name}.${view.name} ${key}`
            assert.equal(partitions.get(row) ?? event.partition, event.partition, row)
            partitions.set(row, event.partition)
          }
        }
      }
    }
  }
  assert.ok(partitions.size > 10_000)
})

test('every event, public ones too, is read by the schema that the registry has for it', async () => {
  const registered = new Registered(new Registry(new MemoryRegistryLog()))
  await registered.register()
  let [internal, others] = [0, 0]
  for (const { name, publish } of DEFINITIONS) {
    for (const stored of await system.stores.stored(name)) {
      for (const topic of Object.values<Topic>(TOPICS)) {
        if (!topic.events.includes(stored.type)) continue
        registered.assertReadable(topic.name, stored.data)
        internal += 1
      }
      if (!publish?.events.has(stored.type)) continue
      for (const { topic, data } of publish.publicEvents(recorded(stored))) {
        if (data === null) continue
        registered.assertReadable(topic.name, data)
        others += 1
      }
    }
  }
  assert.ok(internal > 10_000 && others > 1_000, `${internal} and ${others}`)
})

test('every view dropped and built again has the same rows, and they are the fold', async () => {
  const before = await rowsOfAll()
  assert.ok(Object.values(before).filter(rows => rows.length > 0).length >= 10)
  await system.stop()
  await dropAll()
  for (const rows of Object.values(await rowsOfAll())) assert.equal(rows.length, 0)
  await system.start()
  await system.stores.quiet()
  const after = await rowsOfAll()
  assertSame(after, before)
  assertSame(await folded(), before)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PARTITIONS, TOPICS } from '@tongchou/contracts/topics.ts'
import { type MemoryStore, openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { SILENT } from '@tongchou/runtime/service/logger.ts'
import { createMetricsRegistry } from '@tongchou/runtime/service/metrics.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { anyView } from '@tongchou/runtime/view/port.ts'
import { balances } from '../balance/decide.ts'
import { balanceView, cutView } from '../balance/view.ts'
import { journal } from '../journal/decide.ts'
import { NOW } from '../testing/bed.ts'
import { at, premium } from '../testing/events.ts'
import { posted } from '../testing/journal.ts'
import type { BalancesHandler } from './journal.ts'
import { Ledger } from './journal.ts'
import { SelfCheck } from './self-check.ts'

const GROUP = `funds.view.${TOPICS.journal.name}`

async function post(store: MemoryStore, count: number): Promise<void> {
  const handler = new CommandHandler(store, journal, { hotStreams: 10 })
  for (let no = 1; no <= count; no++) {
    const event = at('PremiumReceived', premium('110100', no), BigInt(no))
    await handler.handle(`journal-${no % 3}-2025-01`, posted([event], NOW, no % 3))
  }
}

/** The view has had the events up to a position, in the partitions that its checkpoint says. */
async function follow(store: MemoryStore, views: MemoryViewStore, upTo: bigint): Promise<void> {
  for (const event of await store.readAll(0n, Number(upTo))) {
    views.apply([anyView(balanceView), anyView(cutView)], recorded(event))
  }
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
  const request = { group: GROUP, topic: TOPICS.journal.name, owner: 'test', ttlMs: 60_000 }
  const leases = await store.progress.acquire({ ...request, partitions })
  const positions = leases.map(({ partition, epoch }) => ({ partition, epoch, position: upTo }))
  const { incarnation } = await store.head()
  await store.append([], [{ group: GROUP, topic: TOPICS.journal.name, incarnation, positions }])
}

async function viewCheck(store: MemoryStore, views: MemoryViewStore) {
  const registry = createMetricsRegistry()
  const handler: BalancesHandler = new CommandHandler(store, balances, { hotStreams: 10 })
  const ledger = new Ledger({ store, views, logger: SILENT, balances: handler })
  const check = new SelfCheck({
    ...{ store, views, ledger, logger: SILENT, clock: () => NOW, everyMs: 60_000 },
    metrics: registry.forService('funds'),
  })
  const { checks, ok } = await check.run()
  await check.stop()
  await registry.close()
  return { ok, view: checks.at(-1) }
}

test('a view that is behind is compared with the books as they were then', async () => {
  const [store, views] = [openMemoryStore(), new MemoryViewStore()]
  await post(store, 9)
  await follow(store, views, 5n)
  assert.deepEqual(await viewCheck(store, views), {
    ok: true,
    view: { check: 'view-equals-journal', ok: true, faults: [] },
  })
})

test('a view that lost an event it says it had is found', async () => {
  const [store, views] = [openMemoryStore(), new MemoryViewStore()]
  await post(store, 9)
  await follow(store, views, 5n)
  const table = views.table(balanceView)
  for (const [key, row] of table) table.set(key, { ...row, debitFen: 0n })
  const { ok, view } = await viewCheck(store, views)
  assert.equal(ok, false)
  assert.match(view?.faults[0] ?? '', /1003: 0\/0 instead of 15\/0/)
})

test('of a view that has not begun nothing can be told', async () => {
  const store = openMemoryStore()
  await post(store, 2)
  const { ok, view } = await viewCheck(store, new MemoryViewStore())
  assert.deepEqual([ok, view?.ok], [true, null])
})

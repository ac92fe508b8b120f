import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeMeta } from '@tongchou/contracts/avro/codec.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { chain, EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import type { MemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import type { StreamHead } from '@tongchou/runtime/event-store/port.ts'
import { openMemoryLog } from '@tongchou/runtime/message-log/memory.ts'
import { partitionOf } from '@tongchou/runtime/message-log/partition.ts'
import type { MessageLog } from '@tongchou/runtime/message-log/port.ts'
import type { RunningService } from '@tongchou/runtime/service/definition.ts'
import { SILENT } from '@tongchou/runtime/service/logger.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded, toStore } from '@tongchou/runtime/service/recorded.ts'
import type { TestHttp } from '@tongchou/runtime/testing/http.ts'
import { createTestHttp } from '@tongchou/runtime/testing/http.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { fraud } from './app.ts'
import { META, NOW, PERSON, stay } from './testing/claims.ts'
import type { ClearingEvent } from './testing/clearing.ts'
import { held, settled, submitted, withdrawn } from './testing/clearing.ts'
import { idsFrom } from './testing/service.ts'

const newId = idsFrom('app test')
const FIRST = stay('1', '2025-03-01', '2025-03-09')
const SECOND = stay('2', '2025-03-04', '2025-03-12')
const LARGE = stay('3', '2025-03-05', '2025-03-11', { totalFen: fen(1_000_001) })
const LAST = stay('4', '2025-05-01', '2025-05-02')

let clearing: MemoryStore
let store: MemoryStore
let log: MessageLog
let http: TestHttp
let running: RunningService
const heads = new Map<string, StreamHead>()

before(async () => {
  clearing = openMemoryStore()
  store = openMemoryStore()
  log = openMemoryLog({ stores: new Map([['clearing', clearing]]) })
  http = await createTestHttp()
  running = await fraud.build({
    name: 'fraud',
    store,
    log,
    views: new MemoryViewStore(),
    http: http.app,
    logger: SILENT,
    metrics: http.registry.forService('fraud'),
    env: { TONGCHOU_FRAUD_TWO_PERSON_FEN: '1000000' },
    clock: () => NOW,
    newId,
    urlOf: () => '',
    serviceToken: async () => '',
    personKey: Buffer.alloc(32),
    openKeys: () => Promise.reject(new Error('fraud holds no keys')),
    caughtUp: async () => true,
  })
})
after(async () => {
  await Promise.all(running.consumers.map(consumer => consumer.stop()))
  await log.close()
  await http.close()
})

/** Clearing says something of a claim. */
async function say(event: ClearingEvent) {
  const stream = `claim-${event.data.claimId}`
  const expected = heads.get(stream) ?? EMPTY_HEAD
  const stored = toStore(event, { ...META, commandId: newId() }, 0, PERSON, false)
  const hashes = chain(expected, stream, [stored])
  const [outcome] = await clearing.append([{ stream, expected, events: [stored], hashes }])
  assert(outcome !== undefined)
  heads.set(stream, outcome.head)
}

/** The events of fraud after a position, once there are as many. */
async function heard(from: bigint, count: number): Promise<readonly Recorded[]> {
  for (;;) {
    const appended = new Promise<void>(resolve => {
      const stop = store.onAppend(() => {
        stop()
        resolve()
      })
    })
    const events = await store.readAll(from, 1000)
    if (events.length >= count) return events.map(recorded)
    await appended
  }
}

describe('what clearing says of claims', () => {
  test('submitted claims are scored, in the partition of the person', async () => {
    await say(submitted(FIRST))
    await say(submitted(SECOND))
    const events = await heard(0n, 2)
    assert.deepEqual(
      events.map(({ type, stream, partition, data }) => [
        ...[type, stream, partition],
        'outcome' in data && data.outcome,
      ]),
      [
        ['ClaimScored', `watch-${PERSON}`, partitionOf(PERSON), 'pass'],
        ['ClaimScored', `watch-${PERSON}`, partitionOf(PERSON), 'hold'],
      ],
    )
    const [first] = await store.readAll(0n, 1)
    assert(first !== undefined)
    assert.deepEqual(
      [decodeMeta(first.meta).key, decodeMeta(first.meta).actor],
      [PERSON, 'service:fraud'],
    )
  })

  test('held claims open cases; a total above the amount needs two reviewers', async () => {
    await say(held(SECOND))
    await say(held(LARGE))
    const cases = (await heard(2n, 2)).filter(event => event.type === 'CaseOpened')
    assert.deepEqual(
      cases.map(({ stream, data }) => [stream, data.totalFen, data.approvalsNeeded]),
      [
        [`case-${SECOND.claimId}`, 2_000n, 1],
        [`case-${LARGE.claimId}`, 1_000_001n, 2],
      ],
    )
  })

  test('withdrawn claims close their case and no longer count; settled ones change nothing', async () => {
    await say(settled(FIRST))
    await say(withdrawn(SECOND))
    await say(submitted(LAST))
    const events = await heard(4n, 3)
    assert.deepEqual(events.map(({ type }) => type).sort(), [
      'CaseClosed',
      'ClaimScored',
      'ScoreWithdrawn',
    ])
    const score = events.find(event => event.type === 'ClaimScored')
    const features = score?.data.features.map(({ name, value }) => `${name} ${value}`)
    assert.deepEqual(features?.slice(0, 3), ['watchRevision 3', 'seenClaims 1', 'seenStays 1'])
  })
})

test('a setting out of bounds stops the start and names the variable', async () => {
  const env = { TONGCHOU_FRAUD_TWO_PERSON_FEN: '-1', TONGCHOU_FRAUD_HOT_PERSONS: 'many' }
  await assert.rejects(
    fraud.build({ env } as never),
    /TONGCHOU_FRAUD_TWO_PERSON_FEN .*\n.*TONGCHOU_FRAUD_HOT_PERSONS/,
  )
})

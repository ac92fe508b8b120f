import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { MemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { MemoryKeys } from '@tongchou/runtime/keys/memory.ts'
import type { Batch, Message } from '@tongchou/runtime/message-log/port.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { ERASURE_GROUP, eraseAll } from './enrollment-erasure.ts'

const [GONE, STAYS] = [idFor<PersonId>('gone'), idFor<PersonId>('stays')]
const TOPIC = 'enrollment.erasure.v1'

function messageOf(personId: PersonId, position: bigint): Message {
  const data = { personId, reason: 'person-asked' }
  const event = toStore({ type: 'PersonalDataErased', data }, fixedMeta(), 0, personId, false)
  assert.deepEqual(event.data, encodeEvent('PersonalDataErased', data))
  const stream = `person-${personId}`
  const place = { position, stream, version: 2, hash: Buffer.alloc(32), incarnation: newUuid() }
  return { ...event, ...place, topic: TOPIC }
}

async function leased(store: MemoryStore, message: Message): Promise<Batch> {
  const { partition, incarnation, position } = message
  const name = { group: ERASURE_GROUP, topic: TOPIC, owner: 'test', ttlMs: 60_000 }
  const [lease] = await store.progress.acquire({ ...name, partitions: [partition] })
  const epoch = lease?.epoch ?? assert.fail('not leased')
  const progress = { ...name, incarnation, positions: [{ partition, position, epoch }] }
  return { messages: [message], progress, parkedKeys: new Set(), replay: null, crashes: 0 }
}

test('the key of who was erased is destroyed, once and again, before the checkpoint moves', async () => {
  const store = new MemoryStore({})
  const keys = new MemoryKeys()
  await keys.obtain([GONE, STAYS])
  const forgotten: PersonId[] = []
  const erasing = { store, keys, erased: (person: PersonId) => void forgotten.push(person) }
  const batch = await leased(store, messageOf(GONE, 7n))
  const away = { ...erasing, store: { append: () => Promise.reject(new Error('away')) } }
  await assert.rejects(eraseAll(away, batch), /away/)
  assert.equal((await keys.find([GONE])).get(GONE), 'destroyed')
  await eraseAll(erasing, batch)
  const found = await keys.find([GONE, STAYS])
  assert.equal(found.get(GONE), 'destroyed')
  assert.ok(found.get(STAYS) instanceof Buffer)
  assert.deepEqual(forgotten, [GONE, GONE])
  const positions = await store.progress.positions(ERASURE_GROUP, TOPIC)
  assert.deepEqual([...positions.values()], [7n])
})

test('whose key nobody had here gets none ever', async () => {
  const store = new MemoryStore({})
  const keys = new MemoryKeys()
  await eraseAll({ store, keys, erased: () => {} }, await leased(store, messageOf(GONE, 1n)))
  assert.equal((await keys.obtain([GONE])).get(GONE), 'destroyed')
})

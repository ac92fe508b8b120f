/** What holds when the only broker is killed or frozen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  newName,
  newTopic,
  type OpenBrokenBed,
  read,
  readBack,
  recordsOf,
  sendUntilStored,
  until,
  withoutRepeats,
} from './bed.ts'

const SEND_MS = 3000
const ROUNDS = 40
const KILL_AT = 15
const WAIT_MS = 25

export function deadlineLaws(open: OpenBrokenBed): void {
  for (const how of ['frozen', 'killed'] as const) {
    test(`a send to a broker that is ${how} fails at its deadline, and works again`, async t => {
      const bed = await open(t)
      const topic = await newTopic(bed, 2)
      const client = bed.client({ sendTimeoutMs: SEND_MS })
      const reader = await read(client, newName(bed, 'group'), topic)
      await client.produce(topic, 0, recordsOf('before'))
      await until('read', () => reader.values().length > 0)
      await bed.stop(how)
      const beganMs = performance.now()
      const sent = [0, 1].map(at => client.produce(topic, at, recordsOf('during')))
      for (const outcome of await Promise.allSettled(sent)) {
        assert.equal(outcome.status, 'rejected')
        assert.match(`${outcome.reason}`, new RegExp(`${topic}/\\d`))
        assert.deepEqual({ ...outcome.reason }, { ...outcome.reason, retryable: true })
      }
      const tookMs = performance.now() - beganMs
      assert.ok(tookMs < SEND_MS + 1000, `gave up after ${tookMs} ms`)
      await until('a fault is told', () => reader.fault() !== null)
      await bed.start()
      await sendUntilStored(client, [topic, 0], recordsOf('after'))
      await until('read on', () => reader.values(0).includes('after'))
      await until('the fault is over', () => reader.fault() === null)
      assert.equal(reader.crash(), null)
    })
  }
}

export function durabilityLaws(open: OpenBrokenBed): void {
  test('nothing acknowledged is lost and order is kept over kill -9 and start', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, 2)
    const client = bed.client({ sendTimeoutMs: SEND_MS })
    const reader = await read(client, newName(bed, 'group'), topic)
    const values = Array.from({ length: ROUNDS }, (_, at) => `${at}`)
    const killed = Promise.withResolvers<void>()
    const send = async (partition: number): Promise<void> => {
      for (const [at, value] of values.entries()) {
        await sleep(WAIT_MS)
        if (partition === 0 && at === KILL_AT) killed.resolve(bed.stop('killed'))
        await sendUntilStored(client, [topic, partition], recordsOf(value))
      }
    }
    const sending = [send(0), send(1)]
    await killed.promise
    await bed.start()
    await Promise.all(sending)
    await until('all read', () => [0, 1].every(at => new Set(reader.values(at)).size === ROUNDS))
    for (const [partition, stored] of await readBack(bed, topic)) {
      assert.deepEqual(withoutRepeats(stored), values)
      assert.deepEqual(withoutRepeats(reader.values(partition)), values)
    }
  })
}

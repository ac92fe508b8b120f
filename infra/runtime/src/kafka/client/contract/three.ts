/** What holds when one of three brokers goes. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Bed,
  newName,
  newTopic,
  read,
  readBack,
  recordsOf,
  sendAllUntilStored,
  sendUntilStored,
  until,
  withoutRepeats,
} from './bed.ts'

export type OneOfThree = {
  stop(how: 'killed' | 'frozen'): Promise<void>
  start(): Promise<void>
}

export type ThreeBed = Bed & {
  leaderOf(topic: string, partition: number): Promise<OneOfThree>
  coordinatorOf(group: string): Promise<OneOfThree>
}

export type OpenThreeBed = (t: TestContext) => Promise<ThreeBed>

/** Brokers of all tests of a file, until `end`. */
export type ThreeBrokers = { readonly open: OpenThreeBed; end(): Promise<void> }

const SEND_MS = 4000
const PARTITIONS = 8
const ROUNDS = 60
const STOP_AT = 15
const WAIT_MS = 20
const BATCH = 5
const PARTS = Array.from({ length: PARTITIONS }, (_, at) => at)

export function leaderLaws(open: OpenThreeBed): void {
  for (const how of ['killed', 'frozen'] as const) {
    test(`a leader ${how} while sending: others go on without it, nothing is lost`, async t => {
      const bed = await open(t)
      const topic = await newTopic(bed, PARTITIONS)
      const client = bed.client({ sendTimeoutMs: SEND_MS })
      const reader = await read(client, newName(bed, 'group'), topic)
      const leader = await bed.leaderOf(topic, 0)
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round === STOP_AT) await leader.stop(how)
        const records = recordsOf(...valuesOf(round))
        const together = round % 2 === 1
        const sent = together
          ? [
              sendAllUntilStored(
                client,
                PARTS.map(partition => ({ topic, partition, records })),
              ),
            ]
          : PARTS.map(partition => sendUntilStored(client, [topic, partition], records))
        await Promise.all([...sent, sleep(WAIT_MS)])
      }
      await leader.start()
      const expected = Array.from({ length: ROUNDS }, (_, round) => valuesOf(round)).flat()
      for (const [partition, stored] of await readBack(bed, topic)) {
        assert.deepEqual(withoutRepeats(stored), expected, `partition ${partition}`)
      }
      await until('all read', () =>
        PARTS.every(at => new Set(reader.values(at)).size === expected.length),
      )
      for (const at of PARTS) assert.deepEqual(withoutRepeats(reader.values(at)), expected)
      assert.equal(reader.crash(), null)
    })
  }
}

function valuesOf(round: number): readonly string[] {
  return Array.from({ length: BATCH }, (_, at) => `${round}.${at}`)
}

export function coordinatorLaws(open: OpenThreeBed): void {
  test('a group goes on, and commits, when its coordinator is killed', async t => {
    const bed = await open(t)
    const topic = await newTopic(bed, PARTITIONS)
    const group = newName(bed, 'group')
    const client = bed.client({ sendTimeoutMs: SEND_MS })
    const readers = [await read(client, group, topic), await read(bed.client(), group, topic)]
    const given = () => new Set(readers.flatMap(reader => reader.values()))
    const sendAll = (value: string) =>
      Promise.all(PARTS.map(at => sendUntilStored(client, [topic, at], recordsOf(`${value}${at}`))))
    await until('shared', () => readers.every(reader => reader.assigned().size === 4))
    await sendAll('before')
    await until('read', () => given().size === PARTITIONS)
    const coordinator = await bed.coordinatorOf(group)
    await coordinator.stop('killed')
    for (const value of ['a', 'b', 'c']) await sendAll(value)
    await until('read on', () => given().size === 4 * PARTITIONS, 25_000)
    const [reader] = readers
    const mine = [...(reader?.assigned() ?? [])][0] ?? assert.fail('nothing assigned')
    const end = (await client.offsets(topic)).get(mine)?.next ?? assert.fail('no offsets')
    await until('a commit is taken', async () => {
      try {
        await reader?.consumer.commit(new Map([[mine, end]]))
        return true
      } catch {
        return false
      }
    })
    for (const each of readers) await each.consumer.close()
    const next = await read(client, group, topic)
    await until('read from there', () => new Set(next.values()).size === 4 * (PARTITIONS - 1))
    assert.deepEqual(next.values(mine), [])
    assert.deepEqual(
      readers.map(each => each.crash()),
      [null, null],
    )
    await coordinator.start()
  })
}

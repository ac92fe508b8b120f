/** Keys that fail are set aside and replayed (law 6). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ParkedMessage } from '../../event-store/port.ts'
import type { Batch, Message } from '../port.ts'
import {
  byPartition,
  effectsIn,
  FAST,
  GROUP,
  keyOf,
  type OpenBed,
  record,
  say,
  takeEffect,
  until,
} from '../testing.ts'

export function parkedLaws(open: OpenBed): void {
  it('a key that fails is parked, others go on; it is replayed before what is newer', async t => {
    const bed = await open(t)
    const here = await bed.instance(FAST)
    let broken = true
    const order: string[] = []
    const running = await record(here, {
      maxBatch: 2,
      before: async batch => {
        await handleOrPark(batch)
        return true
      },
    })

    async function handleOrPark(batch: Batch): Promise<void> {
      const bad = (message: Message) => keyOf(message).startsWith('p1-bad')
      const blocked = (message: Message) =>
        bad(message) && (broken || (batch.replay === null && batch.parkedKeys.has('p1-bad')))
      const good = batch.messages.filter(message => !blocked(message))
      const park: ParkedMessage[] = batch.messages.filter(blocked).map(event => {
        const { partition, position } = event
        const row = { partition, key: 'p1-bad', position, event }
        return { ...row, reason: 'poison', parkedAtMs: 1_767_225_600_000 }
      })
      const last = good.at(-1)
      const unpark =
        batch.replay !== null && last !== undefined
          ? [{ partition: last.partition, key: 'p1-bad', position: last.position }]
          : []
      await takeEffect(here.consumer, good, { ...batch.progress, park, unpark })
      order.push(...good.map(keyOf))
    }

    await say(here.producer, ['p1-bad.1', 'p1-good.1', 'p2-good', 'p1-bad.2'])
    await until('around it', () => running.handled() === 4n)
    assert.deepEqual(byPartition(order), ['p1-good.1', 'p2-good'])
    assert.equal((await here.consumer.progress.parked({ group: GROUP })).length, 2)

    await here.consumer.progress.requestReplay(GROUP, 'p1-bad')
    await until('tried and failed', async () => {
      const rows = await here.consumer.progress.parked({ group: GROUP })
      return rows.length === 2 && rows[0]?.replay === false
    })
    broken = false
    await say(here.producer, ['p1-bad.3', 'p1-good.2'])
    await until('behind it', () => running.handled() === 6n)
    assert.deepEqual(byPartition(order), ['p1-good.1', 'p1-good.2', 'p2-good'])

    await here.consumer.progress.requestReplay(GROUP, 'p1-bad')
    await until('replayed', async () => (await here.consumer.progress.parked({})).length === 0)
    await say(here.producer, ['p1-bad.4'])
    await until('as before', () => order.length === 7)
    assert.deepEqual(order.slice(3), ['p1-bad.1', 'p1-bad.2', 'p1-bad.3', 'p1-bad.4'])
    assert.equal(new Set(await effectsIn(here.consumer)).size, 7)
  })
}

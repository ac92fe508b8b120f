/** Topics that every replica reads whole. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Message } from '../port.ts'
import { byPartition, keyOf, type OpenBed, say, TOPIC, until } from '../testing.ts'

export function broadcastLaws(open: OpenBed): void {
  for (const topic of [TOPIC, { ...TOPIC, keyedBy: 'broadcast' as const }]) {
    it(`a broadcast by ${topic.keyedBy} is complete when it resolves, then follows`, async t => {
      const bed = await open(t)
      const here = await bed.instance()
      await say(here.producer, ['p1-a', 'p2-a'])
      await say(here.producer, ['p1-x'], 'ScoreReceived')
      await here.arrived?.()
      const heard: string[] = []
      const handle = (messages: readonly Message[]) => heard.push(...messages.map(keyOf))
      const running = await here.log.broadcast({ topic, handle })
      assert.deepEqual(byPartition(heard), ['p1-a', 'p2-a'])
      await until('handled', () => running.handled() === 3n)
      await say(here.producer, ['p7-b'])
      await until('live', () => running.handled() === 4n)
      assert.deepEqual(byPartition(heard), ['p1-a', 'p2-a', 'p7-b'])
    })
  }

  it('a broadcast whose handler fails stops and says so', async t => {
    const bed = await open(t)
    const here = await bed.instance()
    const handle = () => {
      throw new Error('cannot')
    }
    const running = await here.log.broadcast({ topic: TOPIC, handle })
    await say(here.producer, ['p1-a'])
    await until('fault', () => running.fault()?.message === 'cannot')
    await assert.rejects(here.log.broadcast({ topic: TOPIC, handle }), { message: 'cannot' })
  })
}

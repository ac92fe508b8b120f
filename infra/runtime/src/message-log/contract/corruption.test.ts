/** Law 5: what is missing or from another store stops the consumer; nothing is passed over. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { newUuid } from '@tongchou/contracts/id.ts'
import { type MemoryStore, openMemoryStore } from '../../event-store/memory.ts'
import { Fault, type FaultCode } from '../../service/fault.ts'
import { openMemoryLog } from '../memory.ts'
import type { LogSource } from '../store-feed.ts'
import { effectsIn, GROUP, type Instance, keyOf, record, say, TOPIC, until } from '../testing.ts'

function over(t: TestContext, producer: MemoryStore, source: Partial<LogSource>): Instance {
  const whole: LogSource = {
    readAll: source.readAll ?? ((after, limit) => producer.readAll(after, limit)),
    head: source.head ?? (() => producer.head()),
    onAppend: listener => producer.onAppend(listener),
  }
  const log = openMemoryLog({ stores: new Map([['clearing', whole]]) })
  t.after(() => log.close())
  return { producer, consumer: openMemoryStore(), log }
}

/** The consumer must stop before anything is handed to it. */
async function stopsWith(instance: Instance, code: FaultCode): Promise<void> {
  const running = await record(instance, { before: () => assert.fail('handed') })
  await until(code, () => {
    const fault = running.fault()
    return fault instanceof Fault && fault.code === code
  })
  await running.stop()
}

describe('a damaged log', () => {
  it('with a hole stops the consumer before what stands behind it', async t => {
    const producer = openMemoryStore()
    await say(producer, ['p1-a', 'p1-lost', 'p1-c'])
    const here = over(t, producer, {
      readAll: async (after, limit) => {
        const page = await producer.readAll(after, limit)
        return page.filter(event => keyOf(event) !== 'p1-lost')
      },
    })
    await stopsWith(here, 'hole')
    assert.deepEqual(await effectsIn(here.consumer), [])
    const broadcast = here.log.broadcast({ topic: TOPIC, handle: () => assert.fail('handled') })
    await assert.rejects(broadcast, { code: 'hole' })
  })

  it('that ends before the checkpoint stops the consumer', async t => {
    const producer = openMemoryStore()
    await say(producer, ['p1-a', 'p1-b'])
    const here = over(t, producer, {})
    const first = await record(here)
    await until('handled', () => first.handled() === 2n)
    await first.stop()
    const shorter = openMemoryStore({ incarnation: producer.incarnation })
    await stopsWith({ ...over(t, shorter, {}), consumer: here.consumer }, 'hole')
  })

  it('of another incarnation stops the consumer at its start', async t => {
    const producer = openMemoryStore()
    await say(producer, ['p1-a'])
    const here = over(t, producer, {})
    const first = await record(here)
    await until('handled', () => first.handled() === 1n)
    await first.stop()
    const other = openMemoryStore()
    await say(other, ['p1-x', 'p1-y'])
    await stopsWith({ ...over(t, other, {}), consumer: here.consumer }, 'incarnation')
    assert.deepEqual(await effectsIn(here.consumer), ['p1-a'])
  })

  it('that is exchanged under a running consumer stops it', async t => {
    const producer = openMemoryStore()
    let incarnation = producer.incarnation
    const here = over(t, producer, {
      head: async () => ({ ...(await producer.head()), incarnation }),
    })
    const running = await record(here)
    await say(producer, ['p1-a'])
    await until('handled', () => running.handled() === 1n)
    incarnation = newUuid()
    await until('stopped', () => (running.fault() as Fault | null)?.code === 'incarnation')
    const positions = await here.consumer.progress.positions(GROUP, TOPIC.name)
    assert.deepEqual(new Set(positions.values()), new Set([1n]))
  })

  it('that does not answer is asked again until it does', async t => {
    const producer = openMemoryStore()
    let failures = 3
    const here = over(t, producer, {
      readAll: async (after, limit) => {
        if (failures-- > 0) throw new Fault('unavailable', 'away')
        return producer.readAll(after, limit)
      },
    })
    await say(producer, ['p1-a'])
    const running = await record(here)
    await until('handled', () => running.handled() === 1n)
    assert.equal(failures, -1)
    assert.equal(running.fault(), null)
  })
})

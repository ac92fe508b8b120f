import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import { openMemoryStore } from '../../event-store/memory.ts'
import {
  byPartition,
  effectsIn,
  type Instance,
  keyOf,
  record,
  say,
  TOPIC,
  until,
} from '../../message-log/testing.ts'
import { Fault } from '../../service/fault.ts'
import { MemoryKafka, type SendFate } from '../client/memory.ts'
import { openKafkaLog } from '../log.ts'
import { arrivalOf, type Link } from '../wire.ts'
import { openMemoryMarks, type RelayMarks } from './marks.ts'
import { internalRecords } from './outgoing.ts'
import { Relay, type RelayOptions } from './relay.ts'

const TIMES = { ttlMs: 400, lingerMs: 0, saveMs: 10, watermarkMs: 20, pollMs: 20 }

class Bed {
  readonly kafka = new MemoryKafka()
  readonly producer = openMemoryStore()
  readonly marks: RelayMarks = openMemoryMarks()
  readonly #t: TestContext

  constructor(t: TestContext) {
    this.#t = t
  }

  async ready(): Promise<this> {
    const spec = { name: TOPIC.name, partitions: 8, config: {} }
    await this.kafka.client().ensureTopics([spec])
    return this
  }

  relay(marks = this.marks, pulse?: RelayOptions['pulse']): Relay {
    const relay = new Relay({
      ...(pulse === undefined ? {} : { pulse }),
      service: TOPIC.service,
      store: this.producer,
      marks,
      client: this.kafka.client({ sendTimeoutMs: 50 }),
      topics: [TOPIC],
      types: new Set<EventType>(TOPIC.events),
      outgoing: internalRecords(TOPIC.service, [TOPIC], () => 7),
      nowMs: () => 1_767_225_600_000,
      times: TIMES,
    })
    this.#t.after(() => relay.stop())
    return relay
  }

  consumer(): Instance {
    const consumer = openMemoryStore()
    const log = openKafkaLog({
      client: this.kafka.client(),
      service: 'claims',
      store: consumer,
      headOf: async () => (await this.producer.head()).position,
      idleProgressMs: 20,
    })
    this.#t.after(() => log.close())
    return { producer: this.producer, consumer, log }
  }

  /** What stands in a partition: number, position, position before, text of the message. */
  async standing(partition: number): Promise<(readonly [string, number, number, string | null])[]> {
    const records = this.kafka.read(TOPIC.name, partition, 0n, 1000)
    return records.map(one => {
      const { position, previous, message } = arrivalOf(TOPIC.name, one)
      const sequence = one.headers['ce_sequence']?.toString() ?? 'watermark'
      const text = message === null ? null : keyOf(message)
      return [sequence.replace(/^0+/, ''), Number(position), Number(previous), text] as const
    })
  }
}

describe('a relay', () => {
  it('numbers the records of each partition from 1 and links each to the one before', async t => {
    const bed = await new Bed(t).ready()
    bed.relay()
    await say(bed.producer, ['p1-a', 'p2-a', 'p1-b'])
    await until('sent', async () => (await bed.standing(1)).length === 2)
    assert.deepEqual(await bed.standing(1), [
      ['1', 1, 0, 'p1-a'],
      ['2', 3, 1, 'p1-b'],
    ])
    await until('told', async () => (await bed.standing(2)).length === 2)
    assert.deepEqual(await bed.standing(2), [
      ['1', 2, 0, 'p2-a'],
      ['watermark', 3, 2, null],
    ])
  })

  for (const fate of ['refused', 'unanswered', 'in-part', 'twice'] satisfies SendFate[]) {
    it(`whose sends are ${fate} now and then leads to each effect once, in order`, async t => {
      const bed = await new Bed(t).ready()
      let sends = 0
      bed.kafka.fateOf = () => (++sends % 3 === 0 ? fate : 'stored')
      bed.relay()
      const here = bed.consumer()
      const running = await record(here)
      const keys = Array.from({ length: 60 }, (_, n) => `p${n % 4}-${n}`)
      for (const key of keys) await say(bed.producer, [key])
      await until('handled', () => running.handled() === 60n)
      assert.deepEqual(byPartition(await effectsIn(here.consumer)), byPartition(keys))
    })
  }

  it('sends again from its mark after a crash, with the same numbers', async t => {
    const bed = await new Bed(t).ready()
    const forgetful = { ...bed.marks, save: async () => {} }
    const first = bed.relay(forgetful)
    await say(bed.producer, ['p1-a', 'p1-b'])
    await until('sent', async () => (await bed.standing(1)).length === 2)
    await first.stop()
    bed.relay()
    await until('again', async () => (await bed.standing(1)).length === 4)
    const [one, two, ...again] = await bed.standing(1)
    assert.deepEqual(again, [one, two])
  })

  it('whose lease is another one’s does not move the mark', async t => {
    const bed = await new Bed(t).ready()
    const old = await bed.marks.load(1)
    bed.relay()
    await say(bed.producer, ['p1-a'])
    await until('marked', async () => (await bed.marks.load(0)).position === 1n)
    await assert.rejects(bed.marks.save(old, 0), { code: 'fenced' })
    assert.equal((await bed.marks.load(0)).position, 1n)
  })

  it('says so and goes on when the brokers are away and back', async t => {
    const bed = await new Bed(t).ready()
    const relay = bed.relay()
    await say(bed.producer, ['p1-a'])
    await until('sent', async () => (await bed.standing(1)).length === 1)
    bed.kafka.stop('killed')
    await say(bed.producer, ['p1-b'])
    await until('fault', () => relay.fault() !== null)
    bed.kafka.start()
    await until('sent', async () => (await bed.standing(1)).some(([, , , key]) => key === 'p1-b'))
    await until('well', () => relay.fault() === null)
    assert.equal(relay.lag(), 0n)
  })
})

describe('what a relay tells without an event behind it', () => {
  const PLACE = { topic: TOPIC.name, partition: 7 }
  let beats = 0
  /** Never the same twice. */
  const pulse: RelayOptions['pulse'] = async () => {
    beats += 1
    const value = Buffer.from(`beat ${beats}`)
    const record = ({ sequence }: Link) => {
      const headers = { number: Buffer.from(String(sequence)) }
      return { key: null, value, headers, timestampMs: 0 }
    }
    return [{ ...PLACE, record }]
  }
  const told = (bed: Bed) =>
    bed.kafka
      .read(PLACE.topic, PLACE.partition, 0n, 1000)
      .filter(({ headers }) => headers['number'] !== undefined)
      .map(({ headers, value }) => `${headers['number']} ${value}`)

  it('has a number of its own after a crash, though no event came between', async t => {
    const bed = await new Bed(t).ready()
    const first = bed.relay(bed.marks, pulse)
    await until('told', () => told(bed).length === 1)
    const kept = await bed.marks.load(1)
    await first.stop()
    const load = async (epoch: number) => {
      await bed.marks.load(epoch)
      return kept
    }
    bed.relay({ ...bed.marks, load }, pulse)
    await until('told again', () => told(bed).length >= 3)
    const [one, again, two] = told(bed)
    assert.match(one ?? '', /^1 /)
    assert.equal(again, one)
    assert.match(two ?? '', /^2 /)
  })

  it('is what it was when nobody knows whether it was sent', async t => {
    const bed = await new Bed(t).ready()
    let answers = false
    bed.kafka.fateOf = () => (answers ? 'stored' : 'unanswered')
    const first = bed.relay(bed.marks, pulse)
    await until('told', () => told(bed).length > 0)
    await first.stop()
    answers = true
    bed.relay(bed.marks, pulse)
    await until('told by the next one', () => told(bed).some(beat => beat.startsWith('2 ')))
    assert.equal(new Set(told(bed)).size, 2, told(bed).join())
  })
})

describe('a record that was acknowledged and lost', () => {
  async function losing(t: TestContext) {
    const bed = await new Bed(t).ready()
    let lose = true
    bed.kafka.fateOf = ({ partition, records }) => {
      const bad = partition === 1 && records.some(({ value }) => value?.includes('p1-lost'))
      if (!bad || !lose) return 'stored'
      lose = false
      return 'lost'
    }
    bed.relay()
    const here = bed.consumer()
    const running = await record(here)
    for (const key of ['p1-a', 'p1-lost', 'p1-c', 'p2-a']) {
      await say(bed.producer, [key])
      await until('relayed', async () => {
        return (await bed.marks.load(0)).position === (await bed.producer.head()).position
      })
    }
    await until('alarm', () => (running.fault() as Fault | null)?.code === 'hole')
    return { bed, here, running }
  }

  it('stops its partition with an alarm; others go on', async t => {
    const { bed, here, running } = await losing(t)
    await say(bed.producer, ['p2-b'])
    await until('others', async () => (await effectsIn(here.consumer)).includes('p2-b'))
    assert.deepEqual(byPartition(await effectsIn(here.consumer)), ['p1-a', 'p2-a', 'p2-b'])
    assert.ok(running.fault() instanceof Fault)
    assert.match(running.fault()?.message ?? '', /partition 1 has nothing right behind 1;/)
  })

  it('is sent again from the place of the alarm, and the partition goes on', async t => {
    const { bed, here, running } = await losing(t)
    await bed.marks.ask({ topic: TOPIC.name, partition: 1, after: 1n })
    await until('whole', async () => (await effectsIn(here.consumer)).length === 4)
    const effects = byPartition(await effectsIn(here.consumer))
    assert.deepEqual(effects, ['p1-a', 'p1-lost', 'p1-c', 'p2-a'])
    await until('well', () => running.fault() === null)
    const again = (await bed.standing(1)).filter(([sequence]) => sequence !== 'watermark').slice(-2)
    assert.deepEqual(again, [
      ['2', 2, 1, 'p1-lost'],
      ['3', 3, 2, 'p1-c'],
    ])
    assert.deepEqual(await bed.marks.asked(), [])
  })
})

it('a checkpoint that was brought back behind the group’s offset is read again from the topic', async t => {
  const bed = await new Bed(t).ready()
  bed.relay()
  const first = bed.consumer()
  const running = await record(first)
  await say(bed.producer, ['p1-a', 'p1-b'])
  await until('handled', () => running.handled() === 2n)
  await until('committed', () => {
    const group = `claims.adjudicate@${TOPIC.name}`
    return (bed.kafka.groups.committed(group, TOPIC.name, 1) ?? 0n) >= 2n
  })
  await running.stop()
  const restored = bed.consumer() // its store is empty: nothing was handled
  const again = await record(restored)
  await say(bed.producer, ['p1-c'])
  await until('handled again', () => again.handled() === 3n)
  assert.deepEqual(await effectsIn(restored.consumer), ['p1-a', 'p1-b', 'p1-c'])
})

it('a record that no relay wrote is passed over', async t => {
  const bed = await new Bed(t).ready()
  const garbage = { key: null, value: Buffer.from('not ours'), headers: {}, timestampMs: 0 }
  await bed.kafka.client().produce(TOPIC.name, 1, [garbage])
  bed.relay()
  const here = bed.consumer()
  const running = await record(here)
  await say(bed.producer, ['p1-a'])
  await until('handled', () => running.handled() === 1n)
  assert.deepEqual(await effectsIn(here.consumer), ['p1-a'])
})

it('a member that was thrown out says so until another one has taken its place', async t => {
  const bed = await new Bed(t).ready()
  bed.relay()
  const here = bed.consumer()
  const running = await record(here)
  await say(bed.producer, ['p1-a'])
  await until('handled', () => running.handled() === 1n)
  bed.kafka.groups.crash(`claims.adjudicate@${TOPIC.name}`)
  await until('alarm', () => /thrown out/.test(running.fault()?.message ?? ''))
  await say(bed.producer, ['p1-b'])
  await until('handled by the next one', () => running.handled() === 2n)
  await until('well', () => running.fault() === null)
})

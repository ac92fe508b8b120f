/** The client port over @platformatic/kafka: bytes only, explicit partitions only. */
import { Admin, Consumer, findErrorBy } from '@platformatic/kafka'
import { errorFrom } from '../../service/fault.ts'
import type {
  ConsumeOptions,
  KafkaClient,
  KafkaClientOptions,
  KafkaConsumer,
  KafkaRecord,
  OffsetRange,
  Sending,
  TopicSpec,
} from '../client.ts'
import { within } from './deadline.ts'
import { type Asked, askedInVain, names, notMade } from './fault-of.ts'
import { oneByOne } from './one-by-one.ts'
import { PlatformaticConsumer } from './platformatic/consumer.ts'
import { Sender } from './platformatic/sender.ts'
import { seenBy, settingsOf } from './platformatic/settings.ts'
import { REPLICAS_MAX, untilKnown } from './topics.ts'

const ANSWER_MS = 5000
const [EARLIEST, LATEST] = [-2n, -1n]

export function openPlatformatic(options: KafkaClientOptions): KafkaClient {
  return new PlatformaticClient(options)
}

class PlatformaticClient implements KafkaClient {
  readonly #options: KafkaClientOptions
  readonly #sender: Sender
  readonly #consumers = new Set<KafkaConsumer>()

  constructor(options: KafkaClientOptions) {
    this.#options = options
    this.#sender = new Sender(options)
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    const admin = new Admin(settingsOf(this.#options, ANSWER_MS))
    const needs = { topic: `Describe on topics ${names(specs)}` }
    await this.#ask({ what: 'topics', needs }, admin, async () => {
      const there = new Set(await admin.listTopics())
      const replicas = Math.min(REPLICAS_MAX, (await admin.metadata({})).brokers.size)
      const missing = specs.filter(({ name }) => !there.has(name))
      for (const spec of missing) await this.#createTopic(admin, spec, replicas)
      const topics = specs.map(({ name }) => name)
      await untilKnown(specs, this.#options.sendTimeoutMs / 2, async () => {
        const found = await admin.metadata({ topics, forceUpdate: true })
        return new Map([...found.topics].map(([name, { partitions }]) => [name, partitions.length]))
      })
    })
  }

  async offsets(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    const settings = settingsOf(this.#options, ANSWER_MS)
    const consumer = new Consumer({ ...settings, groupId: 'offsets', autocommit: false })
    const needs = { topic: `Describe on topic ${topic}` }
    return this.#ask({ what: topic, needs }, consumer, async () => {
      const topics = [topic]
      const first = (await consumer.listOffsets({ topics, timestamp: EARLIEST })).get(topic) ?? []
      const next = (await consumer.listOffsets({ topics, timestamp: LATEST })).get(topic) ?? []
      return new Map(first.map((at, index) => [index, { first: at, next: next[index] ?? at }]))
    })
  }

  async produce(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void> {
    await this.#sender.send([{ topic, partition, records }])
  }

  /**
   * One request to each broker, which fails as a whole. What fails is sent anew one by one, so that
   * a record that is refused keeps nothing back but its partition.
   */
  async produceAll(sendings: readonly Sending[]): Promise<readonly (Error | null)[]> {
    if (sendings.length === 0) return []
    try {
      await this.#sender.send(sendings)
      return sendings.map(() => null)
    } catch (error) {
      if (sendings.length === 1) return [errorFrom(error)]
      return oneByOne(this, sendings)
    }
  }

  async consume(options: ConsumeOptions): Promise<KafkaConsumer> {
    const consumer = await new PlatformaticConsumer(this.#options, options).open()
    this.#consumers.add(consumer)
    return consumer
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#sender.close(),
      ...[...this.#consumers].map(consumer => consumer.close()),
    ])
  }

  async #ask<T>(
    asked: Pick<Asked, 'what' | 'needs'>,
    client: Admin | Consumer,
    act: () => Promise<T>,
  ): Promise<T> {
    client.on('error', () => {}) // each request says so itself
    try {
      return await within(asked.what, this.#options.sendTimeoutMs, act())
    } catch (error) {
      const seen = seenBy(client, this.#options.sendTimeoutMs)
      throw askedInVain(error, { ...asked, client: this.#options, seen })
    } finally {
      client.close().catch(() => {})
    }
  }

  /** Comes back also when another one made it in between. */
  async #createTopic(admin: Admin, spec: TopicSpec, replicas: number): Promise<void> {
    const { name, partitions, config } = spec
    const configs = Object.entries(config).map(([name, value]) => ({ name, value }))
    try {
      await admin.createTopics({ topics: [name], partitions, replicas, configs })
    } catch (error) {
      const there = error instanceof Error && findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS')
      if (!there) throw notMade(error, name, this.#options)
    }
  }
}

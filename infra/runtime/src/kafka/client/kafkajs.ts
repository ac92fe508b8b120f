/** The client port over kafkajs 2.2.4, with its guards. */
import type { Admin } from 'kafkajs'
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
import { KafkajsConsumer } from './kafkajs/consumer.ts'
import { Line, retryFor } from './kafkajs/line.ts'
import { Producers } from './kafkajs/producers.ts'
import { oneByOne } from './one-by-one.ts'
import { REPLICAS_MAX, untilKnown } from './topics.ts'

const REQUEST_MS = 5000

export function openKafkajs(options: KafkaClientOptions): KafkaClient {
  return new KafkajsClient(options)
}

class KafkajsClient implements KafkaClient {
  readonly #options: KafkaClientOptions
  readonly #producers: Producers
  readonly #consumers = new Set<KafkaConsumer>()

  constructor(options: KafkaClientOptions) {
    this.#options = options
    this.#producers = new Producers(options)
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    const needs = { topic: `Describe on topics ${names(specs)}` }
    await this.#administer({ what: 'topics', needs }, async admin => {
      const there = new Set(await admin.listTopics())
      const missing = specs.filter(({ name }) => !there.has(name))
      const { brokers } = await admin.describeCluster()
      const replicas = Math.min(REPLICAS_MAX, brokers.length)
      for (const spec of missing) await this.#createTopic(admin, spec, replicas)
      const topics = specs.map(({ name }) => name)
      await untilKnown(specs, this.#options.sendTimeoutMs / 2, async () => {
        const found = await admin.fetchTopicMetadata({ topics })
        return new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]))
      })
    })
  }

  async offsets(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    const needs = { topic: `Describe on topic ${topic}` }
    const found = await this.#administer({ what: topic, needs }, admin =>
      admin.fetchTopicOffsets(topic),
    )
    return new Map(
      found.map(({ partition, low, high }) => [
        partition,
        { first: BigInt(low), next: BigInt(high) },
      ]),
    )
  }

  async produce(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void> {
    await this.#producers.send(topic, partition, records)
  }

  /** One for each partition: with several in one, kafkajs resolves although records are lost. */
  produceAll(sendings: readonly Sending[]): Promise<readonly (Error | null)[]> {
    return oneByOne(this, sendings)
  }

  async consume(options: ConsumeOptions): Promise<KafkaConsumer> {
    const consumer = await new KafkajsConsumer(this.#options, options).open()
    this.#consumers.add(consumer)
    return consumer
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#producers.close(),
      ...[...this.#consumers].map(consumer => consumer.close()),
    ])
  }

  /** A connection of its own each time: this is off the hot path, and needs nothing that stands. */
  async #administer<T>(
    asked: Pick<Asked, 'what' | 'needs'>,
    act: (admin: Admin) => Promise<T>,
  ): Promise<T> {
    const retry = retryFor(this.#options.sendTimeoutMs)
    const line = new Line({ ...this.#options, requestTimeoutMs: REQUEST_MS, retry })
    const admin = line.kafka.admin()
    try {
      const { what } = asked
      const found = admin.connect().then(() => act(admin))
      return await within(what, this.#options.sendTimeoutMs, found)
    } catch (error) {
      throw askedInVain(error, { ...asked, client: this.#options, seen: line.seen })
    } finally {
      admin.disconnect().catch(() => {})
      line.cut()
    }
  }

  /** Comes back also when another one made it in between. */
  async #createTopic(admin: Admin, spec: TopicSpec, replicas: number): Promise<void> {
    const { name: topic, partitions: numPartitions, config } = spec
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
    try {
      await admin.createTopics({
        waitForLeaders: false, // it fails for a topic that a broker does not know yet
        topics: [{ topic, numPartitions, replicationFactor: replicas, configEntries }],
      })
    } catch (error) {
      throw notMade(error, topic, this.#options)
    }
  }
}

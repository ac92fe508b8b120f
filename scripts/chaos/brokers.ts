/** The brokers of a run: killed and started again here, each behind a proxy that can do harm. */
import path from 'node:path'
import { type Broker, startEmbeddedKafka } from '@tongchou/runtime/kafka/embedded.ts'
import { pause } from '@tongchou/runtime/process/identity.ts'
import type { Random } from '../bench/generate/random.ts'
import { BrokerProxy } from './proxy.ts'

const DOWN_MS = { least: 200, most: 3_000 }
const SLOW_MS = { least: 100, most: 600 }
const SLOW_FOR_MS = 5_000
const CUTS = { least: 3, most: 8 }
const CUT_WAIT_MS = 20_000
const POLL_MS = 20

export class Brokers {
  readonly bootstrap: string
  readonly #brokers: readonly Broker[]
  readonly #proxies: readonly BrokerProxy[]
  readonly #stop: () => Promise<void>
  /** Made by chance, by what the machine is doing: told, not repeated by the seed. */
  #cuts = 0

  static async open(dataDir: string, count: 1 | 3): Promise<Brokers> {
    const proxies = await Promise.all(Array.from({ length: count }, () => BrokerProxy.open()))
    const kafka = await startEmbeddedKafka({
      dataDir: path.join(dataDir, 'kafka'),
      brokers: count,
      log: () => undefined,
      endWithParent: true,
      toldPorts: proxies.map(({ port }) => port),
    })
    for (const [index, proxy] of proxies.entries()) {
      proxy.target = kafka.brokers[index]?.clientPort ?? 0
    }
    return new Brokers(kafka, proxies)
  }

  private constructor(
    kafka: Awaited<ReturnType<typeof startEmbeddedKafka>>,
    proxies: readonly BrokerProxy[],
  ) {
    this.bootstrap = kafka.bootstrap
    this.#brokers = kafka.brokers
    this.#proxies = proxies
    this.#stop = () => kafka.stop()
  }

  /** Answers to sends that were taken away in all rounds. */
  get cuts(): number {
    return this.#cuts
  }

  /** kill -9 of the only one, or of one of three, which leads a third of the partitions. */
  async kill(random: Random): Promise<string> {
    const broker = random.pick(this.#brokers)
    const downMs = random.between(DOWN_MS.least, DOWN_MS.most)
    await broker.kill('SIGKILL')
    await pause(downMs)
    await broker.start()
    return `broker ${broker.id} for ${downMs} ms`
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#brokers.map(broker => broker.kill('SIGKILL')))
  }

  async startAll(): Promise<void> {
    await Promise.all(this.#brokers.map(broker => broker.start()))
  }

  /** Every word to and from the brokers comes late for a while; then every connection breaks. */
  async slow(random: Random): Promise<string> {
    const delayMs = random.between(SLOW_MS.least, SLOW_MS.most)
    for (const proxy of this.#proxies) proxy.delayMs = delayMs
    await pause(SLOW_FOR_MS)
    for (const proxy of this.#proxies) proxy.delayMs = 0
    const ended = this.#proxies.reduce((sum, proxy) => sum + proxy.cutAll(), 0)
    return `all ${delayMs} ms late, ${ended} connections cut`
  }

  /** Sends that are stored and not answered, so that their senders send them again. */
  async cut(random: Random): Promise<string> {
    const wanted = random.between(CUTS.least, CUTS.most)
    const before = this.#taken()
    for (const proxy of this.#proxies) proxy.cutsLeft = wanted
    const end = performance.now() + CUT_WAIT_MS
    while (this.#taken() - before < wanted && performance.now() < end) await pause(POLL_MS)
    for (const proxy of this.#proxies) proxy.cutsLeft = 0
    const made = this.#taken() - before
    this.#cuts += made
    return `${made} answers to sends`
  }

  async close(): Promise<void> {
    await this.killAll()
    await this.#stop()
    await Promise.all(this.#proxies.map(proxy => proxy.close()))
  }

  #taken(): number {
    return this.#proxies.reduce((sum, { cuts }) => sum + cuts, 0)
  }
}

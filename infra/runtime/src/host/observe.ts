/** Health and metrics of a hosted service: which part is not ready, how far each consumer is. */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { PostgresStore } from '../event-store/postgres.ts'
import type { RunningSubscription } from '../message-log/port.ts'
import type { Health } from '../service/health.ts'
import type { Metrics } from '../service/metrics.ts'
import type { RunningGroup } from './hosted.ts'
import type { RunningRelay } from './messaging.ts'

const PROBE_MS = 1000

export type Observed = {
  readonly name: ServiceName
  readonly store: PostgresStore
  readonly groups: readonly RunningGroup[]
  readonly consumers: readonly RunningSubscription[]
  readonly relay: Pick<RunningRelay, 'fault' | 'lag'> | null
  readonly health: Health
  readonly metrics: Metrics
}

/** Returns what ends the observation. */
export function observe(observed: Observed): () => void {
  const { store, groups, consumers, relay, health, metrics } = observed
  let databaseFault: string | null = null
  let head = 0n
  let parked: readonly { group: string; topic: string; key: string }[] = []
  async function probe(): Promise<void> {
    try {
      head = (await store.head()).position
      parked = await store.progress.parked({})
      databaseFault = null
    } catch {
      databaseFault = 'the database does not answer'
    }
  }
  const timer = setInterval(() => void probe(), PROBE_MS)
  void probe()
  health.register({
    name: 'database',
    check: () =>
      databaseFault === null ? { ready: true } : { ready: false, detail: databaseFault },
  })
  const running = [...consumers, ...groups.map(group => group.running)]
  for (const consumer of running) {
    const { group, topic } = consumer
    health.register({
      name: `consumer ${group} on ${topic}`,
      check: () => {
        const fault = consumer.fault()
        return fault === null ? { ready: true } : { ready: false, detail: fault.message }
      },
    })
  }
  metrics.gauge('headPosition', () => [{ value: Number(head), labels: {} }])
  metrics.gauge('consumerLagPositions', () =>
    running.map(consumer => ({
      value: Number(consumer.seen() - consumer.handled()),
      labels: { group: consumer.group, topic: consumer.topic },
    })),
  )
  if (relay !== null) {
    health.register({
      name: 'relay',
      check: () => {
        const fault = relay.fault()
        return fault === null ? { ready: true } : { ready: false, detail: fault.message }
      },
    })
    metrics.gauge('relayLagPositions', () => {
      const lag = relay.lag()
      return lag === null ? [] : [{ value: Number(lag), labels: {} }]
    })
  }
  metrics.gauge('parkedKeys', () => parkedByGroup(parked))
  metrics.gauge('appendQueue', () => [{ value: store.queuedEvents, labels: {} }])
  return () => clearInterval(timer)
}

function parkedByGroup(rows: readonly { group: string; topic: string; key: string }[]) {
  const keys = new Map<string, Set<string>>()
  for (const { group, topic, key } of rows) {
    const name = `${group}\u0000${topic}`
    keys.set(name, (keys.get(name) ?? new Set()).add(key))
  }
  return [...keys].map(([name, set]) => {
    const [group = '', topic = ''] = name.split('\u0000')
    return { value: set.size, labels: { group, topic } }
  })
}

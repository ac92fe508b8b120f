/**
 * The log on one machine: each topic is its producer's store, read by position. No relay, no second
 * copy.
 */
import { assert } from '@tongchou/contracts/decision.ts'
import { newUuid } from '@tongchou/contracts/id.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { BroadcastLoop } from './broadcast.ts'
import type { SubscriptionTimes } from './consumer/leases.ts'
import { SubscriptionLoop } from './consumer/subscription.ts'
import type { Broadcast, MessageLog, RunningSubscription, Subscription } from './port.ts'
import type { LogSource } from './source.ts'

export type StoreLogOptions = Partial<SubscriptionTimes> & {
  /** Stores of the producers that this process listens to. */
  readonly stores: ReadonlyMap<ServiceName, LogSource>
  /** Name of this process among the holders of leases; unique for each start. */
  readonly owner?: string
}

const TIMES: SubscriptionTimes = {
  ttlMs: 6000,
  acquireMs: 500,
  pageSize: 1000,
  idleProgressMs: 500,
  replayMs: 500,
  maxErrors: 5,
}

export function openStoreLog({ stores, owner = newUuid(), ...times }: StoreLogOptions): MessageLog {
  const running = new Set<RunningSubscription>()
  let count = 0

  function sourceOf(topic: Topic): LogSource {
    const source = stores.get(topic.service)
    assert(source !== undefined, `${topic.name}: the store of ${topic.service} is not open here`)
    return source
  }

  return {
    async subscribe(subscription: Subscription): Promise<RunningSubscription> {
      count += 1
      const loop = new SubscriptionLoop(subscription, sourceOf(subscription.topic), {
        ...TIMES,
        ...times,
        owner: `${owner}.${count}`,
      })
      running.add(loop)
      return loop
    },
    async broadcast(broadcast: Broadcast): Promise<RunningSubscription> {
      const loop = new BroadcastLoop(broadcast, sourceOf(broadcast.topic))
      running.add(loop)
      await loop.ready
      return loop
    },
    async head(topic: Topic): Promise<bigint> {
      return (await sourceOf(topic).head()).position
    },
    async close(): Promise<void> {
      await Promise.all([...running].map(loop => loop.stop()))
    },
  }
}

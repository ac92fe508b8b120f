/** The log over feeds: an adapter says where a topic comes from, where its producer's log ends. */
import { newUuid } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { BroadcastLoop } from './broadcast.ts'
import type { SubscriptionTimes } from './consumer/leases.ts'
import { SubscriptionLoop } from './consumer/subscription.ts'
import type { OpenFeed } from './feed.ts'
import type { Broadcast, MessageLog, RunningSubscription, Subscription } from './port.ts'

export type LogOptions = Partial<SubscriptionTimes> & {
  /** Name of this process among the holders of leases; unique for each start. */
  readonly owner?: string
}

export type LogAdapter = {
  readonly open: (topic: Topic, times: SubscriptionTimes, broadcast: boolean) => OpenFeed
  readonly head: (topic: Topic) => Promise<bigint>
  readonly close?: () => Promise<void>
}

const TIMES: SubscriptionTimes = {
  ttlMs: 6000,
  acquireMs: 500,
  pageSize: 1000,
  lingerMs: 0,
  idleProgressMs: 500,
  replayMs: 500,
  maxErrors: 5,
}

export function openLog(
  adapter: LogAdapter,
  { owner = newUuid(), ...given }: LogOptions,
): MessageLog {
  const running = new Set<RunningSubscription>()
  const times = { ...TIMES, ...given }
  let count = 0
  return {
    async subscribe(subscription: Subscription): Promise<RunningSubscription> {
      count += 1
      const feed = adapter.open(subscription.topic, times, false)
      const loop = new SubscriptionLoop(subscription, feed, {
        ...times,
        owner: `${owner}.${count}`,
      })
      running.add(loop)
      return loop
    },
    async broadcast(broadcast: Broadcast): Promise<RunningSubscription> {
      const loop = new BroadcastLoop(broadcast, adapter.open(broadcast.topic, times, true))
      running.add(loop)
      await loop.ready
      return loop
    },
    head: topic => adapter.head(topic),
    async close(): Promise<void> {
      await Promise.all([...running].map(loop => loop.stop()))
      await adapter.close?.()
    },
  }
}

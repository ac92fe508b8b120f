/** Claims over memory adapters: a test hands batches to its consumers, so nothing waits by time. */
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { idFor, NOW } from '@tongchou/contracts/testing/fixed.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Grant } from '@tongchou/runtime/auth/issuer.ts'
import { type MemoryStore, openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { MemoryKeys } from '@tongchou/runtime/keys/memory.ts'
import type {
  Batch,
  Broadcast,
  Message,
  MessageLog,
  RunningSubscription,
  Subscription,
} from '@tongchou/runtime/message-log/port.ts'
import { createLogger } from '@tongchou/runtime/service/logger.ts'
import { type Recorded, recorded } from '@tongchou/runtime/service/recorded.ts'
import type { TestHttp } from '@tongchou/runtime/testing/http.ts'
import { createTestHttp } from '@tongchou/runtime/testing/http.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { claims } from '../app.ts'
import { ADJUDICATE_GROUP } from '../consume/clearing-claim.ts'
import { messageOf } from './demo.ts'

export type TestClaims = TestHttp & {
  readonly store: MemoryStore
  readonly log: HandedLog
  /** Log lines of the service itself. */
  readonly lines: readonly string[]
  /** Hands claims to the adjudicating consumer as one batch; the same claim is the same message. */
  readonly submit: (...claims: readonly ClaimSubmitted[]) => Promise<void>
  readonly events: () => Promise<readonly Recorded[]>
  /** Brings the views to the end of the store. */
  readonly project: () => Promise<void>
}

/** Subscriptions are kept and fed by the test; the policy topic follows the store at once. */
export class HandedLog implements MessageLog {
  readonly #store: MemoryStore
  readonly #subscriptions = new Map<string, Subscription>()
  /** Where the producers' logs end, by topic. */
  readonly heads = new Map<string, bigint>()
  /** Position up to which the broadcast is handed on; a test may hold it back. */
  broadcastTo: bigint | null = null
  #handled = 0n
  #broadcast: Broadcast | null = null

  constructor(store: MemoryStore) {
    this.#store = store
    store.onAppend(() => void this.follow())
  }

  async subscribe(subscription: Subscription): Promise<RunningSubscription> {
    this.#subscriptions.set(subscription.group, subscription)
    return this.#running(subscription.group, () => 0n)
  }

  async broadcast(broadcast: Broadcast): Promise<RunningSubscription> {
    this.#broadcast = broadcast
    await this.follow()
    return this.#running('broadcast', () => this.#handled)
  }

  /** Hands the packs that the store has to the shelf. */
  async follow(): Promise<void> {
    const { incarnation } = this.#store
    for (const event of await this.#store.readAll(this.#handled, 10_000)) {
      if (this.broadcastTo !== null && event.position > this.broadcastTo) return
      if (event.position <= this.#handled) continue
      this.#handled = event.position
      if (event.type !== 'PackPublished') continue
      this.#broadcast?.handle([{ ...event, topic: TOPICS.policy.name, incarnation }])
    }
  }

  async head({ name }: { readonly name: string }): Promise<bigint> {
    return this.heads.get(name) ?? (await this.#store.head()).position
  }

  async close(): Promise<void> {}

  /** Hands a batch to a group; its progress names no partition, so no lease is needed. */
  async hand(
    group: string,
    messages: readonly Message[],
    more: Partial<Batch> = {},
  ): Promise<void> {
    const subscription = this.#subscriptions.get(group)
    if (subscription === undefined) throw new Error(`${group} is not subscribed`)
    const { topic } = subscription
    const progress = { group, topic: topic.name, incarnation: idFor('clearing'), positions: [] }
    const rest = { parkedKeys: new Set<string>(), replay: null, crashes: 0 }
    await subscription.handle({ messages, progress, ...rest, ...more })
  }

  #running(group: string, handled: () => bigint): RunningSubscription {
    const rest = { partitions: () => 1, fault: () => null, seen: () => 0n, stop: async () => {} }
    return { group, topic: group, handled, ...rest }
  }
}

export async function createTestClaims(): Promise<TestClaims> {
  const store = openMemoryStore()
  const log = new HandedLog(store)
  const views = new MemoryViewStore()
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const http = await createTestHttp({ bodyLimitBytes: 1_100_000 })
  let ids = 0
  await claims.build({
    ...{
      name: 'claims',
      store,
      log,
      views,
      http: http.app,
      env: { TONGCHOU_CLAIMS_CATCH_UP_MS: '10' },
    },
    logger: createLogger({ service: 'claims', level: 'debug', destination }),
    metrics: http.registry.forService('claims'),
    clock: () => NOW,
    newId: () => idFor(`service ${++ids}`),
    urlOf: () => 'http://nowhere.test',
    serviceToken: async () => 'none',
    personKey: Buffer.alloc(32, 9),
    openKeys: async () => new MemoryKeys(),
    caughtUp: async () => true,
  })
  const positions = new Map<string, number>()
  let projected = 0n
  const events = async () => (await store.readAll(0n, 10_000)).map(recorded)
  return {
    ...{ ...http, store, log, lines, events },
    submit: async (...all) => {
      const messages = all.map(claim => {
        const position = positions.get(claim.claimId) ?? positions.size + 1
        positions.set(claim.claimId, position)
        return messageOf(claim, position)
      })
      log.heads.set(TOPICS.claim.name, BigInt(positions.size))
      await log.hand(ADJUDICATE_GROUP, messages)
    },
    project: async () => {
      for (const event of await events()) {
        if (event.position <= projected) continue
        views.apply(claims.views, event)
        projected = event.position
      }
    },
  }
}

export const SERVICE: Partial<Grant> = { role: 'service', subject: 'clearing' }
export const AGENCY: Partial<Grant> = { role: 'agency', subject: 'a-1', region: '110100' }
export const OTHER_AGENCY: Partial<Grant> = { role: 'agency', subject: 'a-2', region: '310100' }
export const CENTRE: Partial<Grant> = { role: 'centre', subject: 'c-1' }
export const AUDITOR: Partial<Grant> = { role: 'auditor', subject: 'u-1' }

/** The event stores of the services as they really stand, read beside the services. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import type { StoredEvent } from '@tongchou/runtime/event-store/port.ts'
import type { PostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import type { Database } from '@tongchou/runtime/postgres/database.ts'
import { openDatabase } from '@tongchou/runtime/postgres/database.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'

const PAGE = 5000
const POLL_MS = 25
const QUIET_MS_MAX = 90_000

export type Heads = Readonly<Record<ServiceName, bigint>>

export class Stores {
  readonly database: Database
  readonly #open = new Map<ServiceName, Promise<PostgresStore>>()

  constructor(url: string) {
    this.database = openDatabase({ url, readers: 4, applicationName: 'e2e', statementTimeoutMs: 0 })
  }

  of(service: ServiceName): Promise<PostgresStore> {
    const known = this.#open.get(service)
    if (known !== undefined) return known
    const opened = openPostgresStore({ database: this.database, schema: service })
    this.#open.set(service, opened)
    return opened
  }

  /** Events of a service after a position, decoded. */
  async events(service: ServiceName, after = 0n): Promise<Recorded[]> {
    return (await this.stored(service, after)).map(recorded)
  }

  /** The same as they are stored. */
  async stored(service: ServiceName, after = 0n): Promise<StoredEvent[]> {
    const store = await this.of(service)
    const events: StoredEvent[] = []
    for (let from = after; ; ) {
      const page = await store.readAll(from, PAGE)
      const last = page.at(-1)
      if (last === undefined) return events
      events.push(...page)
      from = last.position
    }
  }

  async eventsOf<T extends EventType>(
    service: ServiceName,
    type: T,
    after = 0n,
  ): Promise<Recorded<T>[]> {
    return (await this.events(service, after)).filter(event => isOf(event, type))
  }

  async heads(): Promise<Heads> {
    const heads = SERVICES.map(async name => [name, (await (await this.of(name)).head()).position])
    return Object.fromEntries(await Promise.all(heads))
  }

  /** Waits until every consumer has handled what every producer said, and nothing moves. */
  async quiet(): Promise<void> {
    const end = performance.now() + QUIET_MS_MAX
    for (let before = await this.#progress(); ; ) {
      await sleep(POLL_MS)
      const now = await this.#progress()
      if (now.behind.length === 0 && now.sum === before.sum) return
      if (performance.now() > end) throw new Error(`not quiet: ${now.behind.join(', ')}`)
      before = now
    }
  }

  /** A relay has a lease there alone: how far it has come stands with its marks. */
  async #progress(): Promise<{ readonly behind: readonly string[]; readonly sum: bigint }> {
    const heads = await this.heads()
    const behind: string[] = []
    for (const service of SERVICES) {
      const { rows } = await this.database.pool.query<Row>(
        `select consumer, topic, min(position) as least from ${service}.checkpoint
         where consumer <> 'relay' group by 1, 2`,
      )
      for (const { consumer, topic, least } of rows) {
        const producer = topic.split('.')[0] as ServiceName
        const head = heads[producer]
        if (BigInt(least) < head) behind.push(`${consumer} at ${least} of ${head}`)
      }
    }
    return { behind, sum: Object.values(heads).reduce((sum, head) => sum + head, 0n) }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(async store => (await store).close()))
    await this.database.close()
  }
}

function isOf<T extends EventType>(
  event: { readonly type: EventType },
  type: T,
): event is Recorded<T> {
  return event.type === type
}

type Row = { readonly consumer: string; readonly topic: string; readonly least: string }

/**
 * LISTEN and NOTIFY on one connection for any number of channels. It comes back by itself; what was
 * missed, polling finds. Notices go behind the commits they tell of, not with them: a notifying
 * transaction holds a lock of the whole server while it commits, which was measured to make the
 * commits of four stores two to three times slower. The server wakes every session that listens to
 * anything, so a notice that nobody else waits for does not go: who listens on a channel holds a
 * shared lock that says so.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from './database.ts'
import { backoffMs } from './retry.ts'

/** `payload` is null after a reconnection: something may have been missed. */
export type OnNotice = (payload: string | null) => void

const PROBE_MS = 10_000
/** Class of the advisory locks of those who listen; the object is the channel. */
const LISTENERS = 0x7463
const NOTIFY = `
  select pg_notify(n.channel, n.payload)
  from unnest($1::text[], $2::text[]) n (channel, payload)
  where exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.classid = ${LISTENERS} and l.pid <> pg_backend_pid()
      and l.objid::bigint = hashtext(n.channel)::bigint & 4294967295
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
  )`

export class Listener {
  readonly #connect: () => Promise<Session>
  readonly #everyMs: number
  readonly #channels = new Map<string, Set<OnNotice>>()
  readonly #outgoing = new Map<string, string>()
  readonly #stopped = new AbortController()
  #session: Session | null = null
  #running: Promise<void> | null = null
  #busy: Promise<void> = Promise.resolve()
  #sending = false

  constructor(connect: () => Promise<Session>, everyMs: number) {
    this.#connect = connect
    this.#everyMs = everyMs
  }

  /** The channel is a plain lowercase identifier. Returns the unsubscriber. */
  listen(channel: string, onNotice: OnNotice): () => void {
    const known = this.#channels.get(channel)
    const listeners = known ?? new Set()
    listeners.add(onNotice)
    this.#channels.set(channel, listeners)
    if (known === undefined && this.#session !== null) this.#query(listenOn(channel))
    this.#running ??= this.#run()
    return () => listeners.delete(onNotice)
  }

  /**
   * Tells everyone else who listens, soon; of several notices on a channel the last one goes. May
   * be lost.
   */
  notify(channel: string, payload: string): void {
    this.#outgoing.set(channel, payload)
    if (!this.#sending) this.#send()
  }

  /** True while notices arrive. */
  get connected(): boolean {
    return this.#session !== null
  }

  async close(): Promise<void> {
    await this.#busy
    this.#stopped.abort()
    this.#session?.destroy()
    await this.#running
  }

  async #send(): Promise<void> {
    this.#sending = true
    while (this.#outgoing.size > 0) {
      const values = [[...this.#outgoing.keys()], [...this.#outgoing.values()]]
      this.#outgoing.clear()
      await this.#query(NOTIFY, values)
      if (this.#everyMs > 0) await sleep(this.#everyMs)
    }
    this.#sending = false
  }

  /**
   * One query at a time; without a connection it is dropped, and one that fails ends the
   * connection.
   */
  #query(text: string, values: readonly unknown[] = []): Promise<void> {
    this.#busy = this.#busy.then(async () => {
      const session = this.#session
      await session?.client.query(text, [...values]).catch(session.destroy)
    })
    return this.#busy
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    for (let attempt = 0; !signal.aborted; attempt++) {
      // the database is away: try again, for ever
      const served = await this.#serve().catch(() => false)
      if (served) attempt = 0
      await sleep(backoffMs(attempt), null, { signal }).catch(() => {})
    }
  }

  /** True when it was connected and the connection was lost; throws when there was none. */
  async #serve(): Promise<boolean> {
    const session = await this.#connect()
    const ended = new Promise<void>(resolve => session.client.once('end', () => resolve()))
    try {
      session.client.on('notification', ({ channel, payload }) => {
        this.#tell(channel, payload ?? null)
      })
      for (const channel of this.#channels.keys()) await session.client.query(listenOn(channel))
      if (this.#stopped.signal.aborted) return true
      this.#session = session
      for (const channel of this.#channels.keys()) this.#tell(channel, null)
      await this.#watch(ended)
      return true
    } finally {
      this.#session = null
      session.destroy()
    }
  }

  /** A connection that died without a word answers no probe. */
  async #watch(ended: Promise<void>): Promise<void> {
    const probe = setInterval(() => this.#query('select 1'), PROBE_MS)
    await ended.finally(() => clearInterval(probe))
  }

  #tell(channel: string, payload: string | null): void {
    for (const onNotice of this.#channels.get(channel) ?? []) onNotice(payload)
  }
}

function listenOn(channel: string): string {
  return `listen ${channel}; select pg_advisory_lock_shared(${LISTENERS}, hashtext('${channel}'))`
}

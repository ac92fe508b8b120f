/** LISTEN on one connection for any number of channels. It comes back by itself; what it missed, polling finds. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from './database.ts'
import { backoffMs } from './retry.ts'

/** `payload` is null after a reconnection: something may have been missed. */
export type OnNotice = (payload: string | null) => void

const PROBE_MS = 10_000

export class Listener {
  readonly #connect: () => Promise<Session>
  readonly #channels = new Map<string, Set<OnNotice>>()
  readonly #stopped = new AbortController()
  #session: Session | null = null
  #running: Promise<void> | null = null

  constructor(connect: () => Promise<Session>) {
    this.#connect = connect
  }

  /** The channel is a plain lowercase identifier. Returns the unsubscriber. */
  listen(channel: string, onNotice: OnNotice): () => void {
    const listeners = this.#channels.get(channel) ?? new Set()
    listeners.add(onNotice)
    const known = this.#channels.has(channel)
    this.#channels.set(channel, listeners)
    this.#running ??= this.#run()
    if (!known)
      this.#session?.client.query(`listen ${channel}`).catch(() => this.#session?.destroy())
    return () => listeners.delete(onNotice)
  }

  /** True while notices arrive. */
  get connected(): boolean {
    return this.#session !== null
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    this.#session?.destroy()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#serve(() => {
          attempt = 0
        })
      } catch {
        // the database is away: try again below, for ever
      }
      await sleep(backoffMs(attempt), null, { signal }).catch(() => {})
    }
  }

  /** Returns or throws when the connection is lost. */
  async #serve(onConnected: () => void): Promise<void> {
    const session = await this.#connect()
    const ended = new Promise<void>(resolve => session.client.once('end', () => resolve()))
    const probe = setInterval(() => {
      session.client.query('select 1').catch(() => session.destroy())
    }, PROBE_MS)
    try {
      session.client.on('notification', ({ channel, payload }) => {
        this.#tell(channel, payload ?? null)
      })
      for (const channel of this.#channels.keys()) await session.client.query(`listen ${channel}`)
      if (this.#stopped.signal.aborted) return
      this.#session = session
      onConnected()
      for (const channel of this.#channels.keys()) this.#tell(channel, null)
      await ended
    } finally {
      clearInterval(probe)
      this.#session = null
      session.destroy()
    }
  }

  #tell(channel: string, payload: string | null): void {
    for (const onNotice of this.#channels.get(channel) ?? []) onNotice(payload)
  }
}

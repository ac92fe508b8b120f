/**
 * Follows a store from where it stands now: what a waiting request listens to. Keeps no checkpoint.
 */
import type { EventStore, StoredEvent } from '../event-store/port.ts'

const PAGE = 2000
const POLL_MS = 250

export type Tail = { readonly stop: () => Promise<void>; readonly position: () => bigint }

/** A dead database is waited for: the loop outlives every fault and reports it. */
export async function tail(
  store: EventStore,
  onEvents: (events: readonly StoredEvent[]) => void,
  onFault: (fault: unknown) => void,
): Promise<Tail> {
  let after = (await store.head()).position
  let stopped = false
  let wake: () => void = () => {}
  const unsubscribe = store.onAppend(() => wake())
  async function run(): Promise<void> {
    while (!stopped) {
      const woken = new Promise<void>(resolve => {
        const timer = setTimeout(resolve, POLL_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      try {
        const events = await store.readAll(after, PAGE)
        after = events.at(-1)?.position ?? after
        if (events.length > 0) onEvents(events)
        if (events.length === PAGE) continue
      } catch (fault) {
        onFault(fault)
      }
      await woken
    }
  }
  const running = run()
  return {
    position: () => after,
    stop: async () => {
      stopped = true
      unsubscribe()
      wake()
      await running
    },
  }
}

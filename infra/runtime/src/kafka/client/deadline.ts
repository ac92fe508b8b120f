/** What a client says after its time is up, whatever the library does. */
import { Fault } from '../../service/fault.ts'

/** Throws Fault `timeout`; what comes of the promise later is dropped. */
export async function within<T>(what: string, limitMs: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Fault('timeout', `${what}: no answer within ${limitMs} ms`)),
    limitMs,
  )
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits no longer than that; errors are dropped. For closing what may hang. */
export async function atMost(limitMs: number, promise: Promise<unknown>): Promise<void> {
  await within('closing', limitMs, promise).catch(() => {})
}

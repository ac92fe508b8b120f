/** What a client says after its time is up, whatever the library does. */
import { Fault } from '../../service/fault.ts'
import type { KafkaClientOptions } from '../client.ts'

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

/**
 * A request off the hot path: throws the Faults of `act`, else Fault `unavailable` with the
 * brokers' addresses and what `messageIn` finds in a library's error.
 */
export async function asked<T>(
  what: string,
  { sendTimeoutMs, brokers }: Pick<KafkaClientOptions, 'sendTimeoutMs' | 'brokers'>,
  {
    act,
    messageIn,
  }: {
    readonly act: () => Promise<T>
    readonly messageIn: (error: unknown) => string
  },
): Promise<T> {
  try {
    return await within(what, sendTimeoutMs, act())
  } catch (error) {
    if (error instanceof Fault && error.code !== 'timeout') throw error
    const text = `${what}: Kafka at ${brokers.join(',')}: ${messageIn(error)}`
    throw new Fault('unavailable', text, { cause: error })
  }
}

/** Waits no longer than that; errors are dropped. For closing what may hang. */
export async function atMost(limitMs: number, promise: Promise<unknown>): Promise<void> {
  await within('closing', limitMs, promise).catch(() => {})
}

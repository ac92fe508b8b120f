/** Keys are kept for a time and then freed, some at once, so that no statement holds many rows. */
import { errorFields, type Logger } from '../service/logger.ts'
import type { IdempotencyKeys } from './port.ts'

const EVERY_MS = 10 * 60_000
const BATCH = 1000

export type ForgettingOptions = {
  readonly keys: IdempotencyKeys
  readonly logger: Logger
  readonly keepMs: number
  readonly everyMs?: number
  readonly batch?: number
}

/** Frees now and then periodically what is older than `keepMs`. Returns what ends it. */
export function keepForgetting(options: ForgettingOptions): () => Promise<void> {
  const { logger, everyMs = EVERY_MS } = options
  let stopped = false
  let running = Promise.resolve()
  function round(): void {
    running = running
      .then(() => forgetAll(options, () => stopped))
      .then(
        count => {
          if (count > 0) logger.info({ event: 'idempotency-key.forgotten', count })
        },
        error => logger.warn({ event: 'idempotency-key.kept', ...errorFields(error) }),
      )
  }
  const timer = setInterval(round, everyMs)
  timer.unref()
  round()
  return async () => {
    stopped = true
    clearInterval(timer)
    await running
  }
}

async function forgetAll(options: ForgettingOptions, stopped: () => boolean): Promise<number> {
  const { keys, keepMs, batch = BATCH } = options
  let count = 0
  while (!stopped()) {
    const freed = await keys.forget(keepMs, batch)
    count += freed
    if (freed < batch) break
  }
  return count
}

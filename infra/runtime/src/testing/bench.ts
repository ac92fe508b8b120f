/** What benches of a service's consumers measure, without store or log. */
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Aggregate, AnyRefusal, Command } from '../service/aggregate.ts'
import { type Hot, type Request, Session } from '../service/session.ts'

const ROUNDS = 9
const BATCH = 300

/** Prints CPU time of the thread, µs a claim: the best of several rounds. */
export function printBest(name: string, claims: number, run: () => void): void {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.threadCpuUsage()
    run()
    const { user, system } = process.threadCpuUsage(from)
    least = Math.min(least, user + system)
  }
  process.stdout.write(`${name.padEnd(60)} ${(least / claims).toFixed(2)} µs a claim\n`)
}

/**
 * What a consumer does between reading a batch and the append, batch by batch, all streams hot.
 * Returns the data of the events that it made.
 */
export function consumeInBatches<
  M,
  C extends Command,
  S,
  T extends EventType,
  R extends AnyRefusal,
>(
  aggregate: Aggregate<C, S, T, R>,
  messages: readonly M[],
  requestsOf: (message: M) => readonly Request<C>[],
): Buffer[] {
  const hot = new Map<string, Hot<S>>()
  const made: Buffer[] = []
  for (let from = 0; from < messages.length; from += BATCH) {
    const session = new Session(aggregate, hot)
    for (const message of messages.slice(from, from + BATCH))
      for (const request of requestsOf(message)) session.execute(request)
    for (const { stream, expected, events, hashes } of session.appends()) {
      const head = {
        version: expected.version + events.length,
        hash: hashes.at(-1) ?? expected.hash,
      }
      hot.set(stream, { head, state: session.stateOf(stream) })
      for (const { data } of events) made.push(data)
    }
  }
  return made
}

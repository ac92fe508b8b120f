/**
 * Node time of one adjudicated claim on the demo set:
 * `node services/claims/src/testing/account.bench.ts`. The budget of the whole consumer is 50 µs
 * (DESIGN.md §6). Prints CPU time of the thread, the best of several rounds.
 */
import { decodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { NOW } from '@tongchou/contracts/testing/fixed.ts'
import type { Message } from '@tongchou/runtime/message-log/port.ts'
import { metaFromMessage } from '@tongchou/runtime/service/consume.ts'
import { type Hot, Session } from '@tongchou/runtime/service/handle-command.ts'
import type { AccountState } from '../account/state.ts'
import { ACCOUNT } from '../app.ts'
import { claimMessage } from '../consume/claim-facts.ts'
import { ADJUDICATE_GROUP, fromClaim } from '../consume/clearing-claim.ts'
import { recomputeAdjudication } from '../explanation/recompute.ts'
import { neverMissing } from './consumed.ts'
import { demoMessages, demoShelf } from './demo.ts'

const ROUNDS = 7
const BATCH = 300

function best(name: string, claims: number, run: () => void): void {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.threadCpuUsage()
    run()
    const { user, system } = process.threadCpuUsage(from)
    least = Math.min(least, user + system)
  }
  process.stdout.write(`${name.padEnd(60)} ${(least / claims).toFixed(2)} µs a claim\n`)
}

const shelf = demoShelf()
const toCommands = fromClaim(shelf, neverMissing)

/** What the consumer does between reading a batch and the append, all persons hot. */
function consumed(stored: readonly Message[]): Buffer[] {
  const hot = new Map<string, Hot<AccountState>>()
  const made: Buffer[] = []
  for (let from = 0; from < stored.length; from += BATCH) {
    const session = new Session(ACCOUNT, hot)
    for (const message of stored.slice(from, from + BATCH)) {
      const event = claimMessage(message)
      const requests = toCommands(event, metaFromMessage(event, ADJUDICATE_GROUP, NOW))
      for (const request of requests) session.execute(request)
    }
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

const stored = demoMessages()
const count = stored.length
const made = consumed(stored)
const bytes = made.reduce((sum, { length }) => sum + length, 0)
process.stdout.write(`${count} claims, ${Math.round(bytes / count)} bytes an event\n`)
best('decode ClaimSubmitted in full', count, () => {
  for (const { data } of stored) decodeEvent(data)
})
best('decode what is adjudicated', count, () => {
  for (const message of stored) claimMessage(message)
})
best('consumer: decode, decide, evolve, encode, hash', count, () => {
  consumed(stored)
})
const events = made.map(data => decodeEvent(data).data as ClaimAdjudicated)
best('decode ClaimAdjudicated', count, () => {
  for (const data of made) decodeEvent(data)
})
best('recompute', count, () => {
  for (const event of events) recomputeAdjudication(event, shelf.planOf)
})

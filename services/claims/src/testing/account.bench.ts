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
import { consumeInBatches, printBest } from '@tongchou/runtime/testing/bench.ts'
import { ACCOUNT } from '../app.ts'
import { claimMessage } from '../consume/claim-facts.ts'
import { ADJUDICATE_GROUP, fromClaim } from '../consume/clearing-claim.ts'
import { recomputeAdjudication } from '../explanation/recompute.ts'
import { neverMissing } from './consumed.ts'
import { demoMessages, demoShelf } from './demo.ts'

const shelf = demoShelf()
const toCommands = fromClaim(shelf, neverMissing)

function consumed(messages: readonly Message[]): Buffer[] {
  return consumeInBatches(ACCOUNT, messages, message => {
    const event = claimMessage(message)
    return toCommands(event, metaFromMessage(event, ADJUDICATE_GROUP, NOW))
  })
}

const stored = demoMessages()
const count = stored.length
const made = consumed(stored)
const bytes = made.reduce((sum, { length }) => sum + length, 0)
process.stdout.write(`${count} claims, ${Math.round(bytes / count)} bytes an event\n`)
printBest('decode ClaimSubmitted in full', count, () => {
  for (const { data } of stored) decodeEvent(data)
})
printBest('decode what is adjudicated', count, () => {
  for (const message of stored) claimMessage(message)
})
printBest('consumer: decode, decide, evolve, encode, hash', count, () => {
  consumed(stored)
})
const events = made.map(data => decodeEvent(data).data as ClaimAdjudicated)
printBest('decode ClaimAdjudicated', count, () => {
  for (const data of made) decodeEvent(data)
})
printBest('recompute', count, () => {
  for (const event of events) recomputeAdjudication(event, shelf.planOf)
})

/**
 * Node time of one scored claim on the demo set: `node services/fraud/src/testing/score.bench.ts`.
 * The budget of the whole consumer is 20 µs (DESIGN.md §6). Prints CPU time of the thread, the best
 * of several rounds.
 */
import { decodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import type { Message } from '@tongchou/runtime/message-log/port.ts'
import { metaFromMessage } from '@tongchou/runtime/service/consume.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { consumeInBatches, printBest } from '@tongchou/runtime/testing/bench.ts'
import { readFacts, scoreMessage } from '../consume/claim-facts.ts'
import { SCORE_GROUP, toScoreCommands } from '../consume/clearing-claim.ts'
import type { ScoreClaim, ScoreCommand } from '../score/commands.ts'
import { watch } from '../score/decide.ts'
import type { WatchState } from '../score/state.ts'
import { META, NOW } from './claims.ts'
import { readDemo } from './demo.ts'
import { submittedOf } from './submitted.ts'

const ROOT = uuid('6f1c3c9e-3f5c-4c39-9a2e-0f3d0c6a1b11')
const HEAVY_CLAIMS = 1_000

function messages(): Message[] {
  const { claims, factsOf } = readDemo()
  return claims.map((claim, index) => {
    const data = submittedOf(factsOf(claim))
    const meta: CommandMeta = { ...META, commandId: uuidFrom(ROOT, String(index)) }
    const event = toStore({ type: 'ClaimSubmitted', data }, meta, 0, data.personId, false)
    const stream = `claim-${data.claimId}`
    const place = { position: BigInt(index + 1), stream, version: 1, hash: EMPTY_HEAD.hash }
    return { ...event, ...place, topic: TOPICS.claim.name, incarnation: ROOT }
  })
}

function fold(commands: readonly ScoreCommand[]): Map<string, WatchState> {
  const states = new Map<string, WatchState>()
  for (const command of commands) {
    const { personId } = command.data
    const before = states.get(personId) ?? watch.initialState
    states.set(personId, watch.decide(command, before).events.reduce(watch.evolve, before))
  }
  return states
}

function consumed(stored: readonly Message[]): void {
  consumeInBatches(watch, stored, message => {
    const event = scoreMessage(message)
    return toScoreCommands(event, metaFromMessage(event, SCORE_GROUP, NOW))
  })
}

function main(): void {
  const stored = messages()
  const count = stored.length
  const commands = stored.map((message): ScoreClaim => {
    return { type: 'ScoreClaim', data: readFacts(message.data).data, meta: META }
  })
  const [first] = commands
  if (first === undefined) throw new Error('the demo set has claims')
  const heavy = Array.from({ length: HEAVY_CLAIMS }, (_, index): ScoreClaim => {
    const claimId = uuidFrom<ScoreClaim['data']['claimId']>(ROOT, String(index))
    return { ...first, data: { ...first.data, claimId, kind: 'chronic', fingerprint: claimId } }
  })
  printBest('decode ClaimSubmitted in full', count, () => {
    for (const { data } of stored) decodeEvent(data)
  })
  printBest('decode the fields that are scored', count, () => {
    for (const { data } of stored) readFacts(data)
  })
  printBest('rules: decide and evolve', count, () => fold(commands))
  printBest(`rules: the first ${HEAVY_CLAIMS} claims of one person`, HEAVY_CLAIMS, () =>
    fold(heavy),
  )
  printBest('consumer: decode, decide, evolve, encode, hash', count, () => consumed(stored))
}

main()

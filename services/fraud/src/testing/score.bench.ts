/**
 * Node time of one scored claim, by stage, on the demo set: `node src/testing/score.bench.ts`. The budget of the
 * whole consumer is 20 µs (DESIGN.md §6). Prints microseconds a claim, the best of several rounds.
 */
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { assert } from '@tongchou/contracts/decision.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { instant } from '@tongchou/contracts/time.ts'
import type { Hot } from '@tongchou/runtime/service/handle-command.ts'
import { Session } from '@tongchou/runtime/service/handle-command.ts'
import type { ScoreCommand } from '../score/commands.ts'
import { decide, watch } from '../score/decide.ts'
import type { WatchState } from '../score/state.ts'
import type { Demo } from './demo.ts'
import { readDemo } from './demo.ts'
import { submittedOf } from './submitted.ts'

const ROUNDS = 7
const BATCH = 300
const ROOT = uuid('6f1c3c9e-3f5c-4c39-9a2e-0f3d0c6a1b11')

function metaOf(index: number): CommandMeta {
  const commandId = uuidFrom(ROOT, String(index))
  const now = instant('2025-06-01T00:00:00.000Z')
  return { commandId, correlationId: ROOT, causationId: ROOT, actor: 'service:fraud', now }
}

function best(name: string, claims: number, run: () => void): void {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.hrtime.bigint()
    run()
    least = Math.min(least, Number(process.hrtime.bigint() - from))
  }
  console.log(`${name.padEnd(44)} ${(least / 1000 / claims).toFixed(2)} µs a claim`)
}

function submittedFrom(bytes: Buffer): ClaimSubmitted {
  const event = decodeEvent(bytes)
  assert(event.type === 'ClaimSubmitted', 'only submissions are measured')
  return event.data
}

function commandsOf(events: readonly ClaimSubmitted[]): readonly ScoreCommand[] {
  return events.map((data, index) => ({ type: 'ScoreClaim', data, meta: metaOf(index) }))
}

function fold(commands: readonly ScoreCommand[]): Map<string, WatchState> {
  const states = new Map<string, WatchState>()
  for (const command of commands) {
    const { personId } = command.data
    const before = states.get(personId) ?? watch.initialState
    const { events } = decide(command, before)
    states.set(personId, events.reduce(watch.evolve, before))
  }
  return states
}

function consumed(commands: readonly ScoreCommand[]): void {
  const hot = new Map<string, Hot<WatchState>>()
  for (let from = 0; from < commands.length; from += BATCH) {
    const session = new Session(watch, hot)
    for (const command of commands.slice(from, from + BATCH)) {
      session.execute({ stream: `watch-${command.data.personId}`, command })
    }
    for (const { stream, expected, events, hashes } of session.appends()) {
      const hash = hashes.at(-1) ?? expected.hash
      const head = { version: expected.version + events.length, hash }
      hot.set(stream, { head, state: session.stateOf(stream) })
    }
  }
}

function main({ claims, factsOf }: Demo): void {
  const stored = claims.map(claim => encodeEvent('ClaimSubmitted', submittedOf(factsOf(claim))))
  const commands = commandsOf(stored.map(submittedFrom))
  const count = claims.length
  best('decode ClaimSubmitted', count, () => stored.forEach(decodeEvent))
  best('rules: decide and evolve', count, () => fold(commands))
  best('decide, evolve, encode, hash (session)', count, () => consumed(commands))
}

main(readDemo())

/** given events, when a command, then events or a refusal: how deciders are tested. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Decision } from '../decision.ts'

type Decider<C, S, E, R> = {
  readonly initialState: S
  readonly decide: (command: C, state: S) => Decision<E, R>
  readonly evolve: (state: S, event: E) => S
}

export type Scenario<C, E> = {
  readonly given: readonly E[]
  readonly when: C
}

/** The state after the events. */
export function stateAfter<C, S, E, R>(decider: Decider<C, S, E, R>, events: readonly E[]): S {
  return events.reduce(decider.evolve, decider.initialState)
}

export function thenEvents<C, S, E, R>(
  decider: Decider<C, S, E, R>,
  { given, when }: Scenario<C, E>,
  expected: readonly E[],
): void {
  const decision = decider.decide(when, stateAfter(decider, given))
  assert.deepEqual(decision, { accepted: true, events: expected })
}

/** The types of the events alone. */
export function thenTypes<C, S, E extends { readonly type: string }, R>(
  decider: Decider<C, S, E, R>,
  { given, when }: Scenario<C, E>,
  expected: readonly E['type'][],
): readonly E[] {
  const decision = decider.decide(when, stateAfter(decider, given))
  assert.ok(decision.accepted, `refused: ${inspect(decision)}`)
  assert.deepEqual(
    decision.events.map(({ type }) => type),
    expected,
  )
  return decision.events
}

export function thenRefused<C, S, E, R extends { readonly kind: string }>(
  decider: Decider<C, S, E, R>,
  { given, when }: Scenario<C, E>,
  kind: R['kind'],
): void {
  const decision = decider.decide(when, stateAfter(decider, given))
  assert.ok(!decision.accepted, 'expected a refusal')
  assert.equal(decision.refusal.kind, kind)
}

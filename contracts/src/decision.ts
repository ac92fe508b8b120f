/** What a decider returns: events to record, or the typed reason why not. */
export type Decision<Event, Refusal> =
  | { readonly accepted: true; readonly events: readonly Event[] }
  | { readonly accepted: false; readonly refusal: Refusal }

/** No events: the command's effect is already in the state (law 3). */
export function accept<Event>(...events: readonly Event[]): {
  accepted: true
  events: readonly Event[]
} {
  return { accepted: true, events }
}

export function refuse<const Refusal extends { readonly kind: string }>(
  refusal: Refusal,
): { accepted: false; refusal: Refusal } {
  return { accepted: false, refusal }
}

/** Ends every switch over a closed union. Reaching it is a bug: the process stops. */
export function unreachable(value: never): never {
  throw new Error(
    `unreachable: ${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`,
  )
}

/** A bug made visible: history or a caller inside our own code broke a promise. */
export class AssertionFault extends Error {
  override readonly name = 'AssertionFault'
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFault(message)
}

/** What every command carries from the edge. `now` and ids are made there and nowhere deeper. */
export type CommandMeta = {
  readonly commandId: import('./id.ts').Uuid
  readonly correlationId: import('./id.ts').Uuid
  readonly causationId: import('./id.ts').Uuid | null
  /** Who asked: `hospital:H1101…`, `agency:110100`, `service:claims`. Never a person's name. */
  readonly actor: string
  readonly now: import('./time.ts').Instant
}

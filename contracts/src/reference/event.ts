/** Which events a topic carries, as a type: what the folds of reference data take. */
import type { EventData, EventType } from '../events.generated.ts'
import type { Topic } from '../topics.ts'

/** An event of one of the types, told apart by `type`. */
export type EventOf<T extends EventType> = {
  readonly [K in T]: { readonly type: K; readonly data: EventData[K] }
}[T]

export type EventOn<T extends Topic> = EventOf<T['events'][number]>

/** Narrows any event to those of one topic; false for all others. */
export function isOn<T extends Topic, E extends { readonly type: EventType }>(
  topic: T,
  event: E,
): event is E & EventOn<T> {
  return topic.events.includes(event.type)
}

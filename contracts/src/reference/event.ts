/** Which events a topic carries, as a type: what the folds of reference data take. */
import type { EventOf } from '../avro/codec.ts'
import type { EventType } from '../events.generated.ts'
import type { Topic } from '../topics.ts'

export type EventOn<T extends Topic> = EventOf<T['events'][number]>

/** Narrows any event to those of one topic; false for all others. */
export function isOn<T extends Topic, E extends { readonly type: EventType }>(
  topic: T,
  event: E,
): event is E & EventOn<T> {
  return topic.events.includes(event.type)
}

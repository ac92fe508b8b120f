/** Events that move money: what the books must say, and what personal accounts must receive. */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { TopicName } from '@tongchou/contracts/topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { entriesOf, isBookedType } from '@tongchou/funds/journal/entries.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Tally } from '../checks.ts'
import type { Outbox } from '../join/outbox.ts'
import type { Inspector } from '../lane.ts'
import { creditText, entryText } from './contents.ts'

/** Topics in one order: a record's tag is its topic and partition. */
const TOPIC_NAMES: readonly TopicName[] = Object.values(TOPICS).map(({ name }) => name)

export type Heard = { readonly topic: TopicName; readonly partition: number }

function tagOf({ topic, partition }: Heard): number {
  return TOPIC_NAMES.indexOf(topic) * 1000 + partition
}

export function heardFrom(tag: number): Heard {
  const topic = TOPIC_NAMES[Math.floor(tag / 1000)] ?? TOPICS.claim.name
  return { topic, partition: tag % 1000 }
}

export class MoneyInspector implements Inspector {
  readonly types: ReadonlySet<string>
  readonly #tally: Tally
  readonly #outbox: Outbox
  readonly #topics: ReadonlyMap<string, TopicName>

  constructor(service: ServiceName, tally: Tally, outbox: Outbox) {
    this.#tally = tally
    this.#outbox = outbox
    const own = Object.values(TOPICS).filter(topic => topic.service === service)
    const booked = own.flatMap(({ name, events }) =>
      events.filter(isBookedType).map(type => [type, name] as const),
    )
    this.#topics = new Map(booked)
    this.types = new Set(this.#topics.keys())
  }

  event(event: Recorded): void {
    const topic = this.#topics.get(event.type)
    if (topic === undefined) return
    const { position, partition } = event
    const place = { position, tag: tagOf({ topic, partition }) }
    if (event.type === 'AccountCredited') {
      const key = `${event.data.personId} ${event.data.creditNo}`
      this.#outbox.credits.said.add(key, creditText(event.data), place)
    }
    try {
      for (const entry of entriesOf(event)) {
        this.#outbox.books.said.add(event.id, entryText(entry), place)
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      this.#tally.found('books', event, `${event.type} contradicts itself: ${reason}`)
    }
  }
}

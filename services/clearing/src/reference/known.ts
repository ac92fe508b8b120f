/** Everything the door looks up: reference data in memory of every replica, persons in a view. */
import type { PersonId } from '@tongchou/contracts/id.ts'
import { CatalogueBook } from '@tongchou/contracts/reference/catalogues.ts'
import type { CoverageFacts } from '@tongchou/contracts/reference/coverage.ts'
import { decodeCoverage } from '@tongchou/contracts/reference/coverage.ts'
import { isOn } from '@tongchou/contracts/reference/event.ts'
import { InstitutionBook } from '@tongchou/contracts/reference/institutions.ts'
import { PackBook } from '@tongchou/contracts/reference/packs.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { handledUpTo } from '@tongchou/runtime/message-log/handled.ts'
import type { MessageLog, RunningSubscription } from '@tongchou/runtime/message-log/port.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { coverageView } from './view.ts'

const BOOK_TOPICS: readonly Topic[] = [TOPICS.institution, TOPICS.catalogue, TOPICS.policy]

export type PersonKnown = { readonly facts: CoverageFacts; readonly position: bigint }

export class Knowledge {
  readonly institutions = new InstitutionBook()
  readonly catalogues = new CatalogueBook()
  readonly packs = new PackBook()
  readonly #runtime: ServiceRuntime
  #books: readonly { readonly topic: Topic; readonly running: RunningSubscription }[] = []

  constructor(runtime: ServiceRuntime) {
    this.#runtime = runtime
  }

  /** Loads the reference topics from their start; afterwards they follow live. */
  async open(log: MessageLog): Promise<readonly RunningSubscription[]> {
    const open = async (topic: Topic) => {
      const handle = (
        messages: Parameters<Parameters<MessageLog['broadcast']>[0]['handle']>[0],
      ) => {
        for (const message of messages) this.#apply(recorded(message))
      }
      return { topic, running: await log.broadcast({ topic, handle }) }
    }
    this.#books = await Promise.all(BOOK_TOPICS.map(open))
    return this.#books.map(({ running }) => running)
  }

  #apply(event: Recorded): void {
    if (isOn(TOPICS.institution, event)) this.institutions.apply(event)
    else if (isOn(TOPICS.catalogue, event)) this.catalogues.apply(event)
    else if (isOn(TOPICS.policy, event)) this.packs.apply(event.data)
  }

  /** Coverage of the persons in one round trip; unknown ones are absent. */
  async persons(ids: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKnown>> {
    const rows = await this.#runtime.views.getAll(
      coverageView,
      ids.map(id => [id]),
    )
    const known = new Map<PersonId, PersonKnown>()
    for (const { facts: bytes, position } of rows.values()) {
      const facts = decodeCoverage(bytes)
      known.set(facts.personId, { facts, position })
    }
    return known
  }

  /** Law 2: true once everything that producers had when this was called is known here. */
  async caughtUp(timeoutMs: number): Promise<boolean> {
    const books = this.#books.map(({ topic, running }) =>
      this.#bookCaughtUp(topic, running, timeoutMs),
    )
    const all = await Promise.all([this.#runtime.caughtUp(TOPICS.coverage, timeoutMs), ...books])
    return all.every(Boolean)
  }

  async #bookCaughtUp(
    topic: Topic,
    running: RunningSubscription,
    timeoutMs: number,
  ): Promise<boolean> {
    const head = await this.#runtime.log.head(topic)
    return handledUpTo(running, head, timeoutMs)
  }
}

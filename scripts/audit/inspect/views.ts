/**
 * Views: folded again from the events up to the view's checkpoint, then compared with the table row
 * by row.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import type { AnyView } from '@tongchou/runtime/view/port.ts'
import type { ViewGroup } from '@tongchou/runtime/view/run.ts'
import type { Tally } from '../checks.ts'
import type { Inspector } from '../lane.ts'
import type { ViewRows } from '../source/source.ts'
import { RowLines } from './row-lines.ts'

export type Rebuilt = {
  /** Service that keeps the view. */
  readonly service: ServiceName
  readonly group: ViewGroup
  /** Checkpoint of the group by partition: events beyond it are not in the tables yet. */
  readonly positions: ReadonlyMap<number, bigint>
  /** Of the service that keeps the view. */
  readonly tally: Tally
}

export class ViewInspector implements Inspector {
  readonly #rebuilt: Rebuilt
  readonly #tables: ViewRows
  readonly #views = new MemoryViewStore()
  readonly types: ReadonlySet<string>

  constructor(rebuilt: Rebuilt, tables: ViewRows) {
    this.#rebuilt = rebuilt
    this.#tables = tables
    const { topic, views } = rebuilt.group
    this.types = new Set(views.flatMap(({ events = topic.events }) => events))
  }

  event(event: Recorded): void {
    const { group, positions } = this.#rebuilt
    if (event.position > (positions.get(event.partition) ?? 0n)) return
    this.#views.apply(group.views, event)
  }

  async finish(): Promise<void> {
    for (const view of this.#rebuilt.group.views) {
      await this.#compare(view)
      this.#views.table(view).clear()
    }
  }

  /** The table has each key once: rows that are missing are looked for only when some must be. */
  async #compare(view: AnyView): Promise<void> {
    const { service, tally } = this.#rebuilt
    const expected = this.#views.table(view)
    const lines = new RowLines(view)
    let met = 0
    await this.#tables.lines(service, view, line => {
      tally.checked('views')
      const key = lines.keyOf(line)
      const row = expected.get(key)
      if (row === undefined) this.#found(view, key, 'is in the table, but follows from no event')
      else {
        met += 1
        const fault = lines.differenceOf(row, line)
        if (fault !== null) this.#found(view, key, fault)
      }
    })
    if (met === expected.size) return
    await this.#tables.lines(service, view, line => expected.delete(lines.keyOf(line)))
    for (const key of expected.keys()) this.#found(view, key, 'is missing')
  }

  #found({ name }: AnyView, key: string, fault: string): void {
    const { service, tally } = this.#rebuilt
    const detail = `row ${key.replaceAll('\u0000', ' ')} of ${service}.${name} ${fault}`
    tally.found('views', { position: null, stream: null }, detail)
  }
}

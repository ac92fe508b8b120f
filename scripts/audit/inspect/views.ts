/**
 * Views: folded again from the events up to the view's checkpoint, then compared with the table row
 * by row.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import type { AnyView, Row } from '@tongchou/runtime/view/port.ts'
import { keyOfRow, keyText } from '@tongchou/runtime/view/port.ts'
import type { ViewGroup } from '@tongchou/runtime/view/run.ts'
import type { Tally } from '../checks.ts'
import type { Inspector } from '../lane.ts'
import type { ViewRows } from '../source/source.ts'

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
    this.types = new Set(rebuilt.group.topic.events)
  }

  event(event: Recorded): void {
    const { group, positions } = this.#rebuilt
    if (event.position > (positions.get(event.partition) ?? 0n)) return
    this.#views.apply(group.views, event)
  }

  async finish(): Promise<void> {
    for (const view of this.#rebuilt.group.views) await this.#compare(view)
  }

  async #compare(view: AnyView): Promise<void> {
    const { service, tally } = this.#rebuilt
    const expected = this.#views.table(view)
    for await (const rows of this.#tables.rows(service, view)) {
      tally.checked('views', rows.length)
      for (const row of rows) {
        const key = keyText(keyOfRow(view, row))
        const fault = differenceOf(view, expected.get(key), row)
        expected.delete(key)
        if (fault !== null) this.#found(view, row, fault)
      }
    }
    for (const row of expected.values()) this.#found(view, row, 'is missing')
    expected.clear()
  }

  #found(view: AnyView, row: Row, fault: string): void {
    const { service, tally } = this.#rebuilt
    const key = keyOfRow(view, row).map(String).join(' ')
    const detail = `row ${key} of ${service}.${view.name} ${fault}`
    tally.found('views', { position: null, stream: null }, detail)
  }
}

function differenceOf(view: AnyView, expected: Row | undefined, row: Row): string | null {
  if (expected === undefined) return 'is in the table, but follows from no event'
  for (const column of Object.keys(view.columns)) {
    if (expected[column] !== row[column]) {
      return `has ${column} ${row[column]} instead of ${expected[column]}`
    }
  }
  return null
}

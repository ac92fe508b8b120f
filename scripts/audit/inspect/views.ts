/**
 * Views: folded again from the events up to the view's checkpoint, then compared with the table row
 * by row.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { TextRow } from '@tongchou/runtime/audit/snapshot/snapshot.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import type { AnyView, Row, RowValue } from '@tongchou/runtime/view/port.ts'
import { keyText } from '@tongchou/runtime/view/port.ts'
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
    const { topic, views } = rebuilt.group
    this.types = new Set(views.flatMap(({ events = topic.events }) => events))
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
    const columns = Object.keys(view.columns)
    const keyAt = view.key.map(column => columns.indexOf(column))
    for await (const rows of this.#tables.rows(service, view)) {
      tally.checked('views', rows.length)
      for (const row of rows) {
        const key = keyText(keyAt.map(at => row[at] ?? null))
        const fault = differenceOf(columns, expected.get(key), row)
        expected.delete(key)
        if (fault !== null) this.#found(view, key, fault)
      }
    }
    for (const key of expected.keys()) this.#found(view, key, 'is missing')
    expected.clear()
  }

  #found({ name }: AnyView, key: string, fault: string): void {
    const { service, tally } = this.#rebuilt
    const detail = `row ${key.replaceAll('\u0000', ' ')} of ${service}.${name} ${fault}`
    tally.found('views', { position: null, stream: null }, detail)
  }
}

function differenceOf(
  columns: readonly string[],
  expected: Row | undefined,
  row: TextRow,
): string | null {
  if (expected === undefined) return 'is in the table, but follows from no event'
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at] ?? ''
    const wanted = textOf(expected[column] ?? null)
    if (wanted !== row[at]) return `has ${column} ${row[at]} instead of ${wanted}`
  }
  return null
}

/** A value as PostgreSQL writes it. */
function textOf(value: RowValue): string | null {
  if (typeof value === 'string' || value === null) return value
  return typeof value === 'boolean' ? (value ? 't' : 'f') : String(value)
}

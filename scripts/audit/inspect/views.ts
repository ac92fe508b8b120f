/**
 * Views: folded again from the events up to the view's checkpoint, then compared with the table row
 * by row.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { type AnyView, keyText, looksAt } from '@tongchou/runtime/view/port.ts'
import type { ViewGroup } from '@tongchou/runtime/view/run.ts'
import type { Tally } from '../checks.ts'
import type { Inspector } from '../lane.ts'
import type { ViewRows } from '../source/source.ts'
import { RowLines } from './row-lines.ts'
import { NONE, Rows } from './rows.ts'

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
  readonly #expected: readonly Expected[]
  readonly types: ReadonlySet<string>

  constructor(rebuilt: Rebuilt, tables: ViewRows) {
    this.#rebuilt = rebuilt
    this.#tables = tables
    const { topic, views } = rebuilt.group
    this.#expected = views.map(view => ({ view, rows: new Rows() }))
    this.types = new Set(views.flatMap(({ events = topic.events }) => events))
  }

  event(event: Recorded): void {
    if (event.position > (this.#rebuilt.positions.get(event.partition) ?? 0n)) return
    for (const { view, rows } of this.#expected) {
      if (!looksAt(view, event.type)) continue
      for (const { key, apply } of view.project(event)) rows.change(keyText(key), apply)
    }
  }

  async finish(): Promise<void> {
    for (const expected of this.#expected) await this.#compare(expected)
  }

  async #compare({ view, rows }: Expected): Promise<void> {
    const { service, tally } = this.#rebuilt
    const lines = new RowLines(view)
    const met = new Uint8Array(rows.count)
    let number = NONE
    await this.#tables.lines(service, view, line => {
      tally.checked('views')
      const plain = lines.plainRowOf(rows, number + 1, line)
      number = plain === NONE ? this.#examine({ view, rows }, lines, line.text) : plain
      if (number !== NONE) met[number] = 1
    })
    for (let left = 0; left < rows.count; left++) {
      if (met[left] === 0 && rows.row(left) !== undefined) {
        this.#found(view, rows.key(left), 'is missing')
      }
    }
  }

  /** A line that is not plainly a row: it may be escaped. */
  #examine({ view, rows }: Expected, lines: RowLines, line: string): number {
    const key = lines.keyOf(line)
    const number = rows.numberOf(key)
    const row = rows.row(number)
    if (row === undefined) {
      this.#found(view, key, 'is in the table, but follows from no event')
    } else {
      const fault = lines.differenceOf(row, line)
      if (fault !== null) this.#found(view, key, fault)
    }
    return number
  }

  #found({ name }: AnyView, key: string, fault: string): void {
    const { service, tally } = this.#rebuilt
    const detail = `row ${key.replaceAll('\u0000', ' ')} of ${service}.${name} ${fault}`
    tally.found('views', { position: null, stream: null }, detail)
  }
}

/** A view, and the rows that follow from the events. */
type Expected = { readonly view: AnyView; readonly rows: Rows }

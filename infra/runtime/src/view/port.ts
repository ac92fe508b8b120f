/**
 * A view: rows folded from a topic, that can be dropped and rebuilt to the same rows. Declared
 * once; the table, the running upkeep, the rebuild and the audit all come from the declaration.
 */
import type { Projected } from '@tongchou/contracts/avro/projection.ts'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import type { Progress } from '../event-store/port.ts'
import type { Recorded } from '../service/recorded.ts'

/** `json` holds text made by us, byte for byte. Dates and instants are text. */
export type ColumnType = 'uuid' | 'text' | 'bigint' | 'integer' | 'boolean' | 'json'
export type RowValue = string | bigint | number | boolean | null
export type Row = { readonly [column: string]: RowValue }

export type Change<R extends Row> = {
  readonly key: readonly RowValue[]
  /** Row before to row after; undefined = no such row. Pure. */
  readonly apply: (row: R | undefined) => R | undefined
}

export type View<R extends Row = Row> = {
  /** Table name in the service's schema; snake_case. */
  readonly name: string
  readonly topic: Topic
  /** Events of the topic that `project` looks at; all of them unless told. */
  readonly events?: readonly EventType[]
  /** Readers of some fields of an event, where `project` needs few of many. */
  readonly readers?: { readonly [T in EventType]?: (bytes: Buffer) => Projected<unknown> }
  readonly columns: { readonly [K in keyof R]: ColumnType }
  readonly key: readonly (keyof R & string)[]
  /** Column lists of further indexes. */
  readonly indexes: readonly (readonly (keyof R & string)[])[]
  /** Raise when `project` changes: the table is dropped and rebuilt at the next start. */
  readonly version: number
  /**
   * Events of one partition alone change a row: partitions have different holders, each with rows
   * in memory. A sum over keys has a row for each partition and is added up when it is read.
   */
  readonly project: (event: Recorded) => readonly Change<R>[]
}

export type AnyView = View<Row>

/** Forgets the row type, so that views of all kinds stand in one list. */
export function anyView<R extends Row>(view: View<R>): AnyView {
  return view as unknown as AnyView
}

export type Criteria<R extends Row> = {
  readonly equals?: Partial<R>
  /** Inclusive bounds by column. */
  readonly from?: Partial<R>
  readonly to?: Partial<R>
  readonly orderBy?: readonly (keyof R & string)[]
  readonly descending?: boolean
  readonly limit: number
}

export type Saved = {
  readonly view: AnyView
  readonly upserts: readonly Row[]
  readonly deletes: readonly (readonly RowValue[])[]
}

export interface ViewStore {
  /** Creates the tables; drops and starts anew the group's views when one of them changed. */
  ensure(group: string, views: readonly AnyView[]): Promise<void>
  get<R extends Row>(view: View<R>, key: readonly RowValue[]): Promise<R | undefined>
  /** Rows by key, in one round trip; absent keys are absent. The map's key is `keyText(key)`. */
  getAll<R extends Row>(
    view: View<R>,
    keys: readonly (readonly RowValue[])[],
  ): Promise<Map<string, R>>
  find<R extends Row>(view: View<R>, criteria: Criteria<R>): Promise<readonly R[]>
  /** Rows and progress in one statement. Throws Fault `fenced` | `unavailable`. */
  save(saved: readonly Saved[], progress: Progress): Promise<void>
}

/** True when the view may change by events of this type. */
export function looksAt(view: Pick<AnyView, 'events' | 'topic'>, type: EventType): boolean {
  return (view.events ?? view.topic.events).includes(type)
}

export function keyText(key: readonly RowValue[]): string {
  return key.length === 1 ? String(key[0]) : key.map(String).join('\u0000')
}

export function keyOfRow(view: AnyView, row: Row): readonly RowValue[] {
  return view.key.map(column => row[column] ?? null)
}

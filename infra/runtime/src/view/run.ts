/**
 * Keeps the views of one group up to date: a batch of messages becomes one statement, one row a
 * key.
 */
import type { Topic } from '@tongchou/contracts/topics.ts'
import { LRUCache } from 'lru-cache'
import type { EventStore, Progress } from '../event-store/port.ts'
import type { Batch, Message, MessageLog, RunningSubscription } from '../message-log/port.ts'
import type { Recorded } from '../service/recorded.ts'
import { recorded, recordedBy } from '../service/recorded.ts'
import type { AnyView, Change, Row, RowValue, Saved, ViewStore } from './port.ts'
import { keyText, looksAt } from './port.ts'

export type ViewGroup = {
  readonly group: string
  readonly topic: Topic
  readonly views: readonly AnyView[]
  readonly lingerMs: number
}

/**
 * Pause after a batch that was not full: what arrives meanwhile is written in one statement. After
 * a crash messages come one at a time, and none is paused over.
 */
const LINGER_MS = 20
/** Doors decide by what they know of others; of its own events a service knows from its store. */
const OWN_LINGER_MS = 100

/** Views of a service by the topic that feeds them: one group, one checkpoint for each topic. */
export function viewGroups(service: string, views: readonly AnyView[]): readonly ViewGroup[] {
  const groups = new Map<string, { topic: Topic; views: AnyView[] }>()
  for (const view of views) {
    const group = groups.get(view.topic.name) ?? { topic: view.topic, views: [] }
    group.views.push(view)
    groups.set(view.topic.name, group)
  }
  return [...groups].map(([name, { topic, views: list }]) => ({
    group: `${service}.view.${name}`,
    topic,
    views: list,
    lingerMs: topic.service === service ? OWN_LINGER_MS : LINGER_MS,
  }))
}

const MAX_BATCH = 1000
const HOT_ROWS = 10_000
export type ViewOptions = {
  readonly viewGroup: ViewGroup
  readonly log: MessageLog
  readonly store: EventStore
  readonly views: ViewStore
}

/** The tables are there already: `ViewStore.ensure`. */
export function runViews(options: ViewOptions): Promise<RunningSubscription> {
  const { group, topic, lingerMs } = options.viewGroup
  const cache = new RowCache(HOT_ROWS)
  return options.log.subscribe({
    group,
    topic,
    store: options.store,
    maxBatch: MAX_BATCH,
    lingerMs,
    handle: batch => applyBatch(options, cache, batch),
  })
}

/**
 * Newest rows that this process wrote under its lease; emptied when a batch fails or a lease is
 * another.
 */
class RowCache {
  readonly #rows: LRUCache<string, { row: Row | undefined }>
  readonly #epochs = new Map<number, number>()
  constructor(max: number) {
    this.#rows = new LRUCache({ max })
  }
  get(view: AnyView, key: string): { row: Row | undefined } | undefined {
    return this.#rows.get(`${view.name}\u0000${key}`)
  }
  set(view: AnyView, key: string, row: Row | undefined): void {
    this.#rows.set(`${view.name}\u0000${key}`, { row })
  }
  clear(): void {
    this.#rows.clear()
  }
  /** Whoever held a partition in between may have written its rows. */
  under({ positions }: Progress): void {
    for (const { partition, epoch } of positions) {
      if (this.#epochs.get(partition) !== epoch) this.clear()
      this.#epochs.set(partition, epoch)
    }
  }
}

type Touched = { readonly key: readonly RowValue[]; readonly changes: Change<Row>[] }

async function applyBatch(options: ViewOptions, cache: RowCache, batch: Batch): Promise<void> {
  const events = decodedOnce(batch.messages)
  cache.under(batch.progress)
  try {
    const saved: Saved[] = []
    for (const view of options.viewGroup.views) {
      const touched = collect(view, batch.messages, events)
      if (touched.size > 0) saved.push(await fold(options.views, cache, view, touched))
    }
    await options.views.save(saved, batch.progress)
  } catch (cause) {
    cache.clear()
    throw cause
  }
}

/** Each message decoded when a view first looks at it whole. */
function decodedOnce(messages: readonly Message[]): (index: number) => Recorded {
  const events: Recorded[] = []
  return index => {
    const known = events[index]
    if (known !== undefined) return known
    const event = recorded(messages[index] as Message)
    events[index] = event
    return event
  }
}

function collect(
  view: AnyView,
  messages: readonly Message[],
  whole: (index: number) => Recorded,
): Map<string, Touched> {
  const touched = new Map<string, Touched>()
  for (const [index, message] of messages.entries()) {
    if (!looksAt(view, message.type)) continue
    const reader = view.readers?.[message.type]
    const event = reader === undefined ? whole(index) : recordedBy(message, reader)
    for (const change of view.project(event)) {
      const text = keyText(change.key)
      const entry = touched.get(text)
      if (entry === undefined) touched.set(text, { key: change.key, changes: [change] })
      else entry.changes.push(change)
    }
  }
  return touched
}

async function fold(
  store: ViewStore,
  cache: RowCache,
  view: AnyView,
  touched: ReadonlyMap<string, Touched>,
): Promise<Saved> {
  const missing = [...touched].filter(([text]) => cache.get(view, text) === undefined)
  if (missing.length > 0) {
    const rows = await store.getAll(
      view,
      missing.map(([, { key }]) => key),
    )
    for (const [text] of missing) cache.set(view, text, rows.get(text))
  }
  const upserts: Row[] = []
  const deletes: (readonly RowValue[])[] = []
  for (const [text, { key, changes }] of touched) {
    const before = cache.get(view, text)?.row
    const after = changes.reduce<Row | undefined>((row, change) => change.apply(row), before)
    cache.set(view, text, after)
    if (after !== undefined) upserts.push(after)
    else if (before !== undefined) deletes.push(key)
  }
  return { view, upserts, deletes }
}

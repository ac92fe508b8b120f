/**
 * The store against its newest checkpoint, and the tree to go on from: bounded work, however long
 * the store is.
 */
import type { KeyObject } from 'node:crypto'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { EventStore, StoredEvent } from '../event-store/port.ts'
import { type CheckpointLine, isSignedBy } from './checkpoint.ts'
import type { FoundLine } from './checkpoint-file.ts'
import { CompactRange, leafHash } from './tree.ts'

const PAGE = 2000
/** Signed events that are folded again at a start, at least, where the file goes back so far. */
const LOOK_BACK = 2000
const NOTHING: ReadonlySet<never> = new Set()

/** The store is not the one, or not in the state, that was signed. */
export class StoreDiffers extends Error {
  override readonly name = 'StoreDiffers'
}

export type Resumed = {
  readonly incarnation: Uuid
  /** At the size of the newest line; empty without one. */
  readonly tree: CompactRange
  readonly last: CheckpointLine | null
}

type Signer = { readonly publicKey: KeyObject; readonly service: string }

/**
 * Takes up an earlier signed line and folds the store's events up to the newest one: they must lead
 * to its root. So a store that was restored, forked or cut is found, and so is a changed hash among
 * the newest events; what lies further back, `tongchou audit verify` finds. Throws StoreDiffers.
 */
export async function resume(
  store: EventStore,
  lines: readonly FoundLine[],
  signer: Signer,
): Promise<Resumed> {
  const { incarnation, position } = await store.head()
  const last = newestLine(lines)
  if (last === null) return { incarnation, tree: new CompactRange(), last }
  checkLine(last, signer)
  if (last.incarnation !== incarnation) {
    throw new StoreDiffers(`the store is ${incarnation}, but ${last.incarnation} was signed`)
  }
  if (position < BigInt(last.size)) {
    throw new StoreDiffers(`the store ends at ${position}, but ${last.size} events were signed`)
  }
  const earlier = lineBefore(lines, last)
  if (earlier !== null) checkLine(earlier, signer)
  const start = earlier?.size ?? 0
  const tree = await foldTo(store, earlier, last.size)
  if (!tree.root().equals(last.root)) {
    throw new StoreDiffers(`the events ${start + 1} to ${last.size} are not those that were signed`)
  }
  return { incarnation, tree, last }
}

/**
 * Sizes only grow in truth; a late line of a writer that lost its lease may stand behind a greater
 * one.
 */
export function newestLine(lines: readonly FoundLine[]): CheckpointLine | null {
  const found = lines.at(-1)
  if (found === undefined) return null
  if (found.line === undefined)
    throw new StoreDiffers('the last line of the checkpoints is damaged')
  let newest = found.line
  for (const { line } of lines) if (line !== undefined && line.size > newest.size) newest = line
  return newest
}

/**
 * The newest line that lies far enough back, else the oldest there is; null: from the first event
 * on.
 */
function lineBefore(lines: readonly FoundLine[], last: CheckpointLine): CheckpointLine | null {
  if (last.size <= LOOK_BACK) return null
  const before = lines
    .flatMap(({ line }) => (line === undefined ? [] : [line]))
    .filter(line => line.size < last.size)
  return before.findLast(line => line.size <= last.size - LOOK_BACK) ?? before[0] ?? null
}

function checkLine(line: CheckpointLine, { publicKey, service }: Signer): void {
  if (line.service !== service) throw new StoreDiffers(`a checkpoint of ${line.service}`)
  if (!isSignedBy(line, publicKey)) {
    throw new StoreDiffers(
      `the checkpoint at ${line.size} is not signed by this installation's key`,
    )
  }
}

async function foldTo(
  store: EventStore,
  from: CheckpointLine | null,
  size: number,
): Promise<CompactRange> {
  const tree = from === null ? new CompactRange() : CompactRange.fromBytes(from.size, from.frontier)
  while (tree.size < size) {
    const page = await store.readAll(BigInt(tree.size), Math.min(PAGE, size - tree.size), NOTHING)
    if (page.length === 0) throw new StoreDiffers(`position ${tree.size + 1} is missing`)
    appendPage(tree, page)
  }
  return tree
}

/** Throws StoreDiffers when a position is missing. */
export function appendPage(
  tree: CompactRange,
  page: readonly Pick<StoredEvent, 'position' | 'hash'>[],
): void {
  for (const { position, hash } of page) {
    if (position !== BigInt(tree.size + 1)) {
      throw new StoreDiffers(`position ${tree.size + 1} is missing, ${position} follows`)
    }
    tree.append(leafHash(position, hash))
  }
}

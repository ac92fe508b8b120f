/**
 * Node time of the books for one claim: `node services/funds/src/testing/book.bench.ts [claims]`.
 */
import { PARTITIONS, TOPICS } from '@tongchou/contracts/topics.ts'
import { openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { openMemoryLog } from '@tongchou/runtime/message-log/memory.ts'
import type { Message } from '@tongchou/runtime/message-log/port.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { SILENT } from '@tongchou/runtime/service/logger.ts'
import { recorded, toStore } from '@tongchou/runtime/service/recorded.ts'
import { Books } from '../balance/books.ts'
import { balanceView } from '../balance/view.ts'
import { type Booking, bookBatch } from '../consume/book.ts'
import { PartitionLocks } from '../consume/locks.ts'
import { planOf } from '../consume/plan.ts'
import { journal } from '../journal/decide.ts'
import { faultsOf } from '../journal/pack.ts'
import { NOW } from './bed.ts'
import { eventIdAt, settled } from './events.ts'

const REGIONS = ['110100', '120100', '310100', '320800', '330300', '410100', '420200', '430200']
const CLAIMS = Number(process.argv[2] ?? 60_000)
const BATCH = 300
const GROUP = 'funds.book.claim'

const store = openMemoryStore()
const { incarnation } = await store.head()

function message(no: number): Message {
  const insured = REGIONS[no % REGIONS.length] ?? ''
  const away = no % 3 === 0
  const treating = away ? (REGIONS[(no + 1 + (no % 5)) % REGIONS.length] ?? '') : insured
  const data = settled({
    ...{ no: `claim-${no}`, insured, treating },
    ...{ pooled: 123_456 + no, catastrophic: no % 4 === 0 ? 5000 + no : 0, account: 3210 },
  })
  const commandId = eventIdAt('ClaimSettled', BigInt(no))
  const meta = { commandId, correlationId: commandId, causationId: null, actor: 'bench', now: NOW }
  const made = toStore({ type: 'ClaimSettled', data }, meta, 0, `person-${no}`, false)
  const position = BigInt(no + 1)
  const stored = {
    ...made,
    position,
    stream: `claim-${commandId}`,
    version: 2,
    hash: Buffer.alloc(32),
  }
  return { ...stored, topic: TOPICS.claim.name, incarnation }
}

const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
const request = { group: GROUP, topic: TOPICS.claim.name, partitions, owner: 'bench', ttlMs: 1e9 }
const leases = await store.progress.acquire(request)
const booking: Booking = {
  ...{ group: GROUP, topic: TOPICS.claim, store, clock: () => NOW, locks: new PartitionLocks() },
  logger: SILENT,
  handler: new CommandHandler(store, journal, { hotStreams: 100 }),
  log: openMemoryLog({ stores: new Map() }),
}

let bookMs = 0
let planMs = 0
for (let from = 0; from < CLAIMS; from += BATCH) {
  const messages = Array.from({ length: BATCH }, (_, index) => message(from + index))
  const position = BigInt(from + BATCH)
  const positions = leases.map(({ partition, epoch }) => ({ partition, epoch, position }))
  const progress = { group: GROUP, topic: TOPICS.claim.name, incarnation, positions }
  const batch = { messages, progress, parkedKeys: new Set<string>(), replay: null, crashes: 0 }
  let startedMs = cpuMs()
  planOf(batch)
  planMs += cpuMs() - startedMs
  startedMs = cpuMs()
  await bookBatch(booking, batch)
  bookMs += cpuMs() - startedMs
}

const events = await store.readAll(0n, 1_000_000)
const bytes = events.reduce((total, { data }) => total + data.length, 0)
const books = new Books()
let followMs = 0
let viewMs = 0
let checkMs = 0
const touched = new Set<string>()
for (const stored of events) {
  let startedMs = cpuMs()
  const event = recorded(stored)
  if (event.type !== 'JournalPosted') continue
  books.apply({ position: event.position, at: event.at, data: event.data })
  followMs += cpuMs() - startedMs
  startedMs = cpuMs()
  faultsOf(event.data)
  checkMs += cpuMs() - startedMs
  startedMs = cpuMs()
  const changes = balanceView.project(recorded(stored))
  viewMs += cpuMs() - startedMs
  for (const { key } of changes) touched.add(key.join(' '))
}

/** Processor time of this process: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function each(ms: number): string {
  return `${((ms * 1000) / CLAIMS).toFixed(2)} µs a claim`
}

console.log(
  `claims ${CLAIMS}, batches of ${BATCH}, journal events ${events.length}, accounts ${books.size}`,
)
console.log(
  `book a batch, decode to append in memory   ${each(bookMs)} (decode and rules ${each(planMs)})`,
)
console.log(`follow: decode and fold                    ${each(followMs)}, checks ${each(checkMs)}`)
console.log(`view: decode and project                   ${each(viewMs)}, rows ${touched.size}`)
console.log(`journal bytes                              ${Math.round(bytes / CLAIMS)} a claim`)

/**
 * What a batch of source messages asks of the journal streams, and which of its messages cannot be
 * booked.
 */
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type { Batch, Message } from '@tongchou/runtime/message-log/port.ts'
import type { Parked } from '@tongchou/runtime/service/consume.ts'
import { deadly, keyOf, reasonOf } from '@tongchou/runtime/service/consume.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Posting } from '../journal/commands.ts'
import type { BookedEvent, SettlementFacts, SourceEvent } from '../journal/entries.ts'
import { entriesOf, isBookedType } from '../journal/entries.ts'
import { monthOfMs } from '../journal/stream.ts'

/** The messages of one partition and month. */
export type StreamWork = {
  readonly partition: number
  readonly month: string
  readonly postings: Posting[]
  readonly parked: bigint[]
}

export type BatchPlan = {
  readonly streams: readonly StreamWork[]
  readonly parked: readonly Parked[]
}

/**
 * A message that cannot be read, or contradicts itself, is parked and its key with it; messages
 * that move no money are passed over. Throws Fault `newer-schema`.
 */
export function planOf(batch: Batch): BatchPlan {
  const streams = new Map<string, StreamWork>()
  const parked: Parked[] = []
  const blocked = new Set(batch.replay === null ? batch.parkedKeys : [])
  for (const message of batch.messages) {
    if (!isBookedType(message.type)) continue
    const work = workOf(streams, message)
    const behind = blocked.size > 0 && blocked.has(keyOf(message)) ? BEHIND : null
    const posting = behind ?? deadly(batch) ?? postingOf(message)
    if (typeof posting !== 'string') {
      work.postings.push(posting)
      continue
    }
    const key = keyOf(message)
    blocked.add(key)
    work.parked.push(message.position)
    parked.push({ message, key, reason: posting })
  }
  return { streams: [...streams.values()], parked }
}

const BEHIND = 'behind a parked message of the same key'

/** The posting, or why there is none. */
function postingOf(message: Message): Posting | string {
  try {
    const [entry = null] = entriesOf(eventOf(message))
    return { position: message.position, entry }
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    return reasonOf(cause)
  }
}

const FACTS = {
  claimId: true,
  institutionCode: true,
  insuredRegion: true,
  treatingRegion: true,
  layers: { layer: true, fund: true, amountFen: true },
  obligation: true,
  pooledFen: true,
  catastrophicFen: true,
  otherFundFen: true,
  accountFen: true,
} as const
const settlementFacts = projection<'ClaimSettled', SettlementFacts>('ClaimSettled', FACTS)
const reversalFacts = projection<'ClaimReversed', SettlementFacts>('ClaimReversed', FACTS)

/** Of a claim, which comes by the thousand, only what the rules read. */
function eventOf(message: Message): SourceEvent | BookedEvent {
  const { type, id, position } = message
  if (type !== 'ClaimSettled' && type !== 'ClaimReversed') return recorded(message)
  const read = type === 'ClaimSettled' ? settlementFacts : reversalFacts
  try {
    return { type, id, position, data: read(message.data).data }
  } catch {
    return recorded(message) // says what is wrong with the bytes
  }
}

function workOf(streams: Map<string, StreamWork>, { partition, atMs }: Message): StreamWork {
  const month = monthOfMs(atMs)
  const name = `${partition}-${month}`
  const known = streams.get(name)
  if (known !== undefined) return known
  const work: StreamWork = { partition, month, postings: [], parked: [] }
  streams.set(name, work)
  return work
}

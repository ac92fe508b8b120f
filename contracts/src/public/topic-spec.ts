/** What a broker is told of a topic. */
import type { PublicTopic } from '../public-topics.ts'
import { INTERNAL_RETENTION, PARTITIONS, type Retention, type Topic } from '../topics.ts'

export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** Kafka's own names. */
  readonly config: Readonly<Record<string, string>>
}

/**
 * Of one send, which is what brokers measure: a page of the relay for one partition; and some
 * single records are large (catalogues listed in one event, balances struck over all accounts).
 */
const SEND_BYTES_MAX = 16 * 1024 * 1024
const DAY_MS = 86_400_000
/** A reader that was away for a week still sees that a row is gone. */
const REMOVED_KEPT_MS = 7 * DAY_MS
/** Compaction leaves the newest segment alone, so segments of quiet topics are closed daily. */
const SEGMENT_MS = DAY_MS

/**
 * Only public state topics are compacted. On every other topic a reader checks that no record is
 * missing, which it cannot where the broker takes records away.
 */
export function topicSpecOf(topic: Topic | PublicTopic): TopicSpec {
  const isPublic = 'kind' in topic
  const { name } = topic
  const retention = isPublic ? topic.retention : INTERNAL_RETENTION
  const limits = {
    'retention.ms': retentionMs(retention),
    'max.message.bytes': String(SEND_BYTES_MAX),
    // records carry the time of their event, by which an old one sent today would be removed today
    ...(retention === 'forever' ? {} : { 'message.timestamp.type': 'LogAppendTime' }),
  }
  if (!isPublic) {
    const partitions = topic.keyedBy === 'broadcast' ? 1 : PARTITIONS
    return { name, partitions, config: { 'cleanup.policy': 'delete', ...limits } }
  }
  const { partitions, kind } = topic
  if (kind !== 'state')
    return { name, partitions, config: { 'cleanup.policy': 'delete', ...limits } }
  const compaction = {
    'delete.retention.ms': String(REMOVED_KEPT_MS),
    'segment.ms': String(SEGMENT_MS),
  }
  return { name, partitions, config: { 'cleanup.policy': 'compact', ...limits, ...compaction } }
}

function retentionMs(retention: Retention): string {
  return retention === 'forever' ? '-1' : String(retention.days * DAY_MS)
}

/**
 * What the books listen to: one group for each topic, and of each topic the events that move money.
 */
import type { Topic } from '@tongchou/contracts/topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { isBookedType } from '../journal/entries.ts'

export type SourceTopic = { readonly group: string; readonly topic: Topic }

function moneyOf(topic: Topic): Topic {
  return { ...topic, events: topic.events.filter(isBookedType) }
}

export const SOURCES: readonly SourceTopic[] = [
  { group: 'funds.book.premium', topic: moneyOf(TOPICS.premium) },
  { group: 'funds.book.account-credit', topic: moneyOf(TOPICS.accountCredit) },
  { group: 'funds.book.account-movement', topic: moneyOf(TOPICS.accountMovement) },
  { group: 'funds.book.claim', topic: moneyOf(TOPICS.claim) },
  { group: 'funds.book.window', topic: moneyOf(TOPICS.window) },
]

import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { Uuid } from '@tongchou/contracts/id.ts'
import type { Entry } from './entries.ts'

/** What one source message does to the books: no entry for a message that moves no money. */
export type Posting = { readonly position: bigint; readonly entry: Entry | null }

/**
 * The messages of one batch that belong to one stream, in order, and those that had to be parked.
 */
export type PostJournal = {
  readonly type: 'PostJournal'
  readonly data: {
    readonly partition: number
    readonly month: string
    readonly topic: string
    readonly incarnation: Uuid
    readonly postings: readonly Posting[]
    readonly parked: readonly bigint[]
  }
  readonly meta: CommandMeta
}

export type JournalCommand = PostJournal

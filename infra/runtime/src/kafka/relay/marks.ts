/**
 * How far a service's relay has come: the position up to which everything is on the broker, and for
 * each topic-partition the number and position of its last record. Kept beside the store. Adapters:
 * memory, postgres.
 */
import { Fault } from '../../service/fault.ts'
import type { Sending } from '../client.ts'

export type Line = { readonly sequence: bigint; readonly position: bigint }

export type Marks = {
  readonly position: bigint
  /** By `lineName`. */
  readonly lines: ReadonlyMap<string, Line>
  /**
   * What no event stands behind cannot be made again: it is kept here, with its numbers, which are
   * in `lines`, until it is known to be on the broker.
   */
  readonly unsent: readonly Sending[]
}

/** What an operator asks for: records of one topic-partition behind a position, once more. */
export type Again = {
  readonly topic: string
  readonly partition: number
  readonly after: bigint
}

export interface RelayMarks {
  /** For the holder of this epoch: older ones cannot save any more. */
  load(epoch: number): Promise<Marks>
  /** Throws Fault `fenced` when a newer epoch has loaded. */
  save(marks: Marks, epoch: number): Promise<void>
  /** Noted for the holder of the lease, whichever process that is. */
  ask(again: Again): Promise<void>
  asked(): Promise<readonly Again[]>
  /** Takes it off the list. */
  answered(again: Again): Promise<void>
}

export function lineName(topic: string, partition: number): string {
  return `${topic}/${partition}`
}

export function openMemoryMarks(): RelayMarks {
  let marks: Marks = { position: 0n, lines: new Map(), unsent: [] }
  let list: readonly Again[] = []
  let newest = 0
  return {
    async load(epoch) {
      newest = Math.max(newest, epoch)
      return marks
    },
    async save(next, epoch) {
      if (epoch !== newest) throw new Fault('fenced', 'another relay has the lease')
      marks = next
    },
    async ask(again) {
      list = [...list, again]
    },
    asked: async () => list,
    async answered(again) {
      list = list.filter(other => other !== again)
    },
  }
}

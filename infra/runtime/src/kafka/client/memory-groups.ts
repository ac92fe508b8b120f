/** Consumer groups of Kafka in memory: who has which partition, and where the next begins. */
import { Fault } from '../../service/fault.ts'
import type { ConsumedRecord, ConsumeOptions, KafkaConsumer, OffsetRange } from '../client.ts'

/** What a group needs of the brokers. */
export interface Logs {
  readonly running: boolean
  partitionsOf(topic: string): number
  range(topic: string, partition: number): OffsetRange
  read(topic: string, partition: number, from: bigint, limit: number): readonly ConsumedRecord[]
  answering(): Promise<void>
}

const BATCH = 500

export class Groups {
  readonly #logs: Logs
  readonly #members = new Map<Member, object>()
  /** By `group topic/partition`. */
  readonly #committed = new Map<string, bigint>()

  constructor(logs: Logs) {
    this.#logs = logs
  }

  join(owner: object, options: ConsumeOptions, sessionMs: number): KafkaConsumer {
    this.#logs.partitionsOf(options.topic) // throws where there is no such topic
    const member = new Member({ groups: this, logs: this.#logs, options, sessionMs })
    this.#members.set(member, owner)
    this.#share(member)
    return member
  }

  /** Takes the partitions of the member away; none when it was gone already. */
  leave(member: Member): void {
    if (this.#members.delete(member)) this.#share(member)
  }

  has(member: Member): boolean {
    return this.#members.has(member)
  }

  /** As when a group throws its members out: each must be opened anew. */
  crash(group: string): void {
    for (const member of [...this.#members.keys()]) {
      if (member.options.group === group) member.crash(new Fault('fenced', `${group}: thrown out`))
    }
  }

  silence(owner: object): void {
    for (const [member, of] of this.#members) if (of === owner) member.silence()
  }

  wake(topic: string): void {
    for (const member of this.#members.keys()) if (member.options.topic === topic) member.wake()
  }

  tell(fault: Error | null): void {
    for (const member of this.#members.keys()) member.tell(fault)
  }

  committed(group: string, topic: string, partition: number): bigint | undefined {
    return this.#committed.get(`${group} ${topic}/${partition}`)
  }

  commit({ group, topic }: ConsumeOptions, partition: number, next: bigint): void {
    this.#committed.set(`${group} ${topic}/${partition}`, next)
  }

  /** All members of the topic begin anew at what is committed, as with Kafka's eager protocol. */
  #share({ options: { group, topic } }: Member): void {
    const members = [...this.#members.keys()].filter(
      ({ options }) => options.group === group && options.topic === topic,
    )
    const partitions = Array.from({ length: this.#logs.partitionsOf(topic) }, (_, at) => at)
    for (const [index, member] of members.entries()) {
      member.assign(new Set(partitions.filter(at => at % members.length === index)))
    }
  }
}

type MemberOf = {
  readonly groups: Groups
  readonly logs: Logs
  readonly options: ConsumeOptions
  readonly sessionMs: number
}

class Member implements KafkaConsumer {
  readonly options: ConsumeOptions
  readonly #groups: Groups
  readonly #logs: Logs
  readonly #sessionMs: number
  readonly #paused = new Set<number>()
  #next = new Map<number, bigint>()
  /** Partitions that `onAssigned` is yet to be told. */
  #assigned: ReadonlySet<number> | null = null
  #scheduled = false
  #silent = false

  constructor({ groups, logs, options, sessionMs }: MemberOf) {
    this.options = options
    this.#groups = groups
    this.#logs = logs
    this.#sessionMs = sessionMs
  }

  pause(partition: number): void {
    this.#paused.add(partition)
  }

  resume(partition: number): void {
    this.#paused.delete(partition)
    this.wake()
  }

  seek(partition: number, offset: bigint): void {
    if (this.#next.has(partition)) this.#next.set(partition, offset)
    this.wake()
  }

  async commit(next: ReadonlyMap<number, bigint>): Promise<void> {
    const { group, topic } = this.options
    await this.#logs.answering()
    if (!this.#groups.has(this)) throw new Fault('fenced', `${group}: no member any more`)
    for (const [partition, offset] of next) {
      if (this.#next.has(partition))
        this.#groups.commit({ ...this.options, topic }, partition, offset)
    }
  }

  async close(): Promise<void> {
    if (!this.#silent) this.#groups.leave(this)
    this.#silent = true
  }

  assign(partitions: ReadonlySet<number>): void {
    for (const partition of this.#paused) {
      if (!partitions.has(partition) || !this.#next.has(partition)) this.#paused.delete(partition)
    }
    const { group, topic } = this.options
    this.#next = new Map(
      [...partitions].map(partition => {
        const committed = this.#groups.committed(group, topic, partition)
        return [partition, committed ?? this.#logs.range(topic, partition).first]
      }),
    )
    this.#assigned = partitions
    this.wake()
  }

  crash(error: Error): void {
    this.#groups.leave(this)
    if (!this.#silent) setImmediate(this.options.onCrash, error)
    this.#silent = true
  }

  /** The group waits for it for the session's time. */
  silence(): void {
    this.#silent = true
    setTimeout(() => this.#groups.leave(this), this.#sessionMs)
  }

  tell(fault: Error | null): void {
    if (!this.#silent) this.options.onFault(fault)
    this.wake()
  }

  /** Never within the caller's own turn: `consume` has come back when the first call comes. */
  wake(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#deliver()
    })
  }

  #deliver(): void {
    if (this.#silent || !this.#logs.running) return
    if (this.#assigned !== null) {
      const assigned = this.#assigned
      this.#assigned = null
      this.options.onAssigned(assigned)
    }
    for (const partition of [...this.#next.keys()]) this.#deliverOf(partition)
  }

  #deliverOf(partition: number): void {
    const from = this.#next.get(partition)
    if (this.#silent || from === undefined || this.#paused.has(partition)) return
    const records = this.#logs.read(this.options.topic, partition, from, BATCH)
    const last = records.at(-1)
    if (last === undefined) return
    this.#next.set(partition, last.offset + 1n)
    this.options.onRecords(partition, records)
    this.wake()
  }
}

/** Leases, checkpoints and parked messages in maps. */

import type { Uuid } from '@tongchou/contracts/id.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import { Fault } from '../service/fault.ts'
import type {
  Lease,
  LeaseName,
  LeaseRequest,
  ParkedKey,
  ParkedMessage,
  ParkedRow,
  Progress,
  ProgressStore,
  Renewal,
} from './port.ts'
import { fairShare } from './share.ts'

type Checkpoint = {
  readonly partition: number
  position: bigint
  incarnation: Uuid | null
  epoch: number
  owner: string | null
  expiresMs: number
  crashes: number
  attempt: bigint
  attempts: number
}

export class MemoryProgress implements ProgressStore {
  readonly #nowMs: () => number
  readonly #checkpoints = new Map<string, Map<number, Checkpoint>>()
  readonly #members = new Map<string, Map<string, number>>()
  readonly #changes = new Map<string, number>()
  #parked: ParkedRow[] = []

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  async acquire(request: LeaseRequest): Promise<readonly Lease[]> {
    const { group, topic, owner, ttlMs } = request
    const share = request.shared === false ? PARTITIONS : this.#share(request)
    const now = this.#nowMs()
    const wanted = request.partitions.toSorted((a, b) => a - b)
    const rows = wanted.map(partition => this.#row(group, topic, partition))
    const kept = this.#rowsOf(group, topic).filter(
      row => holds(row, owner, now) && !rows.includes(row),
    )
    let room = share - kept.length
    const leases: Lease[] = []
    for (const row of rows) {
      const taken = row.owner !== null && row.owner !== owner && row.expiresMs > now
      if (room <= 0 || taken) continue
      if (row.owner !== null && row.owner !== owner) row.crashes += 1
      row.owner = owner
      row.epoch += 1
      row.expiresMs = now + ttlMs
      const { partition, epoch, position, incarnation, crashes } = row
      leases.push({ partition, epoch, position, incarnation, crashes })
      room -= 1
    }
    return leases
  }

  async renew(
    request: LeaseRequest & { readonly epochs: ReadonlyMap<number, number> },
  ): Promise<Renewal> {
    const { group, topic, owner, ttlMs, epochs } = request
    const lost: number[] = []
    for (const [partition, epoch] of epochs) {
      const row = this.#find(group, topic, partition)
      if (row?.owner !== owner || row.epoch !== epoch) lost.push(partition)
      else row.expiresMs = this.#nowMs() + ttlMs
    }
    return { lost, share: this.#share(request) }
  }

  async release(
    request: Omit<LeaseRequest, 'ttlMs'> & { readonly leave?: boolean },
  ): Promise<void> {
    const { group, topic, owner } = request
    for (const partition of request.partitions) {
      const row = this.#find(group, topic, partition)
      if (row?.owner === owner) row.owner = null
    }
    if (request.leave === true) this.#membersOf(group, topic).delete(owner)
  }

  async attempt({ group, topic, partition, epoch }: LeaseName, position: bigint): Promise<number> {
    const row = this.#find(group, topic, partition)
    if (row?.epoch !== epoch) throw new Fault('fenced', `${group} lost partition ${partition}`)
    row.attempts = row.attempt === position ? row.attempts + 1 : 1
    row.attempt = position
    return row.attempts - 1
  }

  async positions(group: string, topic: string): Promise<ReadonlyMap<number, bigint>> {
    return new Map(this.#rowsOf(group, topic).map(row => [row.partition, row.position]))
  }

  async parked(filter: { readonly group?: string; readonly key?: string }): Promise<ParkedRow[]> {
    return this.#parked
      .filter(row => filter.group === undefined || row.group === filter.group)
      .filter(row => filter.key === undefined || row.key === filter.key)
      .sort(byPlace)
  }

  async parkedKeys(group: string, topic: string): Promise<ParkedKey[]> {
    const oldest = new Map<string, ParkedKey>()
    for (const row of await this.parked({ group })) {
      const { partition, key, replay } = row
      const name = `${partition} ${key}`
      if (row.topic !== topic || oldest.has(name)) continue
      oldest.set(name, { partition, key, due: replay })
    }
    return [...oldest.values()]
  }

  async requestReplay(group: string, key: string): Promise<number> {
    const marked = this.#parked.filter(row => row.group === group && row.key === key)
    this.#parked = this.#parked.map(row => (marked.includes(row) ? { ...row, replay: true } : row))
    return marked.length
  }

  parkedChanges(group: string): number {
    return this.#changes.get(group) ?? 0
  }

  /** Throws Fault `fenced` or `incarnation` where the progress may not be made. */
  check(progress: readonly Progress[]): void {
    for (const { group, topic, incarnation, positions } of progress) {
      const rows = positions.map(wanted => ({
        wanted,
        row: this.#find(group, topic, wanted.partition),
      }))
      const fenced = rows.find(
        ({ wanted, row }) => row?.epoch !== wanted.epoch || row.position > wanted.position,
      )
      if (fenced !== undefined) {
        throw new Fault('fenced', `${group} lost partition ${fenced.wanted.partition} of ${topic}`)
      }
      const other = rows.some(({ row }) => (row?.incarnation ?? incarnation) !== incarnation)
      if (other) throw new Fault('incarnation', `${topic} comes from another store than before`)
    }
  }

  move(progress: readonly Progress[]): void {
    for (const { group, topic, incarnation, positions, park, unpark } of progress) {
      for (const { partition, position } of positions) {
        const row = this.#row(group, topic, partition)
        if (position > row.position) row.crashes = 0
        row.position = position
        row.incarnation = incarnation
      }
      this.#unpark(group, topic, unpark ?? [])
      this.#park(group, topic, park ?? [])
      if (park !== undefined || unpark !== undefined) {
        this.#changes.set(group, this.parkedChanges(group) + 1)
      }
    }
  }

  #unpark(group: string, topic: string, unpark: NonNullable<Progress['unpark']>): void {
    for (const { partition, key, position } of unpark) {
      this.#parked = this.#parked.filter(
        row => !sameKey(row, group, topic, partition, key) || row.position > position,
      )
    }
  }

  #park(group: string, topic: string, park: readonly ParkedMessage[]): void {
    const before = this.#parked
    for (const message of park) {
      const { partition, key, position } = message
      const rows = before.filter(row => sameKey(row, group, topic, partition, key))
      const again = rows.find(row => row.position === position)
      const replay = again === undefined && rows.some(row => row.replay)
      this.#parked = this.#parked.filter(row => row !== again)
      this.#parked.push({ ...message, group, topic, replay })
    }
  }

  #share({ group, topic, owner, ttlMs }: LeaseRequest): number {
    const members = this.#membersOf(group, topic)
    const now = this.#nowMs()
    for (const [name, expiresMs] of members) if (expiresMs <= now) members.delete(name)
    members.set(owner, now + ttlMs)
    const rank = [...members.keys()].sort().indexOf(owner)
    return fairShare(PARTITIONS, members.size, rank)
  }

  #membersOf(group: string, topic: string): Map<string, number> {
    return getOrAdd(this.#members, `${group} ${topic}`, () => new Map())
  }

  #rowsOf(group: string, topic: string): readonly Checkpoint[] {
    return [...(this.#checkpoints.get(`${group} ${topic}`)?.values() ?? [])]
  }

  #find(group: string, topic: string, partition: number): Checkpoint | undefined {
    return this.#checkpoints.get(`${group} ${topic}`)?.get(partition)
  }

  #row(group: string, topic: string, partition: number): Checkpoint {
    const rows = getOrAdd(this.#checkpoints, `${group} ${topic}`, () => new Map())
    return getOrAdd(rows, partition, () => ({
      partition,
      position: 0n,
      incarnation: null,
      epoch: 0,
      owner: null,
      expiresMs: 0,
      crashes: 0,
      attempt: 0n,
      attempts: 0,
    }))
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function holds(row: Checkpoint, owner: string, now: number): boolean {
  return row.owner === owner && row.expiresMs > now
}

function sameKey(
  row: ParkedRow,
  ...[group, topic, partition, key]: readonly [string, string, number, string]
): boolean {
  return (
    row.group === group && row.topic === topic && row.partition === partition && row.key === key
  )
}

function byPlace(a: ParkedRow, b: ParkedRow): number {
  return a.position < b.position ? -1 : a.position > b.position ? 1 : 0
}

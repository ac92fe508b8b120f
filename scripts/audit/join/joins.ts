/** What stores say of each other: facts, shares, credits, books. */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { TallyResult } from '../checks.ts'
import { Tally } from '../checks.ts'
import { SHARE_TAGS } from '../inspect/clearing.ts'
import { type Heard, heardFrom } from '../inspect/sources.ts'
import type { StoreFacts } from '../source/source.ts'
import { join } from './join.ts'
import type { Block, JoinName, Side } from './outbox.ts'
import { type JoinRecord, Records } from './records.ts'

export type JoinsResult = {
  readonly tallies: readonly TallyResult[]
  /** What is said and not repeated yet, because the consumer has not come so far. */
  readonly pending: { readonly books: number; readonly credits: number }
}

export function joinAll(blocks: readonly Block[], stores: readonly StoreFacts[]): JoinsResult {
  const joins = new Joins(blocks, stores)
  joins.facts()
  joins.shares()
  joins.credits()
  joins.books()
  return joins.result()
}

class Joins {
  readonly #blocks: readonly Block[]
  readonly #stores: readonly StoreFacts[]
  readonly #claims = new Tally('claims')
  readonly #clearing = new Tally('clearing')
  readonly #contributions = new Tally('contributions')
  readonly #funds = new Tally('funds')
  #pendingBooks = 0
  #pendingCredits = 0

  constructor(blocks: readonly Block[], stores: readonly StoreFacts[]) {
    this.#blocks = blocks
    this.#stores = stores
  }

  result(): JoinsResult {
    const tallies = [this.#claims, this.#clearing, this.#contributions, this.#funds]
    return {
      tallies: tallies.map(tally => tally.result()),
      pending: { books: this.#pendingBooks, credits: this.#pendingCredits },
    }
  }

  facts(): void {
    const repeated = this.#records('facts', 'repeated')
    this.#claims.checked('facts', repeated.count)
    join(this.#records('facts', 'said'), repeated, {
      onDifferent: (said, { position }) => {
        const detail = `facts differ from the claim at clearing position ${said.position}`
        this.#claims.found('facts', at(position), detail)
      },
      onStray: ({ key, position }) => {
        this.#claims.found('facts', at(position), `no claim ${key} was submitted`)
      },
    })
  }

  /** Also: a claim is settled once, and only a settled one is reversed. */
  shares(): void {
    const said = this.#records('shares', 'said')
    const repeated = this.#records('shares', 'repeated')
    const settled = new Uint8Array(said.count)
    this.#clearing.checked('settlements', repeated.count)
    join(said, repeated, {
      onSame: (saidAt, repeatedAt) => {
        const fault = faultInLife(repeated.tagAt(repeatedAt), settled[saidAt] === 1)
        if (fault !== null) {
          const { key, position } = repeated.at(repeatedAt)
          this.#clearing.found('settlements', at(position), `claim ${key} ${fault}`)
        }
        if (repeated.tagAt(repeatedAt) === SHARE_TAGS.ClaimSettled) settled[saidAt] = 1
      },
      onDifferent: ({ position: adjudicated }, { position }) => {
        const detail = `shares differ from the adjudication at claims position ${adjudicated}`
        this.#clearing.found('settlements', at(position), detail)
      },
      onStray: ({ key, position }) => {
        this.#clearing.found('settlements', at(position), `claim ${key} was not adjudicated`)
      },
    })
  }

  credits(): void {
    const repeated = this.#records('credits', 'repeated')
    const passed = this.#passed('claims', 'claims.credit')
    this.#claims.checked('credits', repeated.count)
    join(this.#records('credits', 'said'), repeated, {
      onDifferent: (said, { position }) => {
        const detail = `differs from the credit at contributions position ${said.position}`
        this.#claims.found('credits', at(position), detail)
      },
      onStray: ({ position }) => this.#claims.found('credits', at(position), 'was never credited'),
      onMissing: ({ position, tag }) => {
        if (passed(position, heardFrom(tag))) {
          this.#contributions.found('credits', at(position), 'did not reach the personal account')
        } else {
          this.#pendingCredits += 1
        }
      },
    })
  }

  books(): void {
    const said = this.#records('books', 'said')
    const repeated = this.#records('books', 'repeated')
    const passed = this.#passed('funds', 'funds.book.')
    const booked = new Uint8Array(said.count)
    this.#funds.checked('books', repeated.count)
    join(said, repeated, {
      onSame: (saidAt, repeatedAt) => {
        if (booked[saidAt] === 1) {
          const { key, position } = repeated.at(repeatedAt)
          this.#funds.found('books', at(position), `event ${key} is booked a second time`)
        }
        booked[saidAt] = 1
      },
      onDifferent: (source, { position }) => {
        const { service } = sourceOf(source)
        const detail = `an entry differs from its source at ${service} position ${source.position}`
        this.#funds.found('books', at(position), detail)
      },
      onStray: ({ key, position }) => {
        this.#funds.found(
          'books',
          at(position),
          `an entry names event ${key}, which moved no money`,
        )
      },
      onMissing: source => {
        const { service, heard } = sourceOf(source)
        if (!passed(source.position, heard)) {
          this.#pendingBooks += 1
        } else {
          const tally = service === 'clearing' ? this.#clearing : this.#contributions
          tally.found('books', at(source.position), 'moved money that was never booked')
        }
      },
    })
  }

  #records(name: JoinName, side: Side): Records {
    const blocks = this.#blocks.filter(block => block.name === name && block.side === side)
    return Records.from(blocks)
  }

  /** Whether the consumer of a topic has passed a position without setting it aside. */
  #passed(service: ServiceName, groupPrefix: string) {
    const store = this.#stores.find(known => known.service === service)
    const isOurs = ({ group }: { readonly group: string }) => group.startsWith(groupPrefix)
    const positions = new Map(
      store?.consumers
        .filter(isOurs)
        .map(({ topic, partition, position }) => [`${topic} ${partition}`, position]),
    )
    const parked = new Set(
      store?.parked.filter(isOurs).map(({ topic, position }) => `${topic} ${position}`),
    )
    return (position: bigint, { topic, partition }: Heard): boolean =>
      position <= (positions.get(`${topic} ${partition}`) ?? 0n) &&
      !parked.has(`${topic} ${position}`)
  }
}

function at(position: bigint): { readonly position: bigint; readonly stream: null } {
  return { position, stream: null }
}

function sourceOf({ tag }: JoinRecord): { readonly service: string; readonly heard: Heard } {
  const heard = heardFrom(tag)
  return { service: heard.topic.slice(0, heard.topic.indexOf('.')), heard }
}

function faultInLife(tag: number, settled: boolean): string | null {
  if (tag === SHARE_TAGS.ClaimSettled && settled) return 'is settled a second time'
  return tag === SHARE_TAGS.ClaimReversed && !settled ? 'is reversed, but was not settled' : null
}

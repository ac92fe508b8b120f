/**
 * Lanes that submit, reverse, enrol and close windows while things die. Claims of a person stay in
 * one lane and in their order.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../bench/generate/random.ts'
import { seeded, seedOf } from '../bench/generate/random.ts'
import type { Client } from './client.ts'
import type { ClaimRecord, Ledger } from './ledger.ts'
import { keyOf } from './ledger.ts'

const LANES = 6
const BATCH_MOST = 40
const WINDOW_PAUSE_MS = 700
const ENROL_PAUSE_MS = 250

export type LoadOptions = {
  readonly client: Client
  readonly ledger: Ledger
  readonly claims: readonly ClaimRecord[]
  readonly seed: number
  /**
   * Nothing is reversed and a batch has a person once, so that the claims of a person come in the
   * order of the file whatever dies: what each must come to is known.
   */
  readonly known: boolean
}

/** Runs between `go` and `halt`; `halt` returns once every request under way is answered. */
export class Load {
  readonly #options: LoadOptions
  readonly #queues: ClaimRecord[][]
  #persons = 0
  #windows = 0
  #halted = true
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: LoadOptions) {
    this.#options = options
    this.#queues = Array.from({ length: LANES }, () => [])
    for (const claim of options.claims) {
      this.#queues[Number(claim.personNo.slice(-6)) % LANES]?.push(claim)
    }
  }

  get left(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0)
  }

  go(round: number): void {
    this.#halted = false
    const random = (lane: number) => seeded(seedOf(this.#options.seed, round * 100 + lane))
    this.#running = Promise.all([
      ...this.#queues.map((queue, lane) => this.#lane(queue, random(lane))),
      this.#closing(),
      this.#enrolling(random(LANES)),
    ])
  }

  /** The rest of the claims, while nothing dies. */
  async finish(): Promise<void> {
    const random = (lane: number) => seeded(seedOf(this.#options.seed, lane))
    this.#halted = false
    await Promise.all(this.#queues.map((queue, lane) => this.#lane(queue, random(lane))))
    this.#halted = true
  }

  async halt(): Promise<void> {
    this.#halted = true
    await this.#running
  }

  async #lane(queue: ClaimRecord[], random: Random): Promise<void> {
    const { client, known } = this.#options
    while (!this.#halted && queue.length > 0) {
      if (random.chance(40)) {
        const most = random.between(2, BATCH_MOST)
        await client.submitAll(queue.splice(0, known ? untilTwice(queue, most) : most))
        continue
      }
      const claim = queue.shift()
      if (claim === undefined) return
      await client.submit(claim, random.chance(50) ? 0 : 10)
      if (random.chance(15) && !known) await this.#reverse(claim)
    }
  }

  /** The claim was the person's last, so no other rests on it. */
  async #reverse(claim: ClaimRecord): Promise<void> {
    const { client, ledger } = this.#options
    const told = ledger.claims.findLast(each => keyOf(each.claim) === keyOf(claim))
    if (told !== undefined) await client.reverse(claim, told.claimId, 'chaos')
  }

  async #closing(): Promise<void> {
    while (!this.#halted) {
      this.#windows += 1
      await this.#options.client.closeWindow(`chaos ${this.#windows}`)
      await sleep(WINDOW_PAUSE_MS)
    }
  }

  /** Law 2: who was enrolled is never unknown, whatever died in between. */
  async #enrolling(random: Random): Promise<void> {
    const { client } = this.#options
    while (!this.#halted) {
      this.#persons += 1
      const person = personOf(this.#persons)
      await client.enrol(person)
      await client.submit(visitOf(person.personNo), random.chance(50) ? 0 : 10)
      await sleep(ENROL_PAUSE_MS)
    }
  }
}

/** How many, up to `most`, come before a person comes a second time. */
function untilTwice(queue: readonly ClaimRecord[], most: number): number {
  const persons = queue.slice(0, most).map(({ personNo }) => personNo)
  const twice = persons.findIndex((person, index) => persons.indexOf(person) < index)
  return twice < 0 ? most : twice
}

function personOf(n: number) {
  return {
    personNo: `CHAOS${n}`,
    idNumber: `610100${n}`,
    name: `混沌${n}`,
    sex: 'F',
    bornOn: '1990-01-01',
    regionCode: '610100',
    scheme: 'resident',
    status: 'adult',
    coveredFrom: '2025-01-01',
  }
}

function visitOf(personNo: string): ClaimRecord {
  const on = '2025-03-03'
  const line = { itemCode: '110200001', name: '普通门诊诊查费', on }
  return {
    claimNo: `V-${personNo}`,
    institutionCode: 'H11010000001',
    personNo,
    kind: 'outpatient',
    visitedOn: on,
    emergency: false,
    doctorCode: null,
    diagnoses: ['I10.x00'],
    useAccount: true,
    lines: [{ ...line, quantity: 1, unitPriceFen: 1608, amountFen: 1608 }],
    totalFen: 1608,
  }
}

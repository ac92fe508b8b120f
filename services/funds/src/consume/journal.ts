/**
 * Follows the service's own journal: keeps the newest books in memory, holds every event against
 * the laws of the books, and strikes balances at cuts. Every replica does; all strike the same.
 */
import type { BalancesStruck } from '@tongchou/contracts/events.generated.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { errorFields } from '@tongchou/runtime/service/logger.ts'
import type { Target } from '../balance/books.ts'
import { Books } from '../balance/books.ts'
import type { BalancesCommand } from '../balance/commands.ts'
import type { BalancesState } from '../balance/decide.ts'
import type { BalancesEventType } from '../balance/events.ts'
import type { LastCut } from '../balance/strike.ts'
import { endsDay, isDue, NO_CUT } from '../balance/strike.ts'
import { faultsOf } from '../journal/pack.ts'
import type { JournalEventAt } from './past.ts'
import { booksAt, nearestCut, readJournal, readStruck } from './past.ts'

export type BalancesHandler = CommandHandler<
  BalancesCommand,
  BalancesState,
  BalancesEventType,
  never
>

export type LedgerPorts = Pick<ServiceRuntime, 'store' | 'views' | 'logger'> & {
  readonly balances: BalancesHandler
  /** Store positions read at once. */
  readonly pageSize?: number
}

/** Between two looks at the store when nothing wakes us. */
const POLL_MS = 500
const RETRY_MS = 500
const MAX_FAULTS = 100
const NEWEST: Target = { kind: 'position', position: 2n ** 62n }

export class Ledger {
  readonly #ports: LedgerPorts
  readonly #faults: string[] = []
  #books = new Books()
  #loaded = false
  /** Read up to here; journal events or not. */
  #read = 0n
  #cut: LastCut = NO_CUT
  #advancing: Promise<boolean> | null = null
  #stopped = false
  #wake: () => void = () => {}
  #running: Promise<void> = Promise.resolve()

  constructor(ports: LedgerPorts) {
    this.#ports = ports
  }

  /** What was wrong with the journal events read so far, oldest first. */
  get faults(): readonly string[] {
    return this.#faults
  }

  /** The books with everything that stood in the store when they were asked for. Not to be kept. */
  async current(): Promise<Books> {
    const { position } = await this.#ports.store.head()
    while (this.#read < position && (await this.#advance())) {}
    return this.#books
  }

  /** The books at a point of the past; null for a position that the store has not reached. */
  async at(target: Target): Promise<Books | null> {
    const books = await this.current()
    if (target.kind === 'position' && target.position > this.#read) return null
    const { position, bookedAt } = books.standing
    const newest =
      target.kind === 'position'
        ? target.position >= position
        : bookedAt === null || target.at >= bookedAt
    return newest ? books : booksAt(this.#ports, target)
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake()
    await this.#running
  }

  async #run(): Promise<void> {
    const unsubscribe = this.#ports.store.onAppend(() => this.#wake())
    while (!this.#stopped) {
      const woken = this.#sleep(POLL_MS)
      try {
        while (!this.#stopped && (await this.#advance())) {}
        await woken
      } catch (cause) {
        this.#ports.logger.warn({ event: 'consumer.retried', ...errorFields(cause) })
        await this.#sleep(RETRY_MS)
      }
    }
    unsubscribe()
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#wake = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }

  /** One page further, whoever asks; false at the end of the store. */
  #advance(): Promise<boolean> {
    this.#advancing ??= this.#page().finally(() => {
      this.#advancing = null
    })
    return this.#advancing
  }

  async #page(): Promise<boolean> {
    if (!this.#loaded) await this.#load()
    const page = await readJournal(this.#ports, this.#read, this.#ports.pageSize)
    if (page === null) return false
    for (const event of page.events) {
      if (endsDay(this.#books, event, this.#cut)) await this.#strike()
      this.#books.apply(event)
      this.#read = event.position
      this.#check(event)
      if (isDue(this.#books, this.#cut)) await this.#strike()
    }
    this.#read = page.upTo
    return true
  }

  /** Starts from the newest cut instead of from zero. */
  async #load(): Promise<void> {
    const cut = await nearestCut(this.#ports, NEWEST)
    if (cut !== undefined) {
      this.#books = Books.from(await readStruck(this.#ports, cut))
      this.#read = cut.cutPosition
      this.#cut = { position: cut.cutPosition, entries: cut.entries }
    }
    this.#loaded = true
  }

  #check({ position, data }: JournalEventAt): void {
    if (this.#faults.length >= MAX_FAULTS) return
    for (const fault of faultsOf(data)) this.#faults.push(`position ${position}: ${fault}`)
  }

  /**
   * A cut that cannot be stored now is struck at one of the next events; balances do not wait for
   * it.
   */
  async #strike(): Promise<void> {
    const struck = this.#books.strike()
    if (struck === null) return
    try {
      await this.#store(struck)
      this.#cut = { position: struck.cutPosition, entries: struck.entries }
    } catch (cause) {
      this.#ports.logger.warn({ event: 'consumer.retried', ...errorFields(cause) })
    }
  }

  /** Every byte follows from the cut, so replicas that strike it at once write the same event. */
  async #store(struck: BalancesStruck): Promise<void> {
    const { balances } = this.#ports
    const stream = balances.streamOf(String(struck.cutPosition))
    const commandId = uuidFrom(NAMESPACE.command, `${stream} ${struck.entries}`)
    await balances.handle(stream, {
      type: 'StrikeBalances',
      data: struck,
      meta: {
        commandId,
        correlationId: commandId,
        causationId: null,
        actor: 'service:funds',
        now: struck.bookedAt,
      },
    })
  }
}

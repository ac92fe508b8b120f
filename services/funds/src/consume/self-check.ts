/**
 * Runs the checks of the books every few seconds and when asked; keeps the last result for metrics
 * and callers.
 */
import type { Instant } from '@tongchou/contracts/time.ts'
import { PARTITIONS } from '@tongchou/contracts/topics.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import { errorFields } from '@tongchou/runtime/service/logger.ts'
import { balanceView, ledgerAccountsOf } from '../balance/view.ts'
import type { CheckResult } from '../check/check.ts'
import { differences, imbalanceOf, runChecks, without } from '../check/check.ts'
import type { Ledger } from './journal.ts'
import type { JournalEventAt } from './past.ts'
import { readJournal } from './past.ts'

export type SelfCheckReport = {
  readonly ranAt: Instant
  /** Last journal event that the checks saw. */
  readonly position: bigint
  readonly bookedAt: Instant | null
  /** No check failed. */
  readonly ok: boolean
  readonly imbalanceFen: bigint
  readonly checks: readonly CheckResult[]
}

export type SelfCheckPorts = Pick<
  ServiceRuntime,
  'store' | 'views' | 'logger' | 'metrics' | 'clock'
> & { readonly ledger: Ledger; readonly everyMs: number }

/** Group that keeps the balance view, as the host names it. */
const VIEW_GROUP = `funds.view.${balanceView.topic.name}`
const VIEW_ROWS_MAX = 1_000_000
const ATTEMPTS = 3
/** A view that is further behind is being rebuilt: nothing can be told of it. */
const LAG_MAX = 5000n

export class SelfCheck {
  readonly #ports: SelfCheckPorts
  readonly #stopMetrics: readonly (() => void)[]
  #timer: NodeJS.Timeout
  #stopped = false
  #last: SelfCheckReport | null = null
  #running: Promise<SelfCheckReport> | null = null

  constructor(ports: SelfCheckPorts) {
    this.#ports = ports
    this.#stopMetrics = this.#observe()
    this.#timer = setTimeout(() => void this.#tick(), ports.everyMs)
  }

  get last(): SelfCheckReport | null {
    return this.#last
  }

  /** Runs now; callers at the same time share one run. */
  run(): Promise<SelfCheckReport> {
    this.#running ??= this.#check().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    for (const stop of this.#stopMetrics) stop()
    await this.#running?.catch(() => {})
  }

  /** Large books are checked less often: the checks take a twentieth of the time at most. */
  async #tick(): Promise<void> {
    const startedMs = performance.now()
    try {
      await this.run()
    } catch (cause) {
      this.#ports.logger.warn({ event: 'self-check.failed', ...errorFields(cause) })
    }
    if (this.#stopped) return
    const tookMs = performance.now() - startedMs
    this.#timer = setTimeout(() => void this.#tick(), Math.max(this.#ports.everyMs, 20 * tookMs))
  }

  async #check(): Promise<SelfCheckReport> {
    const { ledger, clock } = this.#ports
    const viewFaults = await this.#viewFaults()
    const books = await ledger.current()
    const rows = books.rows()
    const { position, bookedAt } = books.standing
    const checks = runChecks({ rows, journalFaults: ledger.faults, viewFaults })
    const ok = checks.every(check => check.ok !== false)
    const imbalanceFen = imbalanceOf(rows)
    const report = { ranAt: clock(), position, bookedAt, ok, imbalanceFen, checks }
    this.#tell(report)
    this.#last = report
    return report
  }

  #tell(report: SelfCheckReport): void {
    if (report.ok === this.#last?.ok) return
    const { position, ok, checks } = report
    if (ok) this.#ports.logger.info({ event: 'self-check.passed', position })
    for (const { check, ok: passed } of checks) {
      if (passed === false) this.#ports.logger.error({ event: 'self-check.failed', part: check })
    }
  }

  /**
   * The view against the books at exactly the events that it has had; null when it moves all the
   * time.
   */
  async #viewFaults(): Promise<readonly string[] | null> {
    const { store, views, ledger } = this.#ports
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await store.progress.positions(VIEW_GROUP, balanceView.topic.name)
      const found = await views.find(balanceView, { limit: VIEW_ROWS_MAX })
      const after = await store.progress.positions(VIEW_GROUP, balanceView.topic.name)
      const begun = [...before.values()].filter(position => position > 0n)
      if (begun.length < PARTITIONS) return null
      if ([...after].some(([partition, position]) => before.get(partition) !== position)) continue
      const books = await ledger.current()
      const rows = books.rows()
      const undone = await this.#eventsBehind(before, books.standing.position)
      if (undone === null) return null
      return differences(without(rows, undone), ledgerAccountsOf(found))
    }
    return null
  }

  /** Events up to `end` that the view has not had yet; null when it is too far behind. */
  async #eventsBehind(
    positions: ReadonlyMap<number, bigint>,
    end: bigint,
  ): Promise<readonly JournalEventAt['data'][] | null> {
    let after = end
    for (const position of positions.values()) if (position < after) after = position
    if (end - after > LAG_MAX) return null
    const behind: JournalEventAt['data'][] = []
    while (after < end) {
      const page = await readJournal(this.#ports, after)
      if (page === null) return behind
      for (const { position, partition, data } of page.events) {
        const had = position <= (positions.get(partition) ?? 0n)
        if (!had && position <= end) behind.push(data)
      }
      after = page.upTo
    }
    return behind
  }

  #observe(): readonly (() => void)[] {
    const { metrics } = this.#ports
    return [
      metrics.gauge('selfCheck', () =>
        (this.#last?.checks ?? []).flatMap(({ check, ok }) =>
          ok === null ? [] : [{ value: ok ? 1 : 0, labels: { check } }],
        ),
      ),
      metrics.gauge('ledgerImbalance', () =>
        this.#last === null ? [] : [{ value: Number(this.#last.imbalanceFen), labels: {} }],
      ),
    ]
  }
}

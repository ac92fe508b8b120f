/**
 * One table for each part, the budget of one claim, and how the run compares with what was kept.
 */
import { table } from '../../cli/show.ts'
import type { BatchFigures } from '../parts/batch.ts'
import type { StageFigures } from '../parts/stages.ts'
import type { Verdict } from './baseline.ts'
import { ratioOf } from './baseline.ts'
import type { ProfileFigures } from './profile.ts'
import type { Figure, Results } from './results.ts'

export function printMachine({ machine, persons, hotRegion }: Results): void {
  const { cpu, cores, memoryGiB, kernel, node, loadBefore, fsyncMs } = machine
  console.log(
    table(
      ['machine', ''],
      [
        ['processor', `${cores} × ${cpu}, ${memoryGiB} GiB`],
        ['system', `${kernel}, Node ${node}`],
        ['load before the run', loadBefore.join('  ')],
        ['fdatasync of 8 kB', `p50 ${fsyncMs.p50} ms, p99 ${fsyncMs.p99} ms`],
        ['persons', count(persons)],
        ['hot fund', `${hotRegion.percentOfPersons} % of the persons in ${hotRegion.regionCode}`],
        ['durability', 'fsync on, synchronous_commit on'],
      ],
    ),
  )
}

export function printLoad({ load }: Results): void {
  if (load === undefined) return
  const title = load.loadedNow ? 'load' : 'load (of an earlier run)'
  console.log(
    table(
      [title, 'lines', 'a second'],
      load.imports.map(({ what, lines, perSecond }) => [what, lines, perSecond]),
    ),
  )
}

export function printFigures(figures: readonly Figure[]): void {
  console.log(
    table(
      [
        'figure',
        'measured',
        'unit',
        'floor',
        'goal',
        'ceiling of this run',
        'ratio',
        'cores allow',
        'others',
      ],
      figures.map(figure => [
        figure.name,
        count(figure.value),
        figure.unit,
        limit(figure, figure.floor),
        limit(figure, figure.goal),
        figure.ceiling === undefined ? '' : `${count(figure.ceiling.value)} ${figure.ceiling.of}`,
        String(ratioOf(figure) ?? ''),
        figure.coresAllow === undefined ? '' : count(figure.coresAllow),
        figure.othersCores === undefined ? '' : `${figure.othersCores} cores`,
      ]),
    ),
  )
}

function limit({ value, better }: Figure, bound: number | undefined): string {
  if (bound === undefined) return ''
  const met = better === 'higher' ? value >= bound : value <= bound
  return `${better === 'higher' ? '≥' : '≤'} ${count(bound)} ${met ? 'met' : 'MISSED'}`
}

export function printClaims({ batch, batchOfTenLines, single = [], eventsAClaim }: Results): void {
  const batches: [string, BatchFigures | undefined][] = [
    ['batch', batch],
    ['batch, 10 lines', batchOfTenLines],
  ]
  const known = batches.flatMap(([name, figures]) =>
    figures === undefined ? [] : [{ name, figures }],
  )
  if (known.length > 0) {
    console.log(
      table(
        [
          'NDJSON',
          'claims',
          'lines',
          'streams',
          'claims/s',
          'between answers',
          'booked after ms',
          'drained ms',
        ],
        known.map(({ name, figures }) => [
          name,
          figures.claims,
          figures.linesAClaim.toFixed(1),
          figures.connections,
          figures.claimsPerSecond,
          figures.claimsPerSecondBetweenAnswers,
          figures.bookedMs,
          figures.drainMs,
        ]),
      ),
    )
  }
  const rows = [
    ...known.map(({ name, figures }) => ({ name, ...figures })),
    ...single.map(one => ({ name: one.due === null ? one.how : `${one.due}/s`, ...one })),
  ]
  if (rows.length === 0) return
  const processes = Object.keys(rows[0]?.cpuMicrosAClaim ?? {})
  console.log(
    table(
      ['CPU µs a claim', ...processes, 'claims/s', 'p50 ms', 'p99 ms', 'max ms', 'sent again'],
      rows.map(row => [
        row.name,
        ...processes.map(name => row.cpuMicrosAClaim[name] ?? 0),
        row.claimsPerSecond,
        'p50Ms' in row ? row.p50Ms : '',
        'p99Ms' in row ? row.p99Ms : '',
        'maxMs' in row ? row.maxMs : '',
        'sentAgain' in row ? row.sentAgain : '',
      ]),
    ),
  )
  if (eventsAClaim !== undefined) console.log(`${eventsAClaim} events a claim in all stores`)
}

type Budget = {
  readonly events: string
  readonly statements: string
  node: number
  postgres: number
}

/** @source DESIGN.md §6, budget of one claim */
const BUDGET: Readonly<Record<StageFigures['stage'], Budget>> = {
  door: { events: '1', statements: '1', node: 35, postgres: 18 },
  claims: { events: '1', statements: '2', node: 50, postgres: 25 },
  fraud: { events: '1', statements: '2', node: 20, postgres: 18 },
  clearing: { events: '2', statements: '2', node: 30, postgres: 30 },
  funds: { events: '1 a batch', statements: '2', node: 8, postgres: 3 },
  views: { events: '–', statements: '≤ 4', node: 12, postgres: 20 },
}

export function printBudget({ stages }: Results): void {
  if (stages === undefined) return
  const total = (of: (one: StageFigures) => number) =>
    Math.round(stages.stages.reduce((sum, one) => sum + of(one), 0))
  const wanted = Object.values(BUDGET)
  const planned = (of: (one: Budget) => number) => wanted.reduce((sum, one) => sum + of(one), 0)
  const pair = (measured: number | string, budget: number | string) => `${measured} (${budget})`
  console.log(
    table(
      ['stage: measured (budget)', 'events', 'statements a batch of 300', 'Node µs', 'Postgres µs'],
      [
        ...stages.stages.map(one => {
          const { events, statements, node, postgres } = BUDGET[one.stage]
          return [
            one.stage,
            one.stage === 'views' ? '–' : pair(one.eventsAClaim, events),
            pair(one.statementsABatch, statements),
            pair(one.nodeMicros, node),
            pair(one.postgresMicros, postgres),
          ]
        }),
        [
          'sum',
          '',
          '',
          pair(
            total(one => one.nodeMicros),
            planned(one => one.node),
          ),
          pair(
            total(one => one.postgresMicros),
            planned(one => one.postgres),
          ),
        ],
      ],
    ),
  )
  console.log(
    `Method: each service alone over the same ${count(stages.claims)} claims, CPU from /proc ` +
      'after the first third; its views are measured by themselves and taken off. ' +
      'Telemetry is in every stage.',
  )
  console.log(
    table(
      ['statement', 'calls', 'server µs a claim'],
      stages.statements.map(({ text, calls, microsAClaim }) => [text, calls, microsAClaim]),
    ),
  )
}

export function printMemory({ memoryMiB }: Results): void {
  if (memoryMiB === undefined) return
  console.log(
    table(
      ['memory', 'MiB'],
      Object.entries(memoryMiB).map(([name, mib]) => [name, mib]),
    ),
  )
}

export function printProfile(
  name: string,
  { busyMs, functions, whole, places }: ProfileFigures,
): void {
  for (const [what, hot] of [
    ['function alone', functions],
    ['function of ours with what it calls', whole],
    ['place', places],
  ] as const) {
    console.log(
      table(
        [`${name}: ${what}, of ${busyMs} ms`, 'ms', '%'],
        hot.map(({ name: where, ms, percent }) => [where, ms, percent]),
      ),
    )
  }
}

export function printVerdicts(verdicts: readonly Verdict[]): void {
  if (verdicts.length === 0) {
    console.log('There is no baseline of this size; --save-baseline makes one.')
    return
  }
  console.log(
    table(
      ['against the baseline', 'now', 'kept', 'by', ''],
      verdicts.map(({ figure, now, kept, by, verdict }) => [figure, now, kept, by, verdict]),
    ),
  )
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 })
}

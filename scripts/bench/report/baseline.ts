/**
 * The kept figures: throughput below 85 % or latency above 120 % of them fails the run. A virtual
 * machine has slow hours: the ceilings of the run, by those kept, say how slow this one is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../supervisor/options.ts'
import type { MachineFacts } from '../machine/facts.ts'
import type { Figure, Results } from './results.ts'

const FILE = path.join(ROOT, 'test/bench/baseline.json')
const THROUGHPUT_LEAST = 0.85
const LATENCY_MOST = 1.2
/** Below this speed answers at a fixed rate say more of the machine than of us. */
const LATENCY_SPEED = 0.9
/** With more in use by other programs a figure says nothing of ours. */
const OTHERS_CORES_MAX = 0.5

export type Kept = {
  readonly at: string
  readonly cpu: string
  readonly cores: number
  /** Values by figure, and their ratio to the ceiling of the same run where there is one. */
  readonly figures: Readonly<Record<string, { readonly value: number; readonly ratio?: number }>>
}

/** By size of the run: `300000 persons, 30000 claims`. */
type Baseline = Readonly<Record<string, Kept>>

export type Verdict = {
  readonly figure: string
  readonly now: number
  readonly kept: number
  /** Of the values, or of the ratios to the ceilings when the machine is another one. */
  readonly by: 'value' | 'ratio'
  readonly verdict: 'held' | 'worse' | `not compared: ${'others were busy' | 'a slow hour'}`
}

function sizeOf({ persons, claims, kafka }: Pick<Results, 'persons' | 'claims' | 'kafka'>): string {
  return `${persons} persons, ${claims} claims${kafka ? ', Kafka' : ''}`
}

function readBaseline(): Baseline {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Baseline) : {}
}

export function saveBaseline(results: Results, figures: readonly Figure[]): string {
  const { at, machine } = results
  const kept = keptOf({ at, cpu: machine.cpu, cores: machine.cores }, figures)
  mkdirSync(path.dirname(FILE), { recursive: true })
  const all = { ...readBaseline(), [sizeOf(results)]: kept }
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`)
  return path.relative(ROOT, FILE)
}

/** Figures that were measured while others were busy are left out. */
export function keptOf(run: Omit<Kept, 'figures'>, figures: readonly Figure[]): Kept {
  const ours = figures.filter(isOurs).map(figure => {
    const { name, value } = figure
    const ratio = ratioOf(figure)
    return [name, ratio === undefined ? { value } : { value, ratio }] as const
  })
  return { ...run, figures: Object.fromEntries(ours) }
}

/** Value by ceiling, to three digits. */
export function ratioOf({ value, ceiling }: Figure): number | undefined {
  if (ceiling === undefined || ceiling.value === 0) return undefined
  return Math.round((value / ceiling.value) * 1_000) / 1_000
}

/** Empty when there is no baseline of this size. */
export function compareWithBaseline(results: Results, figures: readonly Figure[]): Verdict[] {
  const kept = readBaseline()[sizeOf(results)]
  return kept === undefined ? [] : judge(kept, results.machine, figures)
}

/** On another machine by the ratios to the ceilings; figures without one are then not judged. */
export function judge(
  kept: Kept,
  { cpu, cores }: Pick<MachineFacts, 'cpu' | 'cores'>,
  figures: readonly Figure[],
): Verdict[] {
  const sameMachine = kept.cpu === cpu && kept.cores === cores
  const speed = sameMachine ? speedOf(kept, figures) : 1
  return figures.flatMap((figure): Verdict[] => {
    const before = kept.figures[figure.name]
    const [now, then] = sameMachine
      ? [figure.value, scaled(before?.value, figure.unit, speed)]
      : [ratioOf(figure), before?.ratio]
    if (now === undefined || then === undefined) return []
    const by = sameMachine ? 'value' : 'ratio'
    const verdict = verdictOf(figure, { now, kept: then, speed })
    return [{ figure: figure.name, now, kept: then, by, verdict }]
  })
}

/** How fast the machine is now by how fast it was then, from the ceilings of both; at most 1. */
function speedOf(kept: Kept, figures: readonly Figure[]): number {
  return figures.reduce((speed, { name, ceiling }) => {
    const { value, ratio } = kept.figures[name] ?? {}
    if (ceiling === undefined || value === undefined || ratio === undefined) return speed
    return Math.min(speed, (ceiling.value * ratio) / value)
  }, 1)
}

/** Rates grow with the speed, times shrink, memory is what it is. */
function scaled(value: number | undefined, unit: string, speed: number): number | undefined {
  if (value === undefined || unit === 'MiB') return value
  const expected = unit.endsWith('/s') ? value * speed : value / speed
  return Math.round(expected * 10) / 10
}

function isOurs({ othersCores = 0 }: Figure): boolean {
  return othersCores <= OTHERS_CORES_MAX
}

type Compared = { readonly now: number; readonly kept: number; readonly speed: number }

function verdictOf(figure: Figure, { now, kept, speed }: Compared) {
  if (!isOurs(figure)) return 'not compared: others were busy' as const
  const { better, unit } = figure
  if (unit === 'ms' && speed < LATENCY_SPEED) return 'not compared: a slow hour' as const
  const worse = better === 'higher' ? now < kept * THROUGHPUT_LEAST : now > kept * LATENCY_MOST
  return worse ? ('worse' as const) : ('held' as const)
}

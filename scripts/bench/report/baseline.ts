/** The kept figures: throughput below 85 % or latency above 120 % of them fails the run. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../supervisor/options.ts'
import type { MachineFacts } from '../machine/facts.ts'
import type { Figure, Results } from './results.ts'

const FILE = path.join(ROOT, 'test/bench/baseline.json')
const THROUGHPUT_LEAST = 0.85
const LATENCY_MOST = 1.2
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
  readonly verdict: 'held' | 'worse' | 'not compared: others were busy'
}

function sizeOf({ persons, claims }: Pick<Results, 'persons' | 'claims'>): string {
  return `${persons} persons, ${claims} claims`
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
  return figures.flatMap((figure): Verdict[] => {
    const before = kept.figures[figure.name]
    const [now, then] = sameMachine
      ? [figure.value, before?.value]
      : [ratioOf(figure), before?.ratio]
    if (now === undefined || then === undefined) return []
    const by = sameMachine ? 'value' : 'ratio'
    return [{ figure: figure.name, now, kept: then, by, verdict: verdictOf(figure, now, then) }]
  })
}

function isOurs({ othersCores = 0 }: Figure): boolean {
  return othersCores <= OTHERS_CORES_MAX
}

function verdictOf(figure: Figure, now: number, kept: number) {
  if (!isOurs(figure)) return 'not compared: others were busy' as const
  const { better } = figure
  const worse = better === 'higher' ? now < kept * THROUGHPUT_LEAST : now > kept * LATENCY_MOST
  return worse ? ('worse' as const) : ('held' as const)
}

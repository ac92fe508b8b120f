/**
 * Everything that a run found, as `.data/bench-last.json` keeps it, and the figures that have a
 * goal.
 */
import type { AppendFigures, ReadFigures } from '@tongchou/runtime/event-store/store.bench.ts'
import type { LoadFigures } from '../instance/load.ts'
import type { MachineFacts } from '../machine/facts.ts'
import type { Part } from '../options.ts'
import type { AuditFigures } from '../parts/audit.ts'
import type { BatchFigures } from '../parts/batch.ts'
import type { BrokerFigures } from '../parts/broker.ts'
import type { HttpFigures } from '../parts/http.ts'
import type { KernelFigures } from '../parts/kernel.ts'
import type { OutageFigures } from '../parts/outage.ts'
import type { ReplayFigures } from '../parts/replay.ts'
import type { SingleFigures } from '../parts/single.ts'
import type { StagesFigures } from '../parts/stages.ts'
import type { WhatIfFigures } from '../parts/what-if.ts'
import { kafkaFigures } from './kafka-figures.ts'

export type Results = {
  readonly at: string
  readonly persons: number
  readonly claims: number
  readonly seed: number
  readonly kafka: boolean
  readonly hotRegion: { readonly regionCode: string; readonly percentOfPersons: number }
  readonly machine: MachineFacts
  load?: LoadFigures & { readonly loadedNow: boolean }
  kernel?: KernelFigures
  whatIf?: WhatIfFigures
  append?: AppendFigures
  read?: ReadFigures
  http?: HttpFigures
  batch?: BatchFigures
  batchOfTenLines?: BatchFigures
  /** Events that all services stored for one claim of the batch. */
  eventsAClaim?: number
  single?: readonly SingleFigures[]
  stages?: StagesFigures
  replay?: ReplayFigures
  audit?: AuditFigures
  /** Set in a run over Kafka. */
  broker?: BrokerFigures
  outage?: OutageFigures
  /** Peak of resident memory by process, MiB; PostgreSQL with shared memory counted once. */
  memoryMiB?: Readonly<Record<string, number>>
  /** Cores that other programs used during parts of the run. */
  readonly othersCores: Partial<Record<Part, number>>
  /** Why the figures of claims are not valid; empty when they are. */
  readonly faults: string[]
}

export type Figure = {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** Which way is better. */
  readonly better: 'higher' | 'lower'
  readonly floor?: number
  readonly goal?: number
  readonly ceiling?: { readonly of: string; readonly value: number }
  /** What the CPU time of one claim or event would allow if no other program used the cores. */
  readonly coresAllow?: number
  /** Cores that other programs used meanwhile, where it was measured. */
  readonly othersCores?: number
}

export function figuresOf(results: Results): Figure[] {
  if (results.kafka) return kafkaFigures(results)
  return [
    ...batchFigures(results),
    ...singleFigures(results),
    ...storeFigures(results),
    ...wholeFigures(results),
  ]
}

/**
 * All cores busy with nothing else: derived, not measured. Work after the last answer counts too.
 */
function coresAllow({ machine }: Results, micros: Readonly<Record<string, number>>): number {
  const spent = Object.values(micros).reduce((sum, each) => sum + each, 0)
  return spent === 0 ? 0 : Math.round((machine.cores * 1_000_000) / spent)
}

function batchFigures(results: Results): Figure[] {
  const { batch, batchOfTenLines, append, eventsAClaim } = results
  const rows = append?.raw.eventsPerSecond
  const ceiling =
    rows === undefined || eventsAClaim === undefined || eventsAClaim === 0
      ? {}
      : { ceiling: { of: 'raw inserts of its events', value: Math.round(rows / eventsAClaim) } }
  const figure = (name: string, measured: BatchFigures): Figure => ({
    name,
    unit: 'claims/s',
    value: measured.claimsPerSecond,
    better: 'higher',
    othersCores: measured.othersCores,
    coresAllow: coresAllow(results, measured.cpuMicrosAClaim),
    ...ceiling,
  })
  return [
    ...(batch === undefined
      ? []
      : [{ ...figure('claims:batch, end to end', batch), floor: 1_500, goal: 5_000 }]),
    ...(batchOfTenLines === undefined
      ? []
      : [figure('claims:batch, 10 lines a claim', batchOfTenLines)]),
  ]
}

function singleFigures(results: Results): Figure[] {
  const { single = [], http } = results
  return single.flatMap((one): Figure[] => {
    const { how, due, claimsPerSecond, p50Ms, p99Ms, othersCores } = one
    if (how === 'closed loop') {
      const bare = http?.requestsPerSecond
      const ceiling =
        bare === undefined ? {} : { ceiling: { of: 'bare Fastify route', value: bare } }
      const figure = {
        name: 'single requests, end to end',
        unit: 'claims/s',
        othersCores,
        coresAllow: coresAllow(results, one.cpuMicrosAClaim),
      }
      return [
        {
          ...figure,
          value: claimsPerSecond,
          better: 'higher',
          floor: 800,
          goal: 4_000,
          ...ceiling,
        },
      ]
    }
    const figure = { unit: 'ms', better: 'lower' as const, othersCores }
    const [fifty, most] = due === 1_000 ? [{ goal: 15 }, { goal: 60 }] : [{}, {}]
    return [
      { ...figure, name: `answer at ${due}/s, p50`, value: p50Ms, ...fifty },
      { ...figure, name: `answer at ${due}/s, p99`, value: p99Ms, ...most },
    ]
  })
}

/** Only when it was measured. */
function others({ othersCores }: Results, part: Part): Pick<Figure, 'othersCores'> {
  const cores = othersCores[part]
  return cores === undefined ? {} : { othersCores: cores }
}

function storeFigures(results: Results): Figure[] {
  const { append, kernel, whatIf } = results
  const figures: Figure[] = []
  if (append !== undefined) {
    const raw = append.raw.eventsPerSecond
    const ceiling = { of: 'raw inserts of the same rows', value: raw }
    const each = {
      ...others(results, 'append'),
      unit: 'events/s',
      better: 'higher' as const,
      ceiling,
    }
    const floor = Math.round(raw * 0.6)
    figures.push(
      { ...each, name: 'append, batches of 300', value: append.batches.eventsPerSecond, floor },
      { ...each, name: 'append, 300 callers', value: append.callers.eventsPerSecond },
    )
  }
  if (kernel !== undefined) {
    const { microsecondsPerClaim, withLineShares } = kernel
    const each = { unit: 'µs/claim', better: 'lower' as const, ...others(results, 'kernel') }
    const alone = { name: 'adjudication kernel, 10 lines', value: microsecondsPerClaim }
    const whole = { name: 'adjudication with line shares, 10 lines', value: withLineShares }
    figures.push({ ...each, ...alone, floor: 50, goal: 30 }, { ...each, ...whole, floor: 30 })
  }
  if (whatIf !== undefined) {
    const limits = { floor: 50_000, ...others(results, 'what-if') }
    const value = whatIf.claimsPerSecond
    figures.push({ name: 'what-if', unit: 'claims/s', value, better: 'higher', ...limits })
  }
  return figures
}

const GIBIBYTE_MIB = 1_024

function wholeFigures(results: Results): Figure[] {
  const { load, replay, audit, read, memoryMiB } = results
  const figures: Figure[] = []
  const reading = read?.readAll.eventsPerSecond
  const ceiling = reading === undefined ? {} : { ceiling: { of: 'reading them', value: reading } }
  const events = { unit: 'events/s', better: 'higher' as const, floor: 100_000, ...ceiling }
  const spent = (of: ReplayFigures | AuditFigures) => {
    const { nodeMicrosAnEvent: node, postgresMicrosAnEvent: postgres } = of
    return { coresAllow: coresAllow(results, { node, postgres }) }
  }
  if (replay !== undefined) {
    const { eventsPerSecond: value } = replay
    const name = 'replay of every service'
    const measured = { ...events, ...others(results, 'replay'), ...spent(replay) }
    figures.push({ ...measured, name, value, goal: 150_000 })
  }
  if (audit !== undefined) {
    const { eventsPerSecond: value } = audit
    const name = 'audit verify'
    const measured = { ...events, ...others(results, 'audit'), ...spent(audit) }
    figures.push({ ...measured, name, value, goal: 200_000 })
  }
  const persons = load?.imports.find(({ what }) => what === 'persons')
  if (persons !== undefined && load?.loadedNow === true) {
    const { perSecond: value } = persons
    figures.push({ name: 'import of persons', unit: 'persons/s', value, better: 'higher' })
  }
  if (memoryMiB !== undefined) {
    const { postgres: _database = 0, ...services } = memoryMiB
    const value = Object.values(services).reduce((sum, each) => sum + each, 0)
    const goal = 1.5 * GIBIBYTE_MIB
    figures.push({ name: 'memory of all services', unit: 'MiB', value, better: 'lower', goal })
  }
  return figures
}

/**
 * Where a process spent its CPU time, from V8's profile: the functions themselves, and whose they
 * are.
 */
import { readFileSync } from 'node:fs'
import { ROOT } from '../../supervisor/options.ts'

type Node = {
  readonly id: number
  readonly callFrame: {
    readonly functionName: string
    readonly url: string
    readonly lineNumber: number
  }
  readonly children?: readonly number[]
}

type CpuProfile = {
  readonly nodes: readonly Node[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
  /** µs of the machine's monotonic clock. */
  readonly startTime: number
}

/** A stretch of the machine's monotonic clock, µs. */
export type Window = { readonly fromMicros: number; readonly toMicros: number }

export function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1_000n)
}

export type Hot = { readonly name: string; readonly ms: number; readonly percent: number }
export type ProfileFigures = {
  readonly busyMs: number
  /** By function, without what it calls. */
  readonly functions: readonly Hot[]
  /** By function of ours, with everything it calls. */
  readonly whole: readonly Hot[]
  /** By package or folder. */
  readonly places: readonly Hot[]
}

const OURS = /^(services|infra|contracts|scripts)\//
const IDLE = new Set(['(idle)', '(root)', '(program)'])

/** What was sampled in the windows: start and end of a process are of no interest. */
export function readProfile(file: string, windows: readonly Window[], count = 15): ProfileFigures {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const nodes = new Map(profile.nodes.map(node => [node.id, node]))
  const micros = samplesIn(profile, windows)
  const functions = new Map<string, number>()
  const whole = new Map<string, number>()
  const places = new Map<string, number>()
  const callers = callersOf(profile)
  let busy = 0
  for (const [id, spent] of micros) {
    const node = nodes.get(id)
    if (node === undefined || IDLE.has(node.callFrame.functionName)) continue
    busy += spent
    add(functions, nameOf(node), spent)
    add(places, placeOf(node), spent)
    for (const name of oursOnStack(node, callers)) add(whole, name, spent)
  }
  return {
    busyMs: Math.round(busy / 1_000),
    functions: hottest(functions, busy, count),
    whole: hottest(whole, busy, count * 2),
    places: hottest(places, busy, count),
  }
}

function callersOf({ nodes }: CpuProfile): ReadonlyMap<number, Node> {
  const callers = new Map<number, Node>()
  for (const node of nodes) for (const child of node.children ?? []) callers.set(child, node)
  return callers
}

/** Each function once, however often it stands on the stack. */
function oursOnStack(node: Node, callers: ReadonlyMap<number, Node>): ReadonlySet<string> {
  const names = new Set<string>()
  for (let at: Node | undefined = node; at !== undefined; at = callers.get(at.id)) {
    if (OURS.test(shortPath(at.callFrame.url))) names.add(nameOf(at))
  }
  return names
}

/** Time of each node's samples, µs. */
function samplesIn(profile: CpuProfile, windows: readonly Window[]): Map<number, number> {
  const micros = new Map<number, number>()
  let at = profile.startTime
  profile.samples.forEach((id, index) => {
    const delta = profile.timeDeltas[index] ?? 0
    at += delta
    const wanted = windows.some(({ fromMicros, toMicros }) => at >= fromMicros && at <= toMicros)
    if (wanted) micros.set(id, (micros.get(id) ?? 0) + Math.max(0, delta))
  })
  return micros
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros)
}

function hottest(sums: ReadonlyMap<string, number>, busy: number, count: number): Hot[] {
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, micros]) => ({
      name,
      ms: Math.round(micros / 1_000),
      percent: Math.round((micros * 1_000) / busy) / 10,
    }))
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name}  ${shortPath(url)}:${lineNumber + 1}`
}

function shortPath(url: string): string {
  const path = url.replace(/^file:\/\//, '')
  const inPackage = /.*\/node_modules\/(.+)$/.exec(path)?.[1]
  return inPackage ?? path.replace(`${ROOT}/`, '')
}

/** A package, a built-in module, or two folders of ours. */
function placeOf({ callFrame: { functionName, url } }: Node): string {
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collector' : 'native'
  if (url.startsWith('node:')) return url.split('/')[0] ?? url
  const path = shortPath(url)
  if (!path.startsWith('/') && !OURS.test(path)) {
    return path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/')
  }
  return path.split('/').slice(0, -1).join('/')
}

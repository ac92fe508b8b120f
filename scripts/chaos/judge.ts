/** What must hold at the end, read from the stores themselves, from the books and by the audit. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventType } from '@tongchou/contracts/events.generated.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { ask } from '../cli/http.ts'
import type { Instance } from '../cli/instance.ts'
import { databaseUrlOf } from '../cli/instance.ts'
import type { Ledger, Told } from './ledger.ts'
import { keyOf } from './ledger.ts'

export type Verdict = {
  readonly check: string
  readonly holds: boolean
  readonly figure: string
}

const PAGE = 5000
const SHOWN = 5
const OUTPUT = { encoding: 'utf8', maxBuffer: 64_000_000 } as const

export async function judge(instance: Instance, ledger: Ledger): Promise<readonly Verdict[]> {
  const clearing = await eventsOf(instance, 'clearing')
  const byStream = Map.groupBy(clearing, ({ stream }) => stream)
  const told = ledger.claims
  return [
    verdict('every answer is the same when it is asked for again', ledger.faults, told.length),
    verdict('every acknowledged claim has its events once', wrong(told, byStream), told.length),
    verdict('no claim is stored that was not answered', strangers(told, byStream), byStream.size),
    await once(instance, 'claims', 'ClaimAdjudicated'),
    await once(instance, 'fraud', 'ClaimScored'),
    windows(clearing),
    ...(await books(instance)),
    audit(instance.dataDir, 'while it runs', clearing.length),
  ]
}

export function verdict(check: string, faults: readonly string[], looked: number): Verdict {
  const holds = faults.length === 0
  const figure = holds ? `${looked} compared` : faults.slice(0, SHOWN).join('\n')
  return { check, holds, figure }
}

const EXPECTED: Readonly<Record<string, readonly EventType[]>> = {
  settled: ['ClaimSubmitted', 'ClaimSettled'],
  held: ['ClaimSubmitted', 'ClaimHeld'],
  reversed: ['ClaimSubmitted', 'ClaimSettled', 'ClaimReversed'],
  withdrawn: ['ClaimSubmitted', 'ClaimWithdrawn'],
}
/** What comes in between, and may be there or not. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['AdjudicationReceived', 'ScoreReceived'])

function wrong(told: readonly Told[], byStream: ReadonlyMap<string, readonly Recorded[]>) {
  return told.flatMap(({ claim, claimId, state }) => {
    const events = (byStream.get(`claim-${claimId}`) ?? []).map(({ type }) => type)
    const main = events.filter(type => !ON_THE_WAY.has(type) && type !== 'ClaimHeld')
    const expected = EXPECTED[state]?.filter(type => type !== 'ClaimHeld')
    if (main.join() === expected?.join()) return []
    return [`${keyOf(claim)} is ${state}: ${events.join(', ') || 'nothing stored'}`]
  })
}

function strangers(told: readonly Told[], byStream: ReadonlyMap<string, readonly Recorded[]>) {
  const known = new Set(told.map(({ claimId }) => `claim-${claimId}`))
  return [...byStream.keys()].filter(name => name.startsWith('claim-') && !known.has(name))
}

async function once(instance: Instance, service: ServiceName, type: EventType): Promise<Verdict> {
  const seen = new Set<string>()
  const twice: string[] = []
  for (const event of await eventsOf(instance, service)) {
    if (event.type !== type || !('claimId' in event.data)) continue
    const { claimId } = event.data
    if (seen.has(claimId)) twice.push(claimId)
    seen.add(claimId)
  }
  return verdict(`${type} is there once for a claim`, twice, seen.size)
}

/** The windows follow each other without a gap, and each move between regions is in one of them. */
function windows(events: readonly Recorded[]): Verdict {
  const faults: string[] = []
  let cut = 0n
  let moves = 0
  const netted = new Map<number, Recorded<'WindowNetted'>['data']>()
  for (const event of events) {
    if (event.type === 'WindowNetted') netted.set(event.data.windowNo, event.data)
  }
  const counts = new Map<number, number>()
  for (const event of events) {
    if (event.type === 'ClaimSettled' || event.type === 'ClaimReversed') {
      if (event.data.obligation !== null) moves += 1
    }
    if (event.type !== 'WindowClosed') continue
    const { windowNo, previousCut } = event.data
    if (previousCut !== cut) faults.push(`window ${windowNo} begins at ${previousCut}, not ${cut}`)
    counts.set(windowNo, moves)
    cut = event.position
    moves = 0
  }
  for (const [windowNo, count] of counts) {
    const row = netted.get(windowNo)
    const claims = row?.pairs.reduce((sum, pair) => sum + pair.claims, 0)
    const net = row?.nets.reduce((sum, { netFen }) => sum + netFen, 0n)
    if (claims !== count) faults.push(`window ${windowNo} has ${claims} claims, not ${count}`)
    if (net !== 0n) faults.push(`the nets of window ${windowNo} come to ${net}`)
  }
  return verdict('each settlement is in one window, nets come to 0', faults, counts.size)
}

type Trial = { balanced: boolean; debitFen: number; creditFen: number }
type Check = { ok: boolean; imbalanceFen: number; checks: { check: string; ok: boolean | null }[] }

async function books(instance: Instance): Promise<readonly Verdict[]> {
  const token = await instance.token({ role: 'centre' })
  const url = instance.urlOf('funds')
  const trial = await ask<Trial>(`${url}/v1/trial-balance?limit=500`, { token })
  const check = await ask<Check>(`${url}/v1/self-check?run=true`, { token })
  const failed = check.checks.filter(({ ok }) => ok === false).map(each => each.check)
  const difference = trial.debitFen - trial.creditFen
  return [
    {
      check: 'the trial balance is zero',
      holds: trial.balanced && difference === 0,
      figure: `${difference} fen`,
    },
    verdict("the funds' own checks hold", failed, check.checks.length),
  ]
}

type Audited = { readonly events: number; readonly findings: readonly unknown[] }

/** The audit as auditors run it. One that looked at less than is told here looked elsewhere. */
export function audit(dataDir: string, when: string, least: number): Verdict {
  const script = path.join(import.meta.dirname, '../tongchou.ts')
  const args = [script, '--data-dir', dataDir, 'audit', 'verify', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, OUTPUT)
  const check = `${when}: tongchou audit verify finds nothing`
  if (status !== 0) return { check, holds: false, figure: `${stderr}${stdout}`.slice(-2000) }
  const { events } = JSON.parse(stdout) as Audited
  return { check, holds: events >= least, figure: `${events} events` }
}

async function eventsOf(instance: Instance, service: ServiceName): Promise<Recorded[]> {
  const database = { url: databaseUrlOf(instance), statementTimeoutMs: 60_000 }
  const store = await openPostgresStore({ database, schema: service })
  try {
    const events: Recorded[] = []
    for (let after = 0n; ; ) {
      const page = await store.readAll(after, PAGE)
      const last = page.at(-1)
      if (last === undefined) return events
      for (const stored of page) events.push(recorded(stored))
      after = last.position
    }
  } finally {
    await store.close()
  }
}

const QUIET_MS = 60_000

/** Waits until the books have followed everything: they stand still for a second. */
export async function quiet(instance: Instance): Promise<void> {
  const token = await instance.token({ role: 'centre' })
  const read = async () => {
    const url = `${instance.urlOf('funds')}/v1/entities?limit=1`
    return (await ask<{ position: number }>(url, { token })).position
  }
  const end = Date.now() + QUIET_MS
  for (let before = await read(); Date.now() < end; ) {
    await sleep(1000)
    const now = await read()
    if (now === before) return
    before = now
  }
}

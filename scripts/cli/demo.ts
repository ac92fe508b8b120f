/**
 * `tongchou demo`: a folder through the doors, month by month, and every figure compared with
 * `expected/`. Safe to run again: imports and claims get their first answers, windows are found by
 * their labels.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import { ensureSecretFile } from '@tongchou/runtime/config/secret-file.ts'
import { balancesArrived } from './demo/arrival.ts'
import { Differences } from './demo/differences.ts'
import type { ClaimRecord, DemoSet, ExpectedClaim, Window } from './demo/expected.ts'
import { monthOfClaim, readDemo } from './demo/expected.ts'
import { printChecks, printClaims, printWindow } from './demo/tables.ts'
import type { Problem } from './http.ts'
import { ask, call, kindOf, sendLines } from './http.ts'
import { importFolder } from './import.ts'
import type { Instance } from './instance.ts'
import { CommandFault } from './instance.ts'
import { progress, table } from './show.ts'

export const DEMO_FOLDER = join(import.meta.dirname, '../../test/fixtures/demo')

const UNDO_MS = 10_000
const UNDO_POLL_MS = 100

type Shares = Readonly<Record<string, unknown>>
type Answer = { readonly claimId: string; readonly state: string; readonly shares: Shares | null }
type Tokens = { readonly service: string; readonly centre: string }
type Run = {
  readonly instance: Instance
  readonly tokens: Tokens
  readonly demo: DemoSet
  readonly differences: Differences
}

/** True when nothing differs. */
export async function runDemo(instance: Instance, folder: string): Promise<boolean> {
  const demo = await readDemo(folder)
  const imported = await importFolder(instance, folder)
  console.log(
    table(
      ['part', 'taken', 'refused'],
      imported.map(row => [row.what, row.taken, row.refused]),
    ),
  )
  const tokens = {
    service: await instance.token({ role: 'service' }),
    centre: await instance.token({ role: 'centre' }),
  }
  const run = { instance, tokens, demo, differences: new Differences() }
  await balancesArrived(instance, folder, await personKey(instance))
  await submitMonths(run)
  await sendPlanted(run)
  await sendReversals(run)
  await compareAccounts(run)
  await compareFunds(run)
  printChecks(run.differences)
  return run.differences.none
}

async function submitMonths(run: Run): Promise<void> {
  const expected = new Map(run.demo.expectedClaims.map(claim => [keyOf(claim), claim]))
  const months = Map.groupBy(run.demo.claims, monthOfClaim)
  const totals = new Map<string, bigint>()
  const startedMs = performance.now()
  for (const [month, claims] of [...months].sort()) {
    const answers = await submit(run, month, claims)
    for (const [index, claim] of claims.entries()) {
      compareClaim(run, claim, answers[index], expected, totals)
    }
    const window = await closeWindow(run, `demo ${month}`)
    const wanted = run.demo.months[month]
    if (wanted !== undefined) compareWindow(run, `window ${month}`, window, wanted)
    printWindow(month, window)
  }
  const seconds = (performance.now() - startedMs) / 1000
  run.differences.compare(
    'sums',
    'summary',
    Object.fromEntries([...totals].map(([k, v]) => [k, Number(v)])),
    run.demo.summary,
  )
  printClaims(run.demo.expectedClaims, seconds)
}

function keyOf({ institutionCode, claimNo }: { institutionCode: string; claimNo: string }): string {
  return `${institutionCode}/${claimNo}`
}

async function submit(run: Run, month: string, claims: readonly ClaimRecord[]): Promise<Answer[]> {
  const bar = progress(`claims of ${month}`, claims.length)
  const lines = claims.map(claim => JSON.stringify(claim))
  const answers: Answer[] = []
  const url = `${run.instance.urlOf('clearing')}/v1/claims:batch`
  for await (const { ok, answer, problem } of sendLines(url, run.tokens.service, lines)) {
    bar.step()
    const refused = {
      claimId: '',
      state: problem === undefined ? '?' : kindOf(problem),
      shares: null,
    }
    answers.push(ok ? (answer as Answer) : refused)
  }
  bar.done()
  return answers
}

/** `reversed` claims of an earlier run keep the shares of their settlement. */
function compareClaim(
  run: Run,
  claim: ClaimRecord,
  answer: Answer | undefined,
  expected: ReadonlyMap<string, ExpectedClaim>,
  totals: Map<string, bigint>,
): void {
  const wanted = expected.get(keyOf(claim))
  const { insuredRegion, treatingRegion, ...shares } = answer?.shares ?? {}
  const settled = answer?.state === 'settled' || answer?.state === 'reversed'
  const actual = {
    ...shares,
    insured: insuredRegion,
    treating: treatingRegion,
    institutionCode: claim.institutionCode,
    claimNo: claim.claimNo,
    state: settled ? 'settled' : answer?.state,
  }
  run.differences.compare('claims', keyOf(claim), actual, { ...wanted, state: 'settled' })
  for (const name of Object.keys(run.demo.summary)) {
    const value = name === 'claims' ? 1 : Number((shares as Record<string, unknown>)[name] ?? 0)
    totals.set(name, (totals.get(name) ?? 0n) + BigInt(value))
  }
}

export type WindowReply = {
  readonly windowNo: number
  readonly pairs: readonly (Window['pairs'][number] & { readonly funds: unknown })[]
  readonly nets: readonly { readonly regionCode: string; readonly netFen: number }[]
  readonly digest: string
}

async function closeWindow(run: Run, label: string): Promise<WindowReply> {
  const base = `${run.instance.urlOf('clearing')}/v1/windows`
  const token = run.tokens.centre
  const { windows } = await ask<{ windows: { windowNo: number; label: string }[] }>(base, { token })
  const known = windows.find(window => window.label === label)
  const headers = { prefer: 'wait=30' }
  const { windowNo } =
    known ?? (await ask<WindowReply>(base, { method: 'POST', token, body: { label }, headers }))
  return ask<WindowReply>(`${base}/${windowNo}`, { token, headers })
}

function compareWindow(run: Run, what: string, window: WindowReply, wanted: Window): void {
  const pairs = new Map(window.pairs.map(pair => [`${pair.insured}>${pair.treating}`, pair]))
  for (const pair of wanted.pairs) {
    const name = `${pair.insured}>${pair.treating}`
    run.differences.compare('pairs of windows', `${what} ${name}`, pairs.get(name) ?? {}, pair)
  }
  run.differences.compare(
    'pairs of windows',
    what,
    { pairs: window.pairs.length },
    { pairs: wanted.pairs.length },
  )
  const nets = Object.fromEntries(window.nets.map(({ regionCode, netFen }) => [regionCode, netFen]))
  run.differences.compare('nets of windows', what, nets, wanted.netFen)
  const sum = window.nets.reduce((total, { netFen }) => total + netFen, 0)
  run.differences.compare('nets sum to zero', what, { sum }, { sum: 0 })
}

async function sendPlanted(run: Run): Promise<void> {
  const bar = progress('planted claims', run.demo.planted.length)
  const url = `${run.instance.urlOf('clearing')}/v1/claims`
  for (const { outcome, reason, claim } of run.demo.planted) {
    const headers = { prefer: 'wait=20' }
    const { status, body } = await call(url, {
      method: 'POST',
      token: run.tokens.service,
      body: claim,
      headers,
    })
    const actual =
      status < 300
        ? {
            outcome: (body as Answer).state,
            reason: (body as { reasons: { rule: string }[] }).reasons[0]?.rule,
          }
        : { outcome: status < 500 ? 'refused' : status, reason: kindOf(body as Problem) }
    run.differences.compare(`planted: ${outcome}`, `planted ${reason} ${keyOf(claim)}`, actual, {
      outcome,
      reason,
    })
    bar.step()
  }
  bar.done()
}

async function sendReversals(run: Run): Promise<void> {
  const bar = progress('reversals', run.demo.reversals.length)
  for (const { institutionCode, claimNo, reason } of run.demo.reversals) {
    const claimId = claimIdOf(institutionCode, claimNo)
    const url = `${run.instance.urlOf('clearing')}/v1/claims/${claimId}/reversal`
    const { body } = await call(url, {
      method: 'POST',
      token: run.tokens.service,
      body: { reason },
    })
    const what = `reversal ${institutionCode}/${claimNo}`
    run.differences.compare(
      'reversals',
      what,
      { state: (body as Answer).state ?? kindOf(body as Problem) },
      { state: 'reversed' },
    )
    bar.step()
  }
  bar.done()
  const window = await closeWindow(run, 'demo after reversals')
  compareWindow(run, 'window after reversals', window, run.demo.afterWindow)
  printWindow('after reversals', window)
}

/** Benefit accounts of the reversed persons: `stays`, `dedIn` … as RULES.md names them. */
async function compareAccounts(run: Run): Promise<void> {
  const key = await personKey(run.instance)
  const base = `${run.instance.urlOf('claims')}/v1/accounts`
  // The undo follows the reversal by a moment: what differs is asked for again until this time.
  const end = performance.now() + UNDO_MS
  for (const { personNo, ...wanted } of run.demo.afterAccounts) {
    const url = `${base}/${personIdOf(key, personNo)}?year=2025`
    const read = () => ask<Shares>(url, { token: run.tokens.service })
    let actual = await read()
    while (!isAsWanted(actual, wanted) && performance.now() < end) {
      await sleep(UNDO_POLL_MS)
      actual = await read()
    }
    run.differences.compare('accounts after reversals', `account ${personNo}`, actual, wanted)
  }
}

function isAsWanted(actual: Shares, wanted: Shares): boolean {
  return Object.entries(wanted).every(([name, value]) => actual[name] === value)
}

/** With which this instance makes person ids from numbers. */
export async function personKey(instance: Instance): Promise<Buffer> {
  const text = await ensureSecretFile(join(instance.dataDir, 'person-key'), () => {
    throw new CommandFault(
      `no person key in ${instance.dataDir}: is this the data directory of the instance?`,
    )
  })
  return Buffer.from(text.trim(), 'hex')
}

async function compareFunds(run: Run): Promise<void> {
  const url = `${run.instance.urlOf('funds')}/v1/self-check`
  const check = await ask<{ ok?: boolean }>(url, { token: run.tokens.centre })
  run.differences.compare('books', 'self-check of the funds', check, { ok: true })
}

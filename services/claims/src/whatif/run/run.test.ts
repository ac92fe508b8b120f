import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import { loadPolicy } from '../../policy/load.ts'
import { storeDemo } from '../../testing/adjudications.ts'
import { beijingPack } from '../../testing/demo.ts'
import { reportJson } from '../report.ts'
import type { Period } from '../rerun.ts'
import { type Reader, storeReader } from './read.ts'
import {
  type Draft,
  type End,
  OtherCheckpoint,
  type Ran,
  type RunOptions,
  runWhatIf,
  type Source,
} from './run.ts'

const YEAR: Period = { region: '110100', from: '2025-01-01', to: '2025-12-31' }
const document = JSON.parse(beijingPack().pack)

function draftOf(of: unknown): Draft {
  const loaded = loadPolicy(of)
  assert(loaded.ok)
  return { document: loaded.document, plan: loaded.plan }
}

const draft = draftOf({
  ...document,
  effectiveFrom: '2098-01-01',
  inpatient: { ...document.inpatient, capFen: 5_000_000 },
})

function reported(ran: Ran, of: Draft = draft) {
  return reportJson({ draft: of.plan, period: YEAR, ...ran })
}

describe('a what-if run over a store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-whatif-'))
  const checkpoint = join(folder, 'run.json')
  let url = ''
  let end: End
  let store: Awaited<ReturnType<typeof openPostgresStore>>
  let threads: Source
  const options = (more: Partial<RunOptions> = {}): RunOptions => ({
    ...{ draft, period: YEAR, source: threads, end, checkpoint: null },
    ...more,
  })
  const ends: (() => Promise<void>)[] = []

  before(async () => {
    const database = await testDatabase({ after: end => void ends.push(end) })
    url = database.url
    store = await openPostgresStore({ database: { url }, schema: 'claims' })
    await storeDemo(store, { copies: 1, claims: 3000 })
    end = await store.head()
    threads = { kind: 'database', url, threads: 2 }
  })
  after(async () => {
    await store.close()
    for (const close of ends) await close()
    rmSync(folder, { recursive: true })
  })

  test('in threads is that over the port of the store', async () => {
    const ran = await runWhatIf(options())
    const reader = storeReader(store)
    const one = await runWhatIf(options({ source: { kind: 'store', reader } }))
    assert.deepEqual([ran.done, ran.scanned], [true, 3000])
    const report = reported(ran)
    assert.deepEqual(report, reported(one))
    const [all] = report.groups
    assert.ok(report.claims > 100 && all !== undefined && all.down > 0)
    for (const dimension of ['region', 'level', 'age', 'kind', 'status', 'month']) {
      const own = report.groups.filter(group => group.dimension === dimension)
      assert.equal(
        own.reduce((sum, { claims }) => sum + claims, 0),
        report.claims,
        dimension,
      )
    }
    assert.equal(
      all.payers.reduce((sum, { changeFen }) => sum + changeFen, 0),
      0,
    )
  })

  test('appends nothing', async () => {
    await runWhatIf(options())
    assert.deepEqual(await store.head(), end)
  })

  test('under the packs in force changes nothing', async () => {
    const same = draftOf(document)
    const ran = await runWhatIf(options({ draft: same }))
    for (const { payers, moved } of reported(ran, same).groups) {
      assert.deepEqual([payers.every(({ changeFen }) => changeFen === 0), moved], [true, []])
    }
  })

  test('stops, keeps where it stands, and goes on to the same end', async () => {
    const stopping = new AbortController()
    const onProgress = () => stopping.abort()
    const stopped = await runWhatIf(options({ checkpoint, signal: AbortSignal.abort() }))
    assert.deepEqual([stopped.done, stopped.scanned], [false, 0])
    const reader = storeReader(store)
    const source = { kind: 'store', reader } as const
    const half = await runWhatIf(
      options({ checkpoint: `${checkpoint}2`, source, signal: stopping.signal, onProgress }),
    )
    assert.ok(!half.done && half.scanned > 0 && half.scanned < 3000, `${half.scanned}`)
    const from: bigint[] = []
    const seen: Reader = {
      ...reader,
      events: (part, onEvent) => {
        from.push(part.after)
        return reader.events(part, onEvent)
      },
    }
    const kept = JSON.parse(readFileSync(`${checkpoint}2`, 'utf8')).lanes[0].passed.lane
    writeFileSync(`${checkpoint}3`, readFileSync(`${checkpoint}2`))
    await runWhatIf(
      options({ checkpoint: `${checkpoint}3`, source: { kind: 'store', reader: seen } }),
    )
    assert.deepEqual(from, [BigInt(kept.position)])
    const whole = await runWhatIf(options())
    for (const path of [checkpoint, `${checkpoint}2`]) {
      const ran = await runWhatIf(options({ checkpoint: path, source: threads }))
      assert.deepEqual([ran.done, ran.scanned], [true, 3000])
      assert.deepEqual(reported(ran), reported(whole))
      assert.ok(existsSync(path) && !existsSync(`${path}.new`))
    }
  })

  test('refuses a checkpoint of another draft, period or store, and a damaged one', async () => {
    const path = join(folder, 'other.json')
    await runWhatIf(options({ checkpoint: path, signal: AbortSignal.abort() }))
    const others = [
      { draft: draftOf(document) },
      { period: { ...YEAR, to: '2025-06-30' } },
      { end: { ...end, incarnation: 'another' } },
    ]
    for (const other of others) {
      await assert.rejects(runWhatIf(options({ checkpoint: path, ...other })), OtherCheckpoint)
    }
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100))
    await assert.rejects(runWhatIf(options({ checkpoint: path })), OtherCheckpoint)
  })

  test('fails as a whole when a thread fails', async () => {
    const source = {
      kind: 'database',
      url: url.replace(/\/[^/]*$/u, '/nowhere'),
      threads: 2,
    } as const
    await assert.rejects(runWhatIf(options({ source })), /nowhere/)
  })
})

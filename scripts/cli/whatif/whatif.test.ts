import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { storeDemo } from '@tongchou/claims/testing/adjudications.ts'
import type { WhatIfReportJson } from '@tongchou/contracts/http/whatif.ts'
import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import { init } from 'echarts'
import { demoPolicies } from '../../../test/fixtures/demo-files.ts'
import { chartsOf } from './charts.ts'
import { htmlOf } from './html.ts'

const PROGRAM = join(import.meta.dirname, '../../tongchou.ts')
const folder = mkdtempSync(join(tmpdir(), 'tongchou-whatif-cli-'))
const draft = join(folder, 'draft.json')
const html = join(folder, 'whatif.html')
const PERIOD = ['--from', '2025-01-01', '--to', '2025-06-30']
let databaseUrl = ''
const ends: (() => Promise<void>)[] = []

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

function tongchou(...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, TONGCHOU_DATABASE_URL: databaseUrl, TONGCHOU_DATA_DIR: folder }
  return new Promise(resolve => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

before(async () => {
  const database = await testDatabase({ after: end => void ends.push(end) })
  databaseUrl = database.url
  const store = await openPostgresStore({ database: { url: databaseUrl }, schema: 'claims' })
  await storeDemo(store, { copies: 1, claims: 3000 })
  await store.close()
  const found = demoPolicies().find(({ file }) => file === '110100-employee.json')
  const pack = found?.document as { readonly inpatient: object }
  const inpatient = { ...pack.inpatient, capFen: 5_000_000 }
  writeFileSync(draft, JSON.stringify({ ...pack, effectiveFrom: '2098-01-01', inpatient }))
})
after(async () => {
  for (const end of ends) await end()
  rmSync(folder, { recursive: true })
})

describe('tongchou whatif', () => {
  let report: WhatIfReportJson

  test('tells the change by fund and by group, as JSON and as tables', async () => {
    const ended = await tongchou('whatif', '--pack', draft, ...PERIOD, '--json')
    assert.equal(ended.code, 0, ended.stderr)
    report = JSON.parse(ended.stdout)
    assert.ok(report.claims > 0)
    const shown = await tongchou('whatif', '--pack', draft, ...PERIOD, '--html', html)
    assert.equal(shown.code, 0, shown.stderr)
    for (const name of ['统筹基金 pooled', '现金 cash', 'treating region', 'level', 'age']) {
      assert.ok(shown.stdout.includes(name), name)
    }
    const [moved] = report.groups[0]?.moved ?? []
    assert.ok(moved !== undefined && shown.stdout.includes(moved.claimId))
    assert.match(shown.stderr, /3,000 claims in .* s/)
  })

  test('writes one file that needs nothing else, with the claims behind every group', () => {
    const page = readFileSync(html, 'utf8')
    assert.ok(page === htmlOf(report))
    const tags = page.replaceAll(/<script[^>]*>.*?<\/script>/gsu, '<script>').match(/<[^>]*>/gu)
    assert.deepEqual(
      tags?.filter(tag => /\s(?:src|href)=/u.test(tag)),
      [],
    )
    assert.match(page, /default-src 'none'/)
    const island = /<script type="application\/json" id="report">(.*?)<\/script>/u.exec(page)?.[1]
    assert.deepEqual(JSON.parse(island ?? ''), report)
    for (const { dimension, key, moved } of report.groups) {
      if (dimension === 'all' || moved.length === 0) continue
      assert.ok(page.includes(`id="${dimension}-${key}"`), `${dimension} ${key}`)
    }
    const hostile = { ...report, policy: { en: '</script>', zh: '<b>"&' } }
    assert.ok(!htmlOf(hostile).includes('<b>"'))
    assert.equal(htmlOf(hostile).split('</script>').length, page.split('</script>').length)
  })

  test('draws a chart of the funds and of each group', () => {
    const charts = chartsOf(report)
    assert.deepEqual(
      charts.map(({ dimension }) => dimension),
      [null, 'region', 'level', 'age', 'kind', 'status', 'month'],
    )
    for (const { option, title } of charts) {
      const chart = init(null, null, { renderer: 'svg', ssr: true, width: 800, height: 300 })
      chart.setOption(option)
      const drawn = chart.renderToSVGString()
      chart.dispose()
      for (const { name } of option['series'] as readonly { readonly name: string }[]) {
        assert.ok(drawn.includes(name), `${title}: ${name}`)
      }
    }
  })

  test('says what is wrong with a draft, a period, a file', async () => {
    const wrong = join(folder, 'wrong.json')
    const damaged = join(folder, 'damaged.run')
    writeFileSync(wrong, '{"form":"table"}')
    writeFileSync(damaged, '{')
    const rows: readonly (readonly [readonly string[], RegExp])[] = [
      [['--pack', wrong, ...PERIOD], /is refused.*policy check/],
      [['--pack', join(folder, 'none.json'), ...PERIOD], /is not there/],
      [['--pack', damaged, ...PERIOD], /is no JSON/],
      [['--pack', draft, '--from', '2025-02-30', '--to', '2025-03-01'], /2025-02-30 is no day/],
      [['--pack', draft, '--from', '2025-02-02', '--to', '2025-02-01'], /before it begins/],
      [['--pack', draft, ...PERIOD, '--region', '310100'], /of region 110100, not 310100/],
      [['--pack', draft, ...PERIOD, '--threads', '0'], /--threads is a number/],
      [['--pack', draft, ...PERIOD, '--checkpoint', damaged], /no checkpoint.*name another/],
    ]
    for (const [args, message] of rows) {
      const { code, stdout, stderr } = await tongchou('whatif', ...args)
      assert.deepEqual([code, stdout], [1, ''], stderr)
      assert.match(stderr, message)
    }
    assert.ok(existsSync(damaged))
  })
})

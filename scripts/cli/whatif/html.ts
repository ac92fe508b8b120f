/** A what-if report as one HTML file that needs nothing else: charts, tables, single claims. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { WhatIfGroupJson, WhatIfReportJson } from '@tongchou/contracts/http/whatif.ts'
import { yuan } from '../show.ts'
import { type Chart, chartsOf } from './charts.ts'
import { changesOf, signed } from './tables.ts'
import { DIMENSION_NAMES, payerName } from './words.ts'

const STYLE = `
body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto;
  max-width: 70rem; padding: 0 1rem; color: #1f2933 }
table { border-collapse: collapse; margin: .5rem 0 1rem } caption { text-align: left }
td, th { padding: .2rem .6rem; border-bottom: 1px solid #d9dee4; text-align: right }
td:first-child, th:first-child { text-align: left }
.chart { height: 22rem } .note { color: #52606d } code { font-size: 12px }
summary { cursor: pointer } details { margin: .2rem 0 }`

/** Draws the charts; a click on a bar opens the claims of its group. */
const SCRIPT = `
const charts = JSON.parse(document.getElementById('charts').textContent)
charts.forEach(({ dimension, option }, at) => {
  const chart = echarts.init(document.getElementById('chart-' + at))
  chart.setOption(option)
  addEventListener('resize', () => chart.resize())
  chart.on('click', ({ name }) => {
    const found = document.getElementById(dimension + '-' + name)
    if (found === null) return
    found.open = true
    found.scrollIntoView({ behavior: 'smooth', block: 'center' })
  })
})`

export function htmlOf(report: WhatIfReportJson): string {
  const { policy, regionCode, scheme, from, to, claims, scanned, packHash, upTo } = report
  const charts = chartsOf(report)
  const title = escaped(`${policy.zh}: ${from} … ${to}`)
  const csp = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
  return `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>政策测算 What-if: ${title}</h1>
<p>${escaped(`${policy.en} · ${regionCode} · ${scheme}`)}<br>
${claims.toLocaleString('en')} 笔按草案计算 claims computed under the draft,
${scanned.toLocaleString('en')} 笔浏览 looked at; <code>pack ${packHash}</code>,
<code>events up to ${upTo}</code>. 未写入任何账户 Nothing was written to any account.</p>
${fundsTable(report)}
${charts.map((chart, at) => section(report, chart, at)).join('\n')}
${leftOut(report)}
<script type="application/json" id="charts">${island(charts)}</script>
<script type="application/json" id="report">${island(report)}</script>
<script>${library()}</script>
<script>${SCRIPT}</script>
</body>
</html>
`
}

function section(report: WhatIfReportJson, { title, dimension }: Chart, at: number): string {
  const own = report.groups.filter(group => group.dimension === dimension)
  return `<h2>${escaped(title)}</h2>
<div class="chart" id="chart-${at}"></div>
${dimension === null ? '' : dimensionTable(own, dimension)}
${own.map(claimsOf).join('\n')}`
}

function fundsTable({ groups }: WhatIfReportJson): string {
  const all = groups.find(({ dimension }) => dimension === 'all')
  if (all === undefined) return '<p>没有符合条件的费用 No claim is of this region and scheme.</p>'
  const rows = all.payers.map(({ payer, beforeFen, afterFen, changeFen }) => [
    payerName(payer),
    yuan(beforeFen),
    yuan(afterFen),
    signed(changeFen),
  ])
  return tableOf(['基金 fund', '现行 now', '草案 draft', '变化 change'], rows)
}

function dimensionTable(groups: readonly WhatIfGroupJson[], dimension: string): string {
  const rows = groups.map(group => {
    const { funds, account, cash } = changesOf(group)
    return [
      group.key,
      String(group.claims),
      yuan(group.totalFen),
      ...[signed(funds), signed(account), signed(cash)],
      ...[String(group.up), String(group.down)],
    ]
  })
  const changes = ['基金变化 funds', '账户变化 account', '现金变化 cash']
  const heads = ['笔数 claims', '费用 yuan', ...changes, '增 up', '减 down']
  return tableOf([DIMENSION_NAMES[dimension] ?? dimension, ...heads], rows)
}

/** The drill-down: the claims of a group that move the funds most. */
function claimsOf({ dimension, key, moved, claims }: WhatIfGroupJson): string {
  if (moved.length === 0) return ''
  const rows = moved.map(claim => [
    claim.claimId,
    claim.endOn,
    yuan(claim.totalFen),
    yuan(claim.fundsBeforeFen),
    yuan(claim.fundsAfterFen),
    signed(claim.fundsAfterFen - claim.fundsBeforeFen),
    signed(claim.cashAfterFen - claim.cashBeforeFen),
  ])
  const id = escaped(`${dimension}-${key}`)
  const changes = ['变化 change', '现金 cash']
  const heads = ['claim', 'end', '费用 yuan', '现行 now', '草案 draft', ...changes]
  return `<details id="${id}"><summary>${escaped(key)}: 变化最大的费用 the ${moved.length} of
${claims} claims that change most</summary>
${tableOf(heads, rows)}</details>`
}

function leftOut({ notComputed }: WhatIfReportJson): string {
  if (notComputed.length === 0) return ''
  const rows = notComputed.map(({ path, claims, totalFen, example }) => [
    path,
    String(claims),
    yuan(totalFen),
    example,
  ])
  return `<h2>草案未写明 What the draft does not say</h2>
${tableOf(['政策包位置 place', '笔数 claims', '费用 yuan', '例 e.g.'], rows)}`
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (of: readonly string[], tag: string) =>
    `<tr>${of.map(cell => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  const body = rows.map(row => cells(row, 'td')).join('\n')
  return `<table><thead>${cells(heads, 'th')}</thead><tbody>\n${body}\n</tbody></table>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** JSON within a page: nothing in it can end the element. */
function island(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/** ECharts (Apache-2.0) with the charts and parts that most pages need. */
function library(): string {
  const path = createRequire(import.meta.url).resolve('echarts/dist/echarts.common.min.js')
  return readFileSync(path, 'utf8').replaceAll('</script', '<\\/script')
}

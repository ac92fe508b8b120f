/** What the charts of a what-if report show, as options of ECharts: plain JSON. */
import type { WhatIfReportJson } from '@tongchou/contracts/http/whatif.ts'
import { changesOf, dimensionsOf } from './tables.ts'
import { DIMENSION_NAMES, payerName } from './words.ts'

export type Chart = {
  readonly title: string
  /** Of the groups whose claims a click opens; null: bars are funds. */
  readonly dimension: string | null
  readonly option: Readonly<Record<string, unknown>>
}

const LOOK = {
  animation: false,
  tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
  legend: { bottom: 0 },
  grid: { left: 90, right: 20, top: 20, bottom: 60 },
}

export function chartsOf(report: WhatIfReportJson): readonly Chart[] {
  const ofFunds = fundsChart(report)
  const others = dimensionsOf(report).map(dimension => dimensionChart(report, dimension))
  return ofFunds === null ? others : [ofFunds, ...others]
}

function fundsChart({ groups }: WhatIfReportJson): Chart | null {
  const all = groups.find(({ dimension }) => dimension === 'all')
  if (all === undefined) return null
  const bars = (name: string, side: 'beforeFen' | 'afterFen') => ({
    ...{ name, type: 'bar', data: all.payers.map(payer => inYuan(payer[side])) },
  })
  const names = all.payers.map(({ payer }) => payerName(payer))
  return {
    title: '基金支付 what each pays (yuan)',
    dimension: null,
    option: {
      ...LOOK,
      xAxis: { type: 'category', data: names },
      yAxis: { type: 'value' },
      series: [bars('现行 now', 'beforeFen'), bars('草案 draft', 'afterFen')],
    },
  }
}

function dimensionChart({ groups }: WhatIfReportJson, dimension: string): Chart {
  const own = groups.filter(group => group.dimension === dimension)
  const bars = (name: string, part: 'funds' | 'account' | 'cash') => ({
    ...{ name, type: 'bar', data: own.map(group => inYuan(changesOf(group)[part])) },
  })
  return {
    title: `${DIMENSION_NAMES[dimension] ?? dimension}: 变化 change (yuan)`,
    dimension,
    option: {
      ...LOOK,
      xAxis: { type: 'category', data: own.map(({ key }) => key) },
      yAxis: { type: 'value' },
      series: [
        bars('基金 funds', 'funds'),
        bars('个人账户 account', 'account'),
        bars('现金 cash', 'cash'),
      ],
    },
  }
}

/** Only to be drawn: the tables beside it are exact. */
function inYuan(amountFen: number): number {
  return amountFen / 100
}

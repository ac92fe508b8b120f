/** A what-if report as tables for a terminal. */
import type { WhatIfGroupJson, WhatIfReportJson } from '@tongchou/contracts/http/whatif.ts'
import { table, yuan } from '../show.ts'
import { DIMENSION_NAMES, payerName } from './words.ts'

/** Claims of the whole that are listed; the HTML file and --json have those of every group. */
const CLAIMS_LISTED = 5

export function tablesOf(report: WhatIfReportJson): string {
  const { policy, packHash, regionCode, scheme, from, to, claims, scanned } = report
  const [all] = report.groups.filter(({ dimension }) => dimension === 'all')
  return [
    `${policy.zh} · ${regionCode} ${scheme} · ${from} … ${to} · pack ${packHash.slice(0, 16)}…`,
    `${claims.toLocaleString('en')} claims computed, ${scanned.toLocaleString('en')} looked at`,
    ...(all === undefined ? ['No claim of the period is of this region and scheme.'] : byFund(all)),
    ...dimensionsOf(report).map(dimension => byDimension(report, dimension)),
    ...(all === undefined || all.moved.length === 0 ? [] : [movedOf(all)]),
    ...leftOut(report),
  ].join('\n')
}

function byFund({ payers, up, down, claims }: WhatIfGroupJson): readonly string[] {
  const rows = payers.map(({ payer, beforeFen, afterFen, changeFen }) => [
    payerName(payer),
    yuan(beforeFen),
    yuan(afterFen),
    signed(changeFen),
    portion(changeFen, beforeFen),
  ])
  return [
    table(['基金 fund', '现行 now', '草案 draft', '变化 change', '%'], rows),
    `Funds pay more for ${up}, less for ${down}, the same for ${claims - up - down} claims.`,
  ]
}

export function dimensionsOf({ groups }: WhatIfReportJson): readonly string[] {
  return [...new Set(groups.map(({ dimension }) => dimension))].filter(name => name !== 'all')
}

function byDimension({ groups }: WhatIfReportJson, dimension: string): string {
  const rows = groups
    .filter(group => group.dimension === dimension)
    .map(group => {
      const { funds, account, cash } = changesOf(group)
      const sums = [signed(funds), signed(account), signed(cash)]
      return [group.key, group.claims, yuan(group.totalFen), ...sums]
    })
  const name = DIMENSION_NAMES[dimension] ?? dimension
  const heads = ['费用 yuan', '基金 funds', '账户 account', '现金 cash']
  return table([name, '笔数 claims', ...heads], rows)
}

export type Changes = { readonly funds: number; readonly account: number; readonly cash: number }

/** What funds, account and cash change by; they sum to 0. */
export function changesOf({ payers }: WhatIfGroupJson): Changes {
  let funds = 0
  let [account, cash] = [0, 0]
  for (const { payer, changeFen } of payers) {
    if (payer === 'account') account += changeFen
    else if (payer === 'cash') cash += changeFen
    else funds += changeFen
  }
  return { funds, account, cash }
}

function movedOf({ moved }: WhatIfGroupJson): string {
  const rows = moved
    .slice(0, CLAIMS_LISTED)
    .map(({ claimId, endOn, totalFen, fundsBeforeFen, fundsAfterFen }) => [
      claimId,
      endOn,
      yuan(totalFen),
      yuan(fundsBeforeFen),
      yuan(fundsAfterFen),
      signed(fundsAfterFen - fundsBeforeFen),
    ])
  const heads = ['end', 'yuan', 'funds now', 'funds draft', 'change']
  return table(['claims that change most (tongchou explain ID)', ...heads], rows)
}

function leftOut({ notComputed }: WhatIfReportJson): readonly string[] {
  if (notComputed.length === 0) return []
  const rows = notComputed.map(({ path, claims, totalFen, example }) => [
    path,
    claims,
    yuan(totalFen),
    example,
  ])
  return [table(['the draft does not say', 'claims', 'yuan', 'e.g.'], rows)]
}

export function signed(amountFen: number): string {
  return `${amountFen > 0 ? '+' : ''}${yuan(amountFen)}`
}

/** Percent with two decimals, cut off. */
function portion(changeFen: number, ofFen: number): string {
  if (ofFen === 0) return '–'
  const [change, whole] = [BigInt(changeFen), BigInt(ofFen)]
  return signed(Number((change * 10_000n) / whole))
}

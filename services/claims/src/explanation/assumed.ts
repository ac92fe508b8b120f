/**
 * What the amount of a claim rests on, by name: told with a pre-settlement, and compared with what
 * the settlement rests on. Nothing is stored for it: who asked keeps the text and hands it back.
 */
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import type { AssumptionJson, ChangeJson } from '@tongchou/contracts/http/account.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { Plan } from '../policy/plan/plan.ts'

type Value = AssumptionJson['value']
type Values = Readonly<Record<string, Value>>

const WORDS = {
  packHash: { en: 'policy pack', zh: '政策包' },
  insuredRegion: { en: 'insured region', zh: '参保地' },
  treatingRegion: { en: 'treating region', zh: '就医地' },
  scheme: { en: 'scheme', zh: '险种' },
  status: { en: 'status of the person', zh: '人员类别' },
  kind: { en: 'kind of claim', zh: '医疗类别' },
  level: { en: 'level of the institution', zh: '医院级别' },
  filing: { en: 'filing', zh: '备案情形' },
  year: { en: 'year of the claim', zh: '待遇年度' },
  emergency: { en: 'emergency', zh: '急诊' },
  useAccount: { en: 'personal account used', zh: '使用个人账户' },
  fullSelfFen: { en: 'outside the catalogue', zh: '全自费' },
  overLimitFen: { en: 'above price limits', zh: '超限价' },
  firstShareFen: { en: 'first shares', zh: '先行自付' },
  inScopeFen: { en: 'in scope', zh: '政策范围内费用' },
  totalFen: { en: 'total', zh: '费用总额' },
  accountBeforeFen: { en: 'balance of the personal account', zh: '个人账户余额' },
} as const satisfies Readonly<Record<string, Text>>

const TOTALS = 'totals.'
const ATTRIBUTES = 'attributes.'

export function assumedBy(event: ClaimAdjudicated): readonly AssumptionJson[] {
  return Object.entries(valuesOf(event)).map(([name, value]) => ({
    name,
    ...wordsFor(name),
    value,
  }))
}

function valuesOf(event: ClaimAdjudicated): Values {
  const { packHash, insuredRegion, treatingRegion, scheme, status, kind, filing, year } = event
  const { level, emergency, useAccount, attributes, history } = event.facts
  const totals = Object.entries(event.before).map(([name, amount]) => [
    `${TOTALS}${name}`,
    fenToJson(fen(amount)),
  ])
  const others = Object.entries({ ...attributes, ...history }).map(([name, text]) => [
    `${ATTRIBUTES}${name}`,
    text,
  ])
  return {
    ...{ packHash, insuredRegion, treatingRegion, scheme, status, kind, level, filing, year },
    ...{ emergency, useAccount },
    fullSelfFen: fenToJson(event.fullSelfFen),
    overLimitFen: fenToJson(event.overLimitFen),
    firstShareFen: fenToJson(event.firstShareFen),
    inScopeFen: fenToJson(event.inScopeFen),
    totalFen: fenToJson(event.totalFen),
    accountBeforeFen: fenToJson(event.balanceBeforeFen),
    ...Object.fromEntries([...totals, ...others]),
  }
}

function isNamed(name: string): name is keyof typeof WORDS {
  return Object.hasOwn(WORDS, name)
}

function wordsFor(name: string): Text {
  if (isNamed(name)) return WORDS[name]
  const own = name.slice(name.indexOf('.') + 1)
  return name.startsWith(TOTALS)
    ? { en: `used in the year: ${own}`, zh: `年度累计：${own}` }
    : { en: `fact ${own}`, zh: `其他事实：${own}` }
}

/** The text to hand back: base64url of the values as JSON. */
export function presettlementOf(event: ClaimAdjudicated): string {
  return Buffer.from(JSON.stringify(valuesOf(event))).toString('base64url')
}

/** Undefined when the text is none that `presettlementOf` made. */
export function readPresettlement(text: string): Values | undefined {
  const values = parsed(Buffer.from(text, 'base64url').toString('utf8'))
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined
  const known = Object.entries(values).every(
    ([name, value]) =>
      (isNamed(name) || name.startsWith(TOTALS) || name.startsWith(ATTRIBUTES)) && isValue(value),
  )
  return known && 'packHash' in values ? (values as Values) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isValue(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** What the settlement rests on otherwise; a total that is named on one side only is 0. */
export function changesSince(assumed: Values, event: ClaimAdjudicated): readonly ChangeJson[] {
  const settled = valuesOf(event)
  const names = new Set([...Object.keys(settled), ...Object.keys(assumed)])
  return [...names].flatMap(name => {
    const absent = name.startsWith(TOTALS) ? 0 : null
    const change = { assumed: assumed[name] ?? absent, settled: settled[name] ?? absent }
    return change.assumed === change.settled ? [] : [{ name, ...wordsFor(name), ...change }]
  })
}

/** Last end date that this pack and this year's totals hold for. */
export function validTo({ year }: ClaimAdjudicated, plan: Plan | undefined): string {
  const yearEnd = `${year}-12-31`
  const packEnd = plan?.effectiveTo ?? yearEnd
  return packEnd < yearEnd ? packEnd : yearEnd
}

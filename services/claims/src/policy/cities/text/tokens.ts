/** Cuts a sentence into the words and figures that say something of benefits. */
import type { CityLevel } from '@tongchou/contracts/city/city-document.ts'
import type { Scheme } from '../../facts.ts'
import { scaled } from '../decimal.ts'
import type { Block, Status, What } from './statements.ts'

export type Token =
  | { readonly kind: 'scheme'; readonly scheme: Scheme | null }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'what'; readonly what: What }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'level'; readonly levels: readonly CityLevel[] }
  | { readonly kind: 'respectively' | 'raised' | 'other' | 'without' }
  | { readonly kind: 'pause'; readonly mark: string }
  | {
      readonly kind: 'figure'
      readonly unit: 'yuan' | 'percent'
      readonly low: bigint
      readonly high: bigint
    }

const PRIMARY: readonly CityLevel[] = ['community']
const UP_TO_1: readonly CityLevel[] = ['community', 'tier1']
const UP_TO_2: readonly CityLevel[] = ['community', 'tier1', 'tier2']
const FROM_2: readonly CityLevel[] = ['tier2', 'tier3', 'tier3_top']
const ANY_3: readonly CityLevel[] = ['tier3', 'tier3_top']

const words = (kind: Token, ...patterns: readonly string[]): readonly [string, Token][] =>
  patterns.map(pattern => [pattern, kind])
const level = (levels: readonly CityLevel[], ...patterns: readonly string[]) =>
  words({ kind: 'level', levels }, ...patterns)

/** Longer words before the shorter ones that they hold. */
const WORDS: readonly (readonly [string, Token])[] = [
  ...level(['tier3_top'], '三级特等', '省属三级', '省级三级', '省级三甲', '三级甲等', '省部属'),
  ...level(['tier3_top'], '三甲'),
  ...level(['tier3'], '市属三级', '市级三级', '州属三级', '三级乙等', '三级普通', '三乙'),
  ...level(FROM_2, '二级及以上'),
  ...level(['tier2'], '二级及其他'),
  ...level(UP_TO_2, '二级及以下'),
  ...level(UP_TO_1, '一级及以下', '一级以下', '一级及基层', '一级及社区'),
  ...level(UP_TO_1, '基层及一级', '社区/一级', '社康中心/一级'),
  ...level(ANY_3, '三级'),
  ...level(['tier2'], '二级'),
  ...level(['tier1'], '一级'),
  ...level(PRIMARY, '基层', '社区', '乡镇卫生院', '乡级', '社康'),
  ...words({ kind: 'pause', mark: '' }, '在岗职工'),
  ...words({ kind: 'scheme', scheme: 'employee' }, '职工医保', '在职职工', '参保职工', '职工'),
  ...words({ kind: 'scheme', scheme: 'resident' }, '居民'),
  ...words({ kind: 'scheme', scheme: null }, '基本医保', '基本统筹'),
  ...words({ kind: 'status', status: 'active' }, '在职'),
  ...words({ kind: 'status', status: 'retired' }, '退休'),
  ...words({ kind: 'other' }, '门诊特定病种', '大额', '附加', '超过', '降低', '下浮', '慢特病'),
  ...words({ kind: 'other' }, '高档', '学生', '老人', '以上至', '递减', '第二次', '二次及'),
  ...words({ kind: 'other' }, '村卫生室', '70岁', '零售药店', '其他'),
  ...words({ kind: 'block', block: 'outpatient' }, '门急诊', '门诊'),
  ...words({ kind: 'block', block: 'inpatient' }, '住院'),
  ...words({ kind: 'block', block: 'catastrophic' }, '大病保险'),
  ...words({ kind: 'without' }, '免起付', '免设门诊起付', '不设起付', '无起付', '无门诊起付'),
  ...words({ kind: 'what', what: 'deductible' }, '起付', '自负段'),
  ...words({ kind: 'what', what: 'cap' }, '限额', '封顶', '最高报销'),
  ...words({ kind: 'what', what: 'rate' }, '支付比例', '报销', '比例'),
  ...words({ kind: 'respectively' }, '分别', '提高至'),
  ...words({ kind: 'raised' }, '提高', '上浮', '增加', '各加', '加'),
]
const TOKEN_OF = new Map(WORDS)

/** A bound of a band, or a part of something else, is no figure of a benefit. */
const NO_FIGURE_AFTER =
  '(?<![\\d.]|按|超|工资的|收入|不低于|起付线至|起付线累计|不超过|平均约|超额约)'
const NO_FIGURE_BEFORE = '(?!以上)'
const FIGURE =
  `${NO_FIGURE_AFTER}(?<low>\\d+(?:\\.\\d+)?)(?:%?[-~至](?<high>\\d+(?:\\.\\d+)?))?` +
  `(?<unit>万元|元|%|个?百分点)${NO_FIGURE_BEFORE}`
const SCAN = new RegExp(
  `(?<word>${WORDS.map(([word]) => word).join('|')})|${FIGURE}|(?<mark>[，；、（）])`,
  'g',
)

export function* tokensOf(sentence: string): Generator<Token> {
  const namesTop = TOP.test(sentence)
  const ordered = sentence.replaceAll(LEVEL_AFTER, '$2$1')
  for (const { groups } of ordered.matchAll(SCAN)) {
    if (groups === undefined) continue
    const { word, low, high, unit, mark } = groups
    const token = word === undefined ? undefined : TOKEN_OF.get(word)
    if (word === '在职职工') yield { kind: 'scheme', scheme: 'employee' }
    if (word === '三级' && namesTop) yield BELOW_TOP
    else if (token !== undefined) yield word === '在职职工' ? ACTIVE : token
    else if (mark !== undefined) yield { kind: 'pause', mark }
    else if (low !== undefined && unit !== undefined) yield figure(low, high ?? low, unit)
  }
}

/** 200元（一级及以下）: the level behind the figure. */
const LEVEL_AFTER = /(\d+元)（([^（）\d]*级[^（）\d]*)）/g
const ACTIVE: Token = { kind: 'status', status: 'active' }
/** Where a sentence tells the highest hospitals apart, its plain 三级 means the others. */
const TOP = /三级特等|省[级属]三级|三级甲等|省部属|三甲/
const BELOW_TOP: Token = { kind: 'level', levels: ['tier3'] }

/** Fen, or basis points. */
function figure(low: string, high: string, unit: string): Token {
  const money = unit.endsWith('元')
  const places = money ? (unit.startsWith('万') ? 6 : 2) : 2
  return {
    kind: 'figure',
    unit: money ? 'yuan' : 'percent',
    low: scaled(low, places),
    high: scaled(high, places),
  }
}

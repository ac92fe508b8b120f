/** Words of explanations that are read by people, in both languages. */
import type { Text } from '@tongchou/contracts/policy-document.ts'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** Who pays, by the last part of a fund's name. */
export const PAYERS: Readonly<Record<string, Text>> = {
  pooled: { en: 'the pooled fund', zh: '统筹基金' },
  catastrophic: { en: 'critical illness insurance', zh: '大病保险' },
  largeAmount: { en: 'the large-amount fund', zh: '大额医疗费用补助' },
  civilServant: { en: 'the civil-servant subsidy', zh: '公务员医疗补助' },
  assistance: { en: 'medical assistance', zh: '医疗救助' },
  account: { en: 'your personal account', zh: '个人账户' },
}

/** What the catalogue made of the amount, in the order in which people are told. */
export const PARTS = {
  fullSelfFen: { en: 'outside the catalogue, all yours', zh: '目录外全自费' },
  overLimitFen: { en: 'above a price limit, yours', zh: '超限价自费' },
  firstShareFen: { en: 'first share of class B items', zh: '乙类先行自付' },
  inScopeFen: { en: 'in scope of the insurance', zh: '政策范围内费用' },
} as const satisfies Readonly<Record<string, Text>>

/** What a step was computed from; a name that is missing here stands as it is. */
export const INPUTS: Readonly<Record<string, Text>> = {
  insuredRegion: { en: 'insured region', zh: '参保地' },
  treatingRegion: { en: 'treating region', zh: '就医地' },
  factorBp: { en: 'factor for treatment elsewhere', zh: '异地系数' },
  count: { en: 'stays counted', zh: '住院次数口径' },
  level: { en: 'level', zh: '医院级别' },
  inScopeFen: { en: 'in scope', zh: '政策范围内费用' },
  per: { en: 'counted', zh: '计算方式' },
  lessFen: { en: 'borne before in this episode', zh: '本次诊疗已负担' },
  position: { en: 'stays before', zh: '此前住院次数' },
  usedFen: { en: 'used before', zh: '此前已用' },
  entryFen: { en: 'of this stay or year', zh: '本次或本年标准' },
  paidOn: { en: 'premium paid on', zh: '缴费日' },
  firstDay: { en: 'entitled from', zh: '享受待遇起始日' },
  beginOn: { en: 'begins on', zh: '就医开始日' },
  overlapFen: { en: 'amount in the band', zh: '本段费用' },
  beforeFen: { en: 'running total before', zh: '此前累计' },
  startFen: { en: 'band from', zh: '分段起点' },
  toFen: { en: 'band to', zh: '分段终点' },
  rateBp: { en: 'rate', zh: '比例' },
  stated: { en: 'whose rate', zh: '比例归属' },
  basis: { en: 'shares', zh: '分担口径' },
  basisFen: { en: 'amount to share', zh: '待分担费用' },
  insideFen: { en: 'inside the bands', zh: '分段内费用' },
  capFen: { en: 'cap', zh: '封顶线' },
  dueFen: { en: 'due', zh: '应付' },
  unpaidFen: { en: 'not paid yet', zh: '尚未支付' },
  balanceFen: { en: 'balance', zh: '账户余额' },
  heldFen: { en: 'of it credited this year', zh: '其中当年计入' },
  openFen: { en: 'may be paid from it', zh: '可用账户支付' },
  totalFen: { en: 'total', zh: '总费用' },
  fundsFen: { en: 'paid by funds', zh: '基金支付' },
  accountFen: { en: 'paid from the account', zh: '个人账户支付' },
}

/** Sentences with `{}` for what changes. */
export const PHRASES = {
  title: { en: 'How your bill was settled', zh: '医疗费用结算说明' },
  clerkTitle: { en: 'Computation of claim {}', zh: '结算计算过程：{}' },
  undone: { en: 'This settlement was undone afterwards.', zh: '本次结算其后已撤销。' },
  total: { en: 'Total: {}', zh: '费用总额：{}' },
  deductible: {
    en: 'Deductible, which you bear before the insurance pays: {}',
    zh: '起付线（由个人负担）：{}',
  },
  paid: { en: 'Paid by {}: {}', zh: '{}支付：{}' },
  cash: { en: 'You pay in cash: {}', zh: '个人现金支付：{}' },
  lines: { en: 'Item by item', zh: '逐项明细' },
  line: { en: '{}: {}, of which you pay in cash {}', zh: '{}：{}，其中现金支付 {}' },
  policy: { en: 'Policy: {}', zh: '依据政策：{}' },
  pack: { en: 'Pack {}', zh: '政策包版本 {}' },
  documents: { en: 'Documents', zh: '文件依据' },
  from: { en: 'from', zh: '由' },
  clause: { en: 'clause', zh: '条款' },
  reading: { en: 'read as', zh: '解读' },
  rounding: { en: 'rounded to the fen, halves up', zh: '四舍五入至分' },
  partOf: { en: 'goes into step {}', zh: '计入第 {} 步' },
  assumption: { en: 'Assumption: {}', zh: '假设：{}' },
} as const satisfies Readonly<Record<string, Text>>

export function phrase(of: Text, language: Language, ...values: readonly string[]): string {
  let at = 0
  return of[language].replaceAll('{}', () => values[at++] ?? '')
}

/** Fen as yuan with two decimals and separators. */
export function money(amountFen: number, language: Language): string {
  const text = String(Math.abs(amountFen)).padStart(3, '0')
  const whole = text.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  const yuan = `${amountFen < 0 ? '-' : ''}${whole}.${text.slice(-2)}`
  return language === 'zh' ? `${yuan} 元` : `${yuan} yuan`
}

export const ANSWERS = {
  yes: { en: 'yes', zh: '是' },
  no: { en: 'no', zh: '否' },
} as const satisfies Readonly<Record<string, Text>>

/** Basis points as percent, without trailing zeros. */
export function percent(bp: number): string {
  const text = String(bp).padStart(3, '0')
  const decimals = text.slice(-2).replace(/0+$/, '')
  return `${text.slice(0, -2)}${decimals === '' ? '' : `.${decimals}`} %`
}

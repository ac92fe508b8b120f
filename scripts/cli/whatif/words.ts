/** Names of what a what-if report shows, in both languages. */

export const DIMENSION_NAMES: Readonly<Record<string, string>> = {
  all: '总计 all',
  region: '就医地 treating region',
  level: '医院级别 level',
  age: '年龄 age',
  kind: '医疗类别 kind',
  status: '人员类别 status',
  month: '月份 month',
}

const PAYER_NAMES: Readonly<Record<string, string>> = {
  pooled: '统筹基金 pooled',
  catastrophic: '大病保险 catastrophic',
  largeAmount: '大额补助 large amount',
  civilServant: '公务员补助 civil servant',
  assistance: '医疗救助 assistance',
  account: '个人账户 account',
  cash: '现金 cash',
}

/** A fund by its last part; one that is unknown stands as it is. */
export function payerName(payer: string): string {
  return PAYER_NAMES[payer.split('.').at(-1) ?? payer] ?? payer
}

/**
 * Why a policy document is refused when it is loaded: where, which rule, what to do. In two
 * languages.
 */
import type { Text } from '../../policy-document.ts'

export type Problem = {
  readonly path: string
  readonly rule: ProblemRule
  readonly found: string
  readonly says: Text
  readonly todo: Text
}

type Wording = { readonly says: Text; readonly todo: Text }

const WORDING = {
  shape: {
    says: { en: 'the document has another shape than its schema', zh: '文件结构与模式不符' },
    todo: {
      en: 'correct the field named by the path as the schema in contracts/policies says',
      zh: '按 contracts/policies 中的模式修改路径所指字段',
    },
  },
  'rate-out-of-range': {
    says: { en: 'a rate lies outside 0 to 10000 basis points', zh: '比例不在 0 至 10000 之间' },
    todo: { en: 'write 85 % as 8500', zh: '85% 应写为 8500' },
  },
  'not-a-date': {
    says: { en: 'this is no calendar day', zh: '不是有效日期' },
    todo: { en: 'write a day that exists, as YYYY-MM-DD', zh: '填写真实日期，格式 YYYY-MM-DD' },
  },
  'ends-before-it-begins': {
    says: { en: 'the policy ends before it takes effect', zh: '失效日期早于生效日期' },
    todo: { en: 'correct effectiveFrom or effectiveTo', zh: '修改 effectiveFrom 或 effectiveTo' },
  },
  'ladder-empty': {
    says: { en: 'the deductible ladder has no entry', zh: '起付线阶梯为空' },
    todo: {
      en: 'give at least the first stay; 0 means none',
      zh: '至少填写第一次住院，0 表示无起付线',
    },
  },
  'no-bands': {
    says: { en: 'the layer has no band', zh: '该层没有分段' },
    todo: { en: 'give at least one band, the last may be open', zh: '至少填写一段，末段可不封顶' },
  },
  'bands-not-ascending': {
    says: { en: 'a band ends at or below its beginning', zh: '分段上限不高于下限' },
    todo: {
      en: 'order the bands so that each ends above the one before',
      zh: '各段上限须逐段递增',
    },
  },
  'open-band-not-last': {
    says: { en: 'a band without end is followed by another', zh: '不封顶的分段之后还有分段' },
    todo: { en: 'give it an end, or make it the last', zh: '填写上限，或移至最后' },
  },
  'unknown-status': {
    says: { en: 'this status does not belong to the scheme', zh: '该险种没有此人员类别' },
    todo: {
      en: 'employee: active, retired; resident: adult, child',
      zh: '职工：active、retired；居民：adult、child',
    },
  },
  'status-missing': {
    says: { en: 'a status of the scheme has no figures', zh: '缺少某一人员类别的数字' },
    todo: { en: 'fill in both statuses of the scheme', zh: '填写该险种的全部人员类别' },
  },
  'unknown-level': {
    says: { en: 'this is no level of an institution', zh: '没有此医院级别' },
    todo: {
      en: 'use community, tier1, tier2, tier3 or tier3_top',
      zh: '使用 community、tier1、tier2、tier3 或 tier3_top',
    },
  },
  'unknown-filing': {
    says: { en: 'this is no filing branch', zh: '没有此备案情形' },
    todo: {
      en: 'use local, deemed, longTerm, transfer, unfiledEmergency or unfiled',
      zh: '使用 local、deemed、longTerm、transfer、unfiledEmergency 或 unfiled',
    },
  },
  'key-twice': {
    says: { en: 'two entries of a choice have the same key', zh: '同一选项出现两次' },
    todo: { en: 'keep one of them', zh: '只保留一项' },
  },
  'not-an-age-range': {
    says: {
      en: 'age ranges must be written from..to and ascend',
      zh: '年龄段须写作 from..to 且递增',
    },
    todo: { en: 'write for example ..35, 36..45, 46..', zh: '例如 ..35、36..45、46..' },
  },
  'unknown-clause': {
    says: { en: 'the clause is not listed under clauses', zh: '所引条款未列入 clauses' },
    todo: { en: 'list it with document and quote', zh: '在 clauses 中列出文件与原文' },
  },
  'unknown-document': {
    says: { en: 'the document is not listed under documents', zh: '所引文件未列入 documents' },
    todo: { en: 'list it with title and number', zh: '在 documents 中列出标题与文号' },
  },
  'unknown-reading': {
    says: { en: 'the reading is not listed under readings', zh: '所引解读未列入 readings' },
    todo: { en: 'list it in both languages', zh: '在 readings 中用两种语言写明' },
  },
  'number-without-source': {
    says: { en: 'a number names neither clause nor reading', zh: '数字未注明条款或解读' },
    todo: {
      en: 'add clause, or reading where it is an assumption',
      zh: '注明 clause；属假设的注明 reading',
    },
  },
  'unknown-without-reason': {
    says: { en: 'a number is null and nothing says why', zh: '数字为空且未说明原因' },
    todo: { en: 'say under missing what is not known', zh: '在 missing 中写明缺什么' },
  },
  'not-one-figure': {
    says: { en: 'exactly one figure is needed here', zh: '此处须且仅须一个数字' },
    todo: {
      en: 'keep one of fundBp and personBp, fen and unlimited, fen and baseBp',
      zh: 'fundBp 与 personBp、fen 与 unlimited、fen 与 baseBp 只能取其一',
    },
  },
  'unknown-attribute': {
    says: { en: 'the attribute is not declared', zh: '未声明该属性' },
    todo: { en: 'declare it under attributes', zh: '在 attributes 中声明' },
  },
  'unknown-layer': {
    says: { en: 'the layer it takes from does not come before it', zh: '所依据的层不在其之前' },
    todo: { en: 'name the id of an earlier layer', zh: '填写前面某层的 id' },
  },
  'layer-twice': {
    says: { en: 'two layers have the same id', zh: '两层的 id 相同' },
    todo: { en: 'give each layer its own id', zh: '各层使用不同的 id' },
  },
  'cap-without-measure': {
    says: { en: 'the cap does not fit the measure of the bands', zh: '封顶类别与分段口径不符' },
    todo: {
      en: 'fundPayment needs counts, eligibleAboveDeductible its measure, others a cost measure',
      zh: 'fundPayment 须有 counts；eligibleAboveDeductible 须以 aboveDeductibleFen 计；其余须以费用计',
    },
  },
  'diseases-without-limits': {
    says: {
      en: 'the cap counts limits of diseases, and none are given',
      zh: '封顶线按病种限额计算，但未列限额',
    },
    todo: {
      en: 'list them under chronicLimit.limits',
      zh: '在 chronicLimit.limits 中列出各病种限额',
    },
  },
  'factor-on-person-share': {
    says: {
      en: 'the remote factor multiplies fund rates only',
      zh: '异地系数只能乘以基金支付比例',
    },
    todo: {
      en: 'write the rates as fundBp, or drop remoteFactor',
      zh: '比例改写为 fundBp，或去掉 remoteFactor',
    },
  },
  'not-a-range': {
    says: {
      en: 'a range must be written from..to and the ranges ascend',
      zh: '范围须写作 from..to 且递增',
    },
    todo: { en: 'write for example ..1, 2.. or 2017-01-01..', zh: '例如 ..1、2.. 或 2017-01-01..' },
  },
  'unknown-total': {
    says: { en: 'this running total is not known', zh: '没有此累计项' },
    todo: {
      en: 'use a total of the engine, or declare it under counters as own.<name>',
      zh: '使用引擎的累计项，或在 counters 中声明后写作 own.<名称>',
    },
  },
  'unknown-kind': {
    says: { en: 'this is no kind of claim', zh: '没有此费用类别' },
    todo: {
      en: 'use inpatient, outpatient, chronic or pharmacy',
      zh: '使用 inpatient、outpatient、chronic 或 pharmacy',
    },
  },
  'not-a-flag': {
    says: { en: 'this is neither true nor false', zh: '此处须为 true 或 false' },
    todo: { en: 'use true and false as keys', zh: '以 true 与 false 为键' },
  },
  'base-not-one': {
    says: { en: 'a contribution base is none or several', zh: '缴费基数须且仅须一种' },
    todo: {
      en: 'give floor and ceiling, or amount, or given',
      zh: '填写 floor 与 ceiling，或 amount，或 given',
    },
  },
  'unknown-due': {
    says: {
      en: 'the part it is the rest of does not come before it',
      zh: '所扣减的缴费项不在其之前',
    },
    todo: { en: 'name the id of an earlier part', zh: '填写前面某项的 id' },
  },
  'supersedes-itself': {
    says: { en: 'a pack cannot supersede itself', zh: '政策包不能取代自身' },
    todo: { en: 'name the pack that it takes the place of', zh: '填写被取代的政策包' },
  },
  'benefit-without-scheme': {
    says: {
      en: 'a pack of no one scheme cannot say what a claim is paid',
      zh: '未限定险种的政策包不能规定待遇',
    },
    todo: {
      en: 'say missing here, or write one pack for each scheme',
      zh: '在此注明 missing，或按险种分别编写',
    },
  },
  'unknown-parent': {
    says: { en: 'the pack it builds on is not known here', zh: '所依据的上级政策包未知' },
    todo: {
      en: 'hand in the parent with it, or send the resolved pack',
      zh: '一并提供上级政策包，或提交合并后的政策包',
    },
  },
  'other-parent': {
    says: { en: 'the pack it builds on has another content', zh: '所依据的上级政策包内容不符' },
    todo: { en: 'compare with the parent and correct its hash', zh: '与上级政策包核对后更正 hash' },
  },
  'override-nowhere': {
    says: { en: 'the parent has no such place', zh: '上级政策包没有此位置' },
    todo: { en: 'name a place of the parent by its path', zh: '按路径填写上级政策包中的位置' },
  },
  'origin-differs': {
    says: {
      en: 'the parent lists the same name with another content',
      zh: '上级政策包中同名条目内容不同',
    },
    todo: { en: 'use another name', zh: '改用其他名称' },
  },
  'guard-broken': {
    says: { en: 'a binding rule on packs is broken', zh: '违反对政策包的强制规定' },
    todo: { en: 'correct the figure that the path names', zh: '修改路径所指数字' },
  },
  'rate-change-in-surplus': {
    says: {
      en: 'contribution rates may change only while the pooled fund runs a deficit',
      zh: '仅统筹基金当期收不抵支时方可调整缴费费率',
    },
    todo: {
      en: 'keep the rates, or show the deficit of the period',
      zh: '维持原费率，或提供当期赤字依据',
    },
  },
  'other-place': {
    says: {
      en: 'the pack it takes the place of is of another scheme or region',
      zh: '被取代的政策包属于其他险种或统筹区',
    },
    todo: { en: 'name the pack of the same scheme and region', zh: '应为同一险种和统筹区的政策包' },
  },
  'supersedes-other': {
    says: { en: 'the pack names another one as superseded', zh: '政策包所注明的被取代对象不同' },
    todo: {
      en: 'correct supersedes, or the pack that is replaced',
      zh: '更正 supersedes 或被取代的政策包',
    },
  },
  'not-later': {
    says: {
      en: 'the pack does not take effect after the one it replaces',
      zh: '生效日期不晚于被取代的政策包',
    },
    todo: {
      en: 'give it a later effectiveFrom; a correction of the same day names it in supersedes',
      zh: '填写更晚的 effectiveFrom；同日更正须在 supersedes 中注明被取代的政策包',
    },
  },
} as const satisfies Record<string, Wording>

export type ProblemRule = keyof typeof WORDING

export function problem(path: string, rule: ProblemRule, found: string): Problem {
  return { path, rule, found, ...WORDING[rule] }
}

/** What the rules over a city's file find, in two languages, and what to do about it. */
import type { ConflictDocument, Text } from '@tongchou/contracts/policy-document.ts'

type Wording = {
  /** `note`: a reading to know of; `warning`: the source contradicts itself or lacks something. */
  readonly level: 'warning' | 'note'
  readonly says: Text
  readonly todo: Text
}

const ASK_SOURCE: Text = {
  en: 'look the figure up in the document itself',
  zh: '查阅文件原文核对',
}
const KNOW: Text = { en: 'nothing; the pack says how it is read', zh: '无须处理；政策包已注明解读' }

export const WORDING = {
  'figure-against-text': {
    level: 'warning',
    says: {
      en: 'the figure of the field differs from the text',
      zh: '字段数字与文字不一致',
    },
    todo: ASK_SOURCE,
  },
  'retiree-only-in-text': {
    level: 'warning',
    says: {
      en: 'the figure for retirees stands in a text only, in no field',
      zh: '退休人员数字仅见于文字，无对应字段',
    },
    todo: { en: 'add the field, if the text is right', zh: '如文字无误，补充字段' },
  },
  'visit-only-in-text': {
    level: 'warning',
    says: {
      en: 'the text says that the deductible is for each visit; no field says so',
      zh: '文字为次均起付，字段未注明',
    },
    todo: { en: 'set deductibleType', zh: '填写 deductibleType' },
  },
  'annual-deductible-against-levels': {
    level: 'warning',
    says: {
      en: 'the deductible of the year is not the highest of its levels',
      zh: '年度起付线与各级别起付线的最高值不一致',
    },
    todo: ASK_SOURCE,
  },
  'annual-deductible-missing': {
    level: 'note',
    says: {
      en: 'no deductible of the year is given; that of the level is used',
      zh: '未给出年度起付线，使用各级别数字',
    },
    todo: KNOW,
  },
  'zero-rate': {
    level: 'note',
    says: { en: 'the rate 0 means that the level is not covered', zh: '比例为0表示该级别不予支付' },
    todo: KNOW,
  },
  'level-missing': {
    level: 'warning',
    says: { en: 'no figures are given for a level', zh: '缺少某一级别的数字' },
    todo: {
      en: 'add the level; 0 where it is not covered',
      zh: '补充该级别；不予支付的填 0',
    },
  },
  'document-missing': {
    level: 'warning',
    says: { en: 'the block names no document', zh: '该部分未注明文件' },
    todo: { en: 'name the document in sourceDocId', zh: '在 sourceDocId 注明文件' },
  },
  'document-unknown': {
    level: 'warning',
    says: { en: 'the document is not listed in the file', zh: '所引文件未列入 sourceDocs' },
    todo: { en: 'list it under sourceDocs', zh: '列入 sourceDocs' },
  },
  'document-superseded': {
    level: 'warning',
    says: { en: 'the block rests on a superseded document', zh: '所依据的文件已废止' },
    todo: { en: 'name the one in force', zh: '改用现行文件' },
  },
  'document-of-other-scheme': {
    level: 'warning',
    says: {
      en: 'the block rests on a document whose title is of the other scheme',
      zh: '所依据文件的标题属于另一险种',
    },
    todo: { en: 'name the document of this scheme', zh: '改引本险种文件' },
  },
  'effective-before-published': {
    level: 'note',
    says: {
      en: 'the document took effect before it was published',
      zh: '文件施行日期早于发布日期',
    },
    todo: ASK_SOURCE,
  },
  'article-number-shared': {
    level: 'warning',
    says: {
      en: 'documents of different cities or days carry the same article number in their address',
      zh: '不同城市或日期的文件网址编号相同',
    },
    todo: { en: 'take no address for checked', zh: '网址未经核实，不可采信' },
  },
  'same-rates-elsewhere': {
    level: 'warning',
    says: {
      en: 'at least three cities have these inpatient rates unchanged: typical values perhaps',
      zh: '至少三个城市的住院比例完全相同，可能为典型值填充',
    },
    todo: ASK_SOURCE,
  },
  'no-limit': {
    level: 'note',
    says: { en: '9999999 is read as no limit', zh: '9999999 视为不设上限' },
    todo: KNOW,
  },
  'retiree-cap-missing': {
    level: 'warning',
    says: {
      en: 'no cap for retirees is given; the one of the active is used',
      zh: '未给出退休人员限额，使用在职限额',
    },
    todo: { en: 'add annualCapRetiree', zh: '补充 annualCapRetiree' },
  },
  'retiree-bonus-missing': {
    level: 'warning',
    says: {
      en: 'no bonus for retirees is given; their claims are refused',
      zh: '未给出退休人员提高比例，目前拒绝计算',
    },
    todo: { en: 'add retireeRatioBonus; 0 means none', zh: '补充 retireeRatioBonus，0 表示不提高' },
  },
  'layer-from-zero': {
    level: 'warning',
    says: {
      en: 'the layer has no deductible and its first tier begins at 0: what it lies on is not said',
      zh: '起付线为0且首档自0起：未说明计算口径',
    },
    todo: ASK_SOURCE,
  },
  'deductible-against-first-tier': {
    level: 'warning',
    says: {
      en: 'the deductible of the layer differs from where its first tier begins',
      zh: '起付线与首档下限不一致',
    },
    todo: ASK_SOURCE,
  },
  'tiers-with-gap': {
    level: 'warning',
    says: {
      en: 'a tier does not begin where the one before it ends',
      zh: '档次首尾不相接',
    },
    todo: ASK_SOURCE,
  },
  'layer-of-named-diseases': {
    level: 'warning',
    says: {
      en: 'a text limits the layer to named diseases, and does not list them in full',
      zh: '文字将本层限于指定病种，且未完整列出',
    },
    todo: { en: 'list the diseases; the claim must say so', zh: '列明病种；申报须注明' },
  },
  'cap-equals-supplement': {
    level: 'warning',
    says: {
      en: 'the basic cap equals that of the supplementary scheme: it may include it',
      zh: '基本封顶线与补充层限额相同，可能已包含补充层',
    },
    todo: ASK_SOURCE,
  },
  'caps-do-not-add-up': {
    level: 'warning',
    says: {
      en: 'basic cap and supplement do not add up to the cap of both',
      zh: '基本与补充限额之和不等于综合限额',
    },
    todo: ASK_SOURCE,
  },
  'depends-on-person': {
    level: 'warning',
    says: {
      en:
        'a text lets a figure depend on age, payment class or years insured; one base figure is ' +
        'used',
      zh: '文字规定数字因年龄、缴费档次或参保年限而异，现用一个基准数字',
    },
    todo: { en: 'write the figures into the pack', zh: '将各类数字写入政策包' },
  },
  'text-not-computed': {
    level: 'warning',
    says: {
      en: 'a text states a rule that no field holds and the pack does not compute',
      zh: '文字所述规则没有对应字段，政策包未计算',
    },
    todo: { en: 'write the rule into the pack', zh: '将规则写入政策包' },
  },
  'stay-rule-unclear': {
    level: 'warning',
    says: {
      en: 'the text on further stays gives no figures, or not at which stay they hold',
      zh: '再次住院起付线的文字没有明确数字或次数',
    },
    todo: ASK_SOURCE,
  },
  'factor-or-points': {
    level: 'note',
    says: {
      en:
        'whether a lowering for treatment elsewhere multiplies or takes points off is not ' +
        'settled; it multiplies here',
      zh: '异地下浮是乘以系数还是减百分点来源未明确，本包按系数',
    },
    todo: KNOW,
  },
  'filing-free-district': {
    level: 'note',
    says: {
      en: 'a note frees a district of filing, which is no region of its own: it is left out',
      zh: '备注所列免备案范围为区县，不是统筹区：未计入',
    },
    todo: KNOW,
  },
  'last-checked-missing': {
    level: 'note',
    says: { en: 'the file does not say when it was checked', zh: '未注明最后核对日期' },
    todo: ASK_SOURCE,
  },
  'rate-rises-with-level': {
    level: 'warning',
    says: {
      en: 'the fund pays a larger part at a higher level',
      zh: '级别更高的机构支付比例反而更高',
    },
    todo: ASK_SOURCE,
  },
  'deductible-falls-with-level': {
    level: 'warning',
    says: {
      en: 'the deductible is lower at a higher level',
      zh: '级别更高的机构起付线反而更低',
    },
    todo: ASK_SOURCE,
  },
} as const satisfies Record<string, Wording>

export type ConflictRule = keyof typeof WORDING

export function conflict(rule: ConflictRule, path: string, found: string): ConflictDocument {
  return { rule, path, found, says: WORDING[rule].says }
}

export function isConflictRule(rule: string): rule is ConflictRule {
  return Object.hasOwn(WORDING, rule)
}

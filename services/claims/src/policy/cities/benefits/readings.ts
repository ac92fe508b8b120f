/** How the converter reads what the files leave open. Each figure that rests on one names it. */
import type { Text } from '@tongchou/contracts/policy-document.ts'

export const READINGS = {
  home: {
    en: 'At home, and where no rate is lowered, the local rate stands in full.',
    zh: '本地就医按本地比例全额执行。',
  },
  factor: {
    en:
      'The ratios for treatment elsewhere multiply the local rate (0.9 = times 0.9). ' +
      'The source does not settle whether 10 % lower means this or minus ten points.',
    zh: '异地比例按系数理解（0.9即本地比例乘以0.9）。来源未明确“下浮10%”是乘以0.9还是减10个百分点。',
  },
  furtherSame: {
    en:
      'No text says how the deductible goes on after the first stay of a year: the same for ' +
      'every stay.',
    zh: '未见年度内再次住院起付线的规定：各次相同。',
  },
  furtherUnclear: {
    en:
      'The text on further stays gives no figures that could be computed: the same for every ' +
      'stay.',
    zh: '关于再次住院起付线的文字没有可计算的数字：各次相同。',
  },
  levelNotNamed: {
    en: 'The note pays at primary institutions only: a level without figures is not covered.',
    zh: '备注仅在基层机构支付：没有数字的级别不予支付。',
  },
  lessEachOfFirst: {
    en: 'Each further stay lowers the deductible by that part of the first one.',
    zh: '每次递减按首次起付线的相应比例计算。',
  },
  retireeText: {
    en: 'The figure for retirees stands in a text only, in no field.',
    zh: '退休人员的数字仅见于文字，无对应字段。',
  },
  retireeSameCap: {
    en: 'No cap of its own is given for retirees: the one of the active holds.',
    zh: '未单列退休人员限额：与在职相同。',
  },
  perVisit: {
    en: 'The text says 次均 (each visit); the field deductibleType is absent and would mean a year.',
    zh: '文字为次均起付；字段 deductibleType 缺失（缺省为年度）。',
  },
  yearByLevel: {
    en:
      'A deductible of the year that differs by level: the level of the claim decides, less ' +
      'what the year has borne at any level.',
    zh: '年度起付线因级别而异：以本次级别为准，扣除当年各级别已负担部分。',
  },
  sharedCap: {
    en: 'The text says that outpatient and inpatient payments share one cap.',
    zh: '文字规定门诊与住院合并计算封顶线。',
  },
  capAsGiven: {
    en: 'The cap is read as what the pooled fund pays in a year, as the field gives it.',
    zh: '封顶线按字段理解为统筹基金年度支付限额。',
  },
  aboveCap: {
    en:
      'A supplementary scheme above the basic cap: it shares what the pooled fund would have ' +
      'paid but for its cap; a bound in its tier is not applied beside its own cap.',
    zh: '封顶线以上的补充层：按统筹基金因封顶未支付部分的比例支付；其档次上限不再与自身限额并用。',
  },
  burden: {
    en:
      "The layer shares the year's in-scope burden of inpatient and chronic claims " +
      'after the pooled fund, band by band.',
    zh: '按年度住院与慢特病政策范围内、统筹支付后的个人负担分段计算。',
  },
  fromDeductible: {
    en: 'Deductible and first tier of the layer differ: it begins at the higher one.',
    zh: '起付线与首档下限不一致：取较高者。',
  },
  diseaseOnly: {
    en: 'The text limits the layer to named diseases: it pays only where the claim says so.',
    zh: '文字将本层限于指定病种：仅在申报注明时支付。',
  },
  ageOnYearStart: {
    en: 'No text says on which day the age counts: completed years on 1 January of the year.',
    zh: '文字未明确年龄计算日：按当年1月1日的周岁计算。',
  },
  minorsAreChildren: {
    en: 'Minors at school are those whom enrolment calls students and children.',
    zh: '未成年学生即参保身份为学生儿童者。',
  },
  bandsOfCost: {
    en:
      "The bounds are the year's in-scope outpatient cost, the deductible in it; the uniform " +
      'rate holds for retirees too, and above the last bound no rate is given: nothing is paid.',
    zh:
      '分段界限为年度门急诊政策范围内费用（含起付线）；' +
      '统一比例亦适用于退休人员；最后界限以上未规定比例，不予支付。',
  },
  highClass: {
    en: 'Who pays the higher premium is told with the claim; without it the base rate stands.',
    zh: '高档缴费由申报注明；未注明者按基准比例。',
  },
  account: {
    en: 'No file says what the personal account may pay: all but what is outside insurance.',
    zh: '文件未规定个人账户支付范围：除全自费外均可支付。',
  },
  otherRegions: {
    en: 'Treatment without filing in the regions that a note names counts as filed.',
    zh: '备注所列免备案区域视同备案。',
  },
  movedDown: {
    en:
      'Moved from a higher to a lower hospital: no deductible at the lower one, where the claim ' +
      'says so.',
    zh: '由上级转往下级医疗机构：在申报注明时取消下级起付线。',
  },
  baseFigure: {
    en:
      'Figures that depend on age, payment class or years insured are computed with the base ' +
      'figure of the field.',
    zh: '因年龄、缴费档次或参保年限而异的，按字段基准数字计算。',
  },
} as const satisfies Record<string, Text>
export type ReadingName = keyof typeof READINGS

export const MISSING = {
  chronic: {
    en: 'rates of special and chronic outpatient care, for which the file has no field',
    zh: '门诊慢特病待遇，来源没有对应字段',
  },
  pharmacy: {
    en: 'any rule on purchases at pharmacies, for which the file has no field',
    zh: '药店购药规定，来源没有对应字段',
  },
  level: { en: 'figures for this level of institution', zh: '该级别医疗机构的数字' },
  retireeRate: { en: 'how much higher the rate of retirees is', zh: '退休人员提高的比例' },
  tiers: {
    en: 'how several tiers of a scheme above the basic cap are measured',
    zh: '封顶线以上补充层多档的计算口径',
  },
} as const satisfies Record<string, Text>

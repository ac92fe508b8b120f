/**
 * Figures that a text gives by age, class of payment, for minors or by the year's cost, read where
 * the words leave nothing open. Ages are completed years; 以上 holds the age itself
 * (中华人民共和国民法典第1259条).
 */
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'
import type { Scheme } from '../../facts.ts'
import { scaled } from '../decimal.ts'

/** A sentence, and where it stands: in an outpatient note or a document's summary, from 1. */
export type Stated = {
  readonly path: string
  readonly docId: string | undefined
  readonly quote: string
}

type Form<T> = {
  readonly scheme: Scheme
  readonly pattern: RegExp
  readonly figures: (found: readonly string[]) => T
}

/** 45周岁以下在职职工限额3500元，45周岁以上4500元 */
export const CAP_FROM_AGE: Form<{ readonly age: number; readonly fen: bigint }> = {
  scheme: 'employee',
  pattern: /(\d+)周岁以下在职(?:职工)?限额\d+元，\1周岁(?:及)?以上(\d+)元/,
  figures: ([age = '', amount = '']) => ({ age: Number(age), fen: scaled(amount, 2) }),
}

/** 退休人员为700元（70岁以上650元） */
export const RETIRED_FROM_AGE: Form<{ readonly age: number; readonly fen: bigint }> = {
  scheme: 'employee',
  pattern: /门诊起付线为\d+元，退休人员为\d+元（(\d+)岁以上(\d+)元）/,
  figures: ([age = '', amount = '']) => ({ age: Number(age), fen: scaled(amount, 2) }),
}

/** 门急诊自负段500元（学生儿童及老人300元）: the ages stand in another sentence. */
export const YOUNG_AND_OLD: Form<{ readonly fen: bigint }> = {
  scheme: 'resident',
  pattern: /门急诊自负段\d+元（学生儿童及老人(\d+)元）/,
  figures: ([amount = '']) => ({ fen: scaled(amount, 2) }),
}

/** 门急诊自负段：19-59岁人员为500元 */
export const GROWN_UP: Form<{ readonly from: number; readonly to: number }> = {
  scheme: 'resident',
  pattern: /门急诊自负段：(\d+)-(\d+)岁人员为\d+元/,
  figures: ([from = '', to = '']) => ({ from: Number(from), to: Number(to) }),
}

/** 未成年学生一级90%、二级85%、三级80% */
export const MINORS: Form<Readonly<Record<'tier1' | 'tier2' | 'tier3', number>>> = {
  scheme: 'resident',
  pattern: /居民医保住院.*（未成年学生一级(\d+)%、二级(\d+)%、三级(\d+)%）/,
  figures: ([tier1, tier2, tier3]) => ({ tier1: bp(tier1), tier2: bp(tier2), tier3: bp(tier3) }),
}

/** 报销比例75%（60岁以上老人80%） */
export const RATE_FROM_AGE: Form<{ readonly age: number; readonly bp: number }> = {
  scheme: 'resident',
  pattern: /(?:报销|支付)比例为?\d+%（(\d+)岁以上老人(\d+)%）/,
  figures: ([age = '', rate]) => ({ age: Number(age), bp: bp(rate) }),
}

/** 居民住院…报销比例…（高档缴费提高10个百分点） */
export const HIGH_CLASS: Form<{ readonly pointsBp: number }> = {
  scheme: 'resident',
  pattern: /居民住院.*（高档缴费提高(\d+)个百分点）/,
  figures: ([points]) => ({ pointsBp: bp(points) }),
}

/** 起付线至5500元区间：一级医院报销75%…；5500元以上至10000元区间统一报销55% */
export const BANDS_OF_COST: Form<{
  readonly firstToFen: bigint
  readonly endFen: bigint
  readonly thenBp: number
}> = {
  scheme: 'employee',
  pattern: /起付线至(\d+)元区间：[^；]*；\1元以上至(\d+)元区间统一报销(\d+)%/,
  figures: ([first = '', end = '', rate]) => ({
    firstToFen: scaled(first, 2),
    endFen: scaled(end, 2),
    thenBp: bp(rate),
  }),
}

const FORMS = [
  ...[CAP_FROM_AGE, RETIRED_FROM_AGE, YOUNG_AND_OLD, GROWN_UP, MINORS, RATE_FROM_AGE],
  ...[HIGH_CLASS, BANDS_OF_COST],
]

/** A sentence without the words that the packs compute; what else it says is left. */
export function withoutComputed(sentence: string, scheme: Scheme): string {
  const forms = FORMS.filter(form => form.scheme === scheme)
  return forms.reduce((text, { pattern }) => text.replace(pattern, ''), sentence)
}

/** The figures of the first sentence of that form; null where the scheme's texts have none. */
export function statedAs<T>(
  { city, scheme }: { readonly city: CityDocument; readonly scheme: Scheme },
  form: Form<T>,
): { readonly figures: T; readonly from: Stated } | null {
  if (form.scheme !== scheme) return null
  for (const from of sentencesOf(city, scheme)) {
    const found = form.pattern.exec(from.quote)
    if (found !== null) return { figures: form.figures(found.slice(1)), from }
  }
  return null
}

function sentencesOf(city: CityDocument, scheme: Scheme): readonly Stated[] {
  const { outpatient, inpatient, catastrophic } = city[scheme]
  const named = new Set([outpatient, inpatient, catastrophic].map(block => block.sourceDocId))
  const cut = (path: string, docId: string | undefined, text: string): readonly Stated[] =>
    text.split('。').map((quote, at) => ({ path: `${path}.${at + 1}`, docId, quote }))
  return [
    ...cut(`${scheme}.outpatient.note`, outpatient.sourceDocId, outpatient.note ?? ''),
    ...city.sourceDocs
      .filter(({ docId }) => named.has(docId))
      .flatMap(({ docId, summaryQuote }) =>
        cut(`sourceDocs.${docId}.summaryQuote`, docId, summaryQuote),
      ),
  ]
}

function bp(percent: string | undefined): number {
  return Number(percent) * 100
}

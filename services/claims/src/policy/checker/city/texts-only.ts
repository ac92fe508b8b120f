/** What the texts of a file say and no field holds. */
import type { CityDocument, CityPackage } from '@tongchou/contracts/city/city-document.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import { diseasesOf } from '../../cities/benefits/catastrophic.ts'
import { yuanText } from '../../cities/decimal.ts'
import { withoutComputed } from '../../cities/text/by-person.ts'
import { readFurtherStays } from '../../cities/text/further-stays.ts'
import { retireeDeductible, retireeReduction } from '../../cities/text/retirees.ts'
import { isPerVisitByText, textsOf } from '../../cities/texts.ts'
import type { Scheme } from '../../facts.ts'
import { conflict } from './wording.ts'

export function textsOnly(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  const pack = city[scheme]
  return [
    ...retirees(pack, scheme),
    ...visits(pack, scheme),
    ...stays(pack, scheme),
    ...sentences(city, scheme),
    ...diseases(city, scheme),
  ]
}

function retirees(pack: CityPackage, scheme: Scheme): readonly ConflictDocument[] {
  if (scheme !== 'employee') return []
  const found: ConflictDocument[] = []
  const rule = 'retiree-only-in-text'
  const out = retireeDeductible(textsOf(pack, 'outpatient'), { scheme, block: 'outpatient' })
  if (out !== null && pack.outpatient.annualDeductibleRetiree === undefined) {
    found.push(conflict(rule, 'employee.outpatient.note', `${yuanText(out.fen)}元：${out.quote}`))
  }
  const places = textsOf(pack, 'inpatient')
  const stay = retireeDeductible(places, { scheme, block: 'inpatient' })
  const path = 'employee.inpatient.repeatedDeductibleRule'
  if (stay !== null) found.push(conflict(rule, path, `${yuanText(stay.fen)}元：${stay.quote}`))
  const less = retireeReduction(places)
  if (less !== null) found.push(conflict(rule, path, `-${yuanText(less.lessFen)}元：${less.text}`))
  return found
}

function visits(pack: CityPackage, scheme: Scheme): readonly ConflictDocument[] {
  if (!isPerVisitByText(pack)) return []
  return [conflict('visit-only-in-text', `${scheme}.outpatient.note`, pack.outpatient.note ?? '')]
}

function stays({ inpatient }: CityPackage, scheme: Scheme): readonly ConflictDocument[] {
  const text = inpatient.repeatedDeductibleRule
  if (text === undefined) return []
  const { further, noneAfterMovingDown } = readFurtherStays(text)
  const unclear = further.kind === 'unclear' && !noneAfterMovingDown
  const path = `${scheme}.inpatient.repeatedDeductibleRule`
  const notComputed = /连续住院超过\d+天/.test(text)
  return [
    ...(unclear ? [conflict('stay-rule-unclear', path, text)] : []),
    ...(notComputed ? [conflict('text-not-computed', path, text)] : []),
  ]
}

function diseases(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  const found = diseasesOf({ city }, city[scheme].catastrophic)
  return found === null
    ? []
    : [conflict('layer-of-named-diseases', `${scheme}.catastrophic`, found)]
}

const BY_PERSON = /\d+(-\d+)?周?岁|高档|[一二]档|统账结合|连续参保|学生|老人/
const NOT_COMPUTED =
  /\d元以上至[\d.]+万?元|特定病种.*\d+%|村卫生室\d|基本药物(?:免|不设)起付线|附加基金继续/

/** Sentences of the notes and of the documents that the blocks rest on. */
function sentences(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  return sentencesOf(city, scheme).flatMap(({ path, sentence }) => {
    const left = withoutComputed(sentence, scheme)
    return [
      ...(BY_PERSON.test(left) ? [conflict('depends-on-person', path, sentence)] : []),
      ...(NOT_COMPUTED.test(left) ? [conflict('text-not-computed', path, sentence)] : []),
    ]
  })
}

type Sentence = { readonly path: string; readonly sentence: string }

function sentencesOf(city: CityDocument, scheme: Scheme): readonly Sentence[] {
  const { outpatient, inpatient, catastrophic } = city[scheme]
  const named = new Set([outpatient, inpatient, catastrophic].map(block => block.sourceDocId))
  const cut = (path: string, text: string): readonly Sentence[] =>
    text
      .split('。')
      .filter(sentence => /\d/.test(sentence))
      .map(sentence => ({ path, sentence }))
  const quotes = city.sourceDocs
    .filter(({ docId, summaryQuote }) => named.has(docId) || /特定病种/.test(summaryQuote))
    .flatMap(({ docId, summaryQuote }) => cut(`sourceDocs.${docId}.summaryQuote`, summaryQuote))
    .filter(({ sentence }) => mentions(sentence, scheme))
  return [...cut(`${scheme}.outpatient.note`, outpatient.note ?? ''), ...quotes]
}

function mentions(sentence: string, scheme: Scheme): boolean {
  const employee = /职工(?!年平均工资)|在职|退休/.test(sentence)
  const resident = /居民/.test(sentence)
  if (!employee && !resident) return true
  return scheme === 'employee' ? employee : resident
}

/** Holds the ratios for treatment elsewhere against what notes and documents say of them. */
import type { CityDocument, CityRemote } from '@tongchou/contracts/city/city-document.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import { bpOf, percentText, scaled } from '../../cities/decimal.ts'
import type { Scheme } from '../../facts.ts'
import { conflict } from './wording.ts'

type Ratio = 'transferFiledRatio' | 'unfiledNormalRatio'

/** Of one clause: 转诊…下浮10% · 未备案…按60%结算. The words between may hold no other figure. */
const SAYS: readonly (readonly [RegExp, Ratio])[] = [
  [/^(?!.*未).*转诊[^\d]*?(?<how>下浮|下调|降低)(?<percent>\d+)%/, 'transferFiledRatio'],
  [/未[^\d]*备案[^\d]*?(?<how>下浮|下调|降低|按)(?<percent>\d+)%/, 'unfiledNormalRatio'],
]

/** A finding for each text that says another ratio than the field. */
export function remoteTexts(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  const { remoteMedical } = city[scheme]
  return textsOf(city, remoteMedical).flatMap(([where, text]) =>
    text.split(/[。；，]/).flatMap(clause =>
      SAYS.flatMap(([pattern, ratio]) => {
        const { how, percent } = pattern.exec(clause)?.groups ?? {}
        if (percent === undefined) return []
        const said = Number(scaled(percent, 2))
        const saidBp = how === '按' ? said : 10_000 - said
        const ownBp = bpOf(remoteMedical[ratio])
        if (ownBp === saidBp) return []
        const found = `${percentText(ownBp)} ≠ ${where} ${percentText(saidBp)}：${clause}`
        return [conflict('figure-against-text', `${scheme}.remoteMedical.${ratio}`, found)]
      }),
    ),
  )
}

function textsOf(
  { sourceDocs }: CityDocument,
  { sourceDocId, specialNotes = [] }: CityRemote,
): readonly (readonly [string, string])[] {
  const doc = sourceDocs.find(({ docId }) => docId === sourceDocId)
  const quoted = doc === undefined ? [] : [[`${doc.docId}.summaryQuote`, doc.summaryQuote] as const]
  return [...quoted, ...specialNotes.map((note, index) => [`specialNotes.${index}`, note] as const)]
}

/** Whether the documents that a file names can carry what rests on them. */
import type { CityDocument, CitySourceDoc } from '@tongchou/contracts/city/city-document.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import type { Scheme } from '../../facts.ts'
import { conflict } from './wording.ts'

const BLOCKS = ['outpatient', 'inpatient', 'catastrophic', 'remoteMedical'] as const

export function documents(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  return BLOCKS.flatMap(block => {
    const path = `${scheme}.${block}.sourceDocId`
    const { sourceDocId } = city[scheme][block]
    if (sourceDocId === undefined) return [conflict('document-missing', path, block)]
    const doc = city.sourceDocs.find(({ docId }) => docId === sourceDocId)
    if (doc === undefined) return [conflict('document-unknown', path, sourceDocId)]
    return judge(doc, { path, other: block !== 'remoteMedical' && isOfOther(doc, scheme) })
  })
}

function judge(
  { docId, status, publishDate, effectiveDate, title }: CitySourceDoc,
  { path, other }: { readonly path: string; readonly other: boolean },
): readonly ConflictDocument[] {
  const early = effectiveDate < publishDate
  return [
    ...(status === 'superseded' ? [conflict('document-superseded', path, docId)] : []),
    ...(other ? [conflict('document-of-other-scheme', path, title)] : []),
    ...(early
      ? [conflict('effective-before-published', path, `${effectiveDate} < ${publishDate}`)]
      : []),
  ]
}

function isOfOther({ title }: CitySourceDoc, scheme: Scheme): boolean {
  const employee = title.includes('职工')
  const resident = title.includes('居民')
  return scheme === 'employee' ? resident && !employee : employee && !resident
}

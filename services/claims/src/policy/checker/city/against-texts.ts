/** Holds the figures of the fields against what the texts of the same file state. */
import type { CityDocument, CityPackage } from '@tongchou/contracts/city/city-document.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import { type Block, type Statement, statementsOf } from '../../cities/text/statements.ts'
import type { Scheme } from '../../facts.ts'
import { type Field, fieldsOf, valueText } from './fields.ts'
import { conflict } from './wording.ts'

type Stated = Statement & { readonly where: string }

/**
 * One finding for each field and text, where no figure of the text on the same matter agrees with
 * the field. Each text is held against by itself: a note that follows the field hides no document.
 */
export function againstTexts(city: CityDocument, scheme: Scheme): readonly ConflictDocument[] {
  const pack = city[scheme]
  return fieldsOf(pack, scheme).flatMap(field => {
    if (field.block === 'catastrophic' && !isMeant(pack, scheme)) return []
    return statedFor(city, pack, { scheme, block: field.block }).flatMap(text => {
      const stated = relevant(field, scheme, text)
      const differ = stated.length > 0 && stated.every(({ low, high }) => !within(field, low, high))
      return differ ? [conflict('figure-against-text', field.path, textOf(field, stated))] : []
    })
  })
}

/** 大病保险 in a text is the residents' layer, or one of that name. */
function isMeant({ catastrophic }: CityPackage, scheme: Scheme): boolean {
  return scheme === 'resident' || catastrophic.name.includes('大病保险')
}

function within({ value }: Field, low: bigint, high: bigint): boolean {
  return value >= low && value <= high
}

function textOf({ what, value }: Field, stated: readonly Stated[]): string {
  const texts = stated.map(({ what: said, low, high, where }) => {
    const range = low === high ? '' : `–${valueText(said, high)}`
    return `${where} ${valueText(said, low)}${range}`
  })
  return `${valueText(what, value)} ≠ ${[...new Set(texts)].join(', ')}`
}

/** Statements of the document that the block rests on, and those of the block's own note. */
function statedFor(
  { sourceDocs }: CityDocument,
  pack: CityPackage,
  { scheme, block }: { readonly scheme: Scheme; readonly block: Block },
): readonly (readonly Stated[])[] {
  const doc = sourceDocs.find(({ docId }) => docId === pack[block].sourceDocId)
  const open = { scheme: schemeOf(doc?.title ?? ''), block: null, what: null }
  const quoted = doc === undefined ? [] : statementsOf(doc.summaryQuote, open)
  const noted =
    block === 'outpatient'
      ? statementsOf(pack.outpatient.note ?? '', { scheme, block, what: null })
      : []
  return [
    quoted.map(found => ({ ...found, where: `${doc?.docId}.summaryQuote` })),
    noted.map(found => ({ ...found, where: 'note' })),
  ]
}

/** A title that names one scheme only speaks of it until its text says otherwise. */
function schemeOf(title: string): Scheme | null {
  const employee = title.includes('职工')
  if (employee === title.includes('居民')) return null
  return employee ? 'employee' : 'resident'
}

/** Those on the same matter; where one names the level, those that name none are left out. */
function relevant(field: Field, scheme: Scheme, all: readonly Stated[]): readonly Stated[] {
  const same = all.filter(
    found =>
      found.what === field.what &&
      (found.scheme === null || found.scheme === scheme) &&
      isOfBlock(found, field) &&
      isOfStatus(found, field),
  )
  const { level } = field
  if (level === null) return same.filter(({ levels }) => levels === null)
  const exact = same.filter(({ levels }) => levels?.includes(level) === true)
  const notCovered = field.what === 'rate' && field.value === 0n
  return exact.length > 0 || notCovered ? exact : same.filter(({ levels }) => levels === null)
}

function isOfBlock({ block }: Statement, field: Field): boolean {
  return block === field.block || (block === null && field.block !== 'catastrophic')
}

function isOfStatus({ status, what }: Statement, field: Field): boolean {
  if (field.status !== 'retired') return status !== 'retired'
  return status === 'retired' || (status === null && what === 'cap')
}

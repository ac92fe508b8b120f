/** Keeps the documents, clauses and readings that the figures of one pack name. */
import type { CityDocument, Decimal } from '@tongchou/contracts/city/city-document.ts'
import type { Cited, PackDocument, Text } from '@tongchou/contracts/policy-document.ts'
import type { Scheme } from '../../facts.ts'
import { READINGS, type ReadingName } from './readings.ts'

type Documents = PackDocument['documents'][string]

/** Filled while a pack is made; only what is named gets in, in the order of its first use. */
export type Book = {
  readonly city: CityDocument
  readonly scheme: Scheme
  readonly documents: Map<string, Documents>
  readonly clauses: Map<string, { readonly document: string; readonly quote: string }>
  readonly readings: Map<string, Text>
}

export function openBook(city: CityDocument, scheme: Scheme): Book {
  return { city, scheme, documents: new Map(), clauses: new Map(), readings: new Map() }
}

/** A block of the file: its path, and the document that it says it rests on. */
export type Place = { readonly path: string; readonly docId: string | undefined }

/** Stands for the file itself where a block names no document that it lists. */
const FILE = 'file'

/** The clause of a number: the path of its field is the name, the file's own line the quote. */
export function figureAt(
  book: Book,
  { path, docId }: Place,
  field: { readonly name: string; readonly value: Decimal; readonly of?: string },
): string {
  const { name, value, of } = field
  const line = `${lastOf(name)} ${value.decimal}`
  const quote = of === undefined ? line : `${of}：${line}`
  return clause(book, `${path}.${name}`, { docId, quote })
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

export function clause(
  book: Book,
  id: string,
  { docId, quote }: { readonly docId: string | undefined; readonly quote: string },
): string {
  book.clauses.set(id, { document: documentOf(book, docId), quote })
  return id
}

function documentOf(book: Book, docId: string | undefined): string {
  const { city, documents } = book
  const found = city.sourceDocs.find(doc => doc.docId === docId)
  if (found === undefined) {
    const title = `${city.cityName} ${city.cityCode}.json，未注明文件`
    documents.set(FILE, { title, number: null, effective: null })
    return FILE
  }
  const { title, docNumber, effectiveDate } = found
  documents.set(found.docId, { title, number: docNumber, effective: effectiveDate })
  return found.docId
}

export function reading(book: Book, name: ReadingName): ReadingName {
  book.readings.set(name, READINGS[name])
  return name
}

/** What a figure cites, in the form of the language. */
export function cited(clauses: readonly string[], readings: readonly ReadingName[] = []): Cited {
  return {
    ...(clauses.length === 0 ? {} : { clause: oneOrMany(clauses) }),
    ...(readings.length === 0 ? {} : { reading: oneOrMany(readings) }),
  }
}

function oneOrMany(names: readonly string[]): string | readonly string[] {
  const [only] = names
  return names.length === 1 && only !== undefined ? only : names
}

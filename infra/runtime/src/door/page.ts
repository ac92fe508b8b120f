/**
 * Lists are read in pages: rows in the order of one column, `after` the last value of the page
 * before.
 */
import { type Static, Type } from 'typebox'
import type { Criteria, Row, View, ViewStore } from '../view/port.ts'

export const PAGE_MAX = 500
const PAGE_DEFAULT = 100

/** Query properties of every list. */
export const PAGE_QUERY = {
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  after: Type.Optional(
    Type.String({
      maxLength: 128,
      description: '`next` of the page before; the first page without',
    }),
  ),
}

export type PageQuery = {
  readonly limit: Static<(typeof PAGE_QUERY)['limit']>
  readonly after?: string
}

export type Page<R> = { readonly rows: readonly R[]; readonly next: string | null }

export type PageOf<R extends Row> = {
  readonly equals: Partial<R>
  /** Text column that is different in every row which `equals` lets through. */
  readonly by: keyof R & string
}

/** One page of a view; `next` is null on the last one. */
export async function readPage<R extends Row>(
  views: ViewStore,
  view: View<R>,
  { equals, by, limit, after }: PageOf<R> & PageQuery,
): Promise<Page<R>> {
  const criteria: Criteria<R> = { equals, orderBy: [by], limit: limit + 2 }
  const from = after === undefined ? {} : { from: { [by]: after } as unknown as Partial<R> }
  const found = await views.find(view, { ...criteria, ...from })
  const rows = found.filter(row => row[by] !== after)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last !== undefined ? String(last[by]) : null }
}

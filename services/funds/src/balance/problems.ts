import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { BooksRefusal } from './query.ts'

/** Status and title of every refusal; the README of the service has the same table. */
export const BOOKS_PROBLEMS = {
  'other-region': { status: 403, title: 'These books belong to another region' },
  'unknown-account': { status: 404, title: 'The chart has no such account' },
  'two-points': { status: 400, title: 'Ask for an instant or for a position, not for both' },
  'position-ahead': { status: 404, title: 'The journal has not come to this position yet' },
} as const satisfies Record<BooksRefusal['kind'], Problem>

/** What a caller asks of the books, held against what the token allows. */
import { type Decision, refuse } from '@tongchou/contracts/decision.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { chartAccount } from '../chart/accounts.ts'
import { regionOfEntity } from '../journal/entity.ts'
import type { Filter, Target } from './books.ts'

export type BooksRefusal =
  | { readonly kind: 'other-region'; readonly region: string }
  | { readonly kind: 'unknown-account'; readonly account: string }
  | { readonly kind: 'two-points' }
  | { readonly kind: 'position-ahead'; readonly position: bigint }

type Refused = Extract<Decision<never, BooksRefusal>, { readonly accepted: false }>

/**
 * The filter with the caller's own region in it; null stands for a caller who sees all. Refuses
 * `other-region` and `unknown-account`.
 */
export function filterFor(
  asked: Filter,
  own: string | null,
): { readonly accepted: true; readonly filter: Filter } | Refused {
  const { entity, region, account } = asked
  for (const wanted of [region, entity === undefined ? undefined : regionOfEntity(entity)]) {
    if (own !== null && wanted !== undefined && wanted !== own) {
      return refuse({ kind: 'other-region', region: wanted })
    }
  }
  if (account !== undefined && chartAccount(account) === undefined) {
    return refuse({ kind: 'unknown-account', account })
  }
  return { accepted: true, filter: { ...asked, region: region ?? own ?? undefined } }
}

/**
 * The point that is asked for; null for now. Refuses `two-points`: an instant and a position at
 * once.
 */
export function targetFor(asked: {
  readonly asOf?: Instant | undefined
  readonly position?: bigint | undefined
}): { readonly accepted: true; readonly target: Target | null } | Refused {
  const { asOf, position } = asked
  if (asOf !== undefined && position !== undefined) return refuse({ kind: 'two-points' })
  if (asOf !== undefined) return { accepted: true, target: { kind: 'instant', at: asOf } }
  if (position === undefined) return { accepted: true, target: null }
  return { accepted: true, target: { kind: 'position', position } }
}

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

/**
 * The items behind the one called `after`, which need not exist any more; items are sorted by name.
 */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Page<T> {
  const rest = after === undefined ? items : items.filter(item => nameOf(item) > after)
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return { items: page, next: rest.length > limit && last !== undefined ? nameOf(last) : null }
}

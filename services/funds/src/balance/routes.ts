/**
 * HTTP to the books: the chart, entities, balances and trial balances, now and at any point of the
 * past.
 */
import { unreachable } from '@tongchou/contracts/decision.ts'
import {
  BalancePageJson,
  BalanceQueryJson,
  ChartJson,
  EntitiesQueryJson,
  EntityPageJson,
  TrialBalanceJson,
  TrialBalanceQueryJson,
} from '@tongchou/contracts/http/balance.ts'
import { instant } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { problemReply } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { CHART, CHART_NOTES } from '../chart/accounts.ts'
import type { BooksPorts } from '../ports.ts'
import {
  balanceJson,
  balanceName,
  entityBalanceJson,
  entityJson,
  standingJson,
  sumsJson,
} from './answer.ts'
import type { Books, Filter } from './books.ts'
import { BOOKS_PROBLEMS } from './problems.ts'
import type { BooksRefusal } from './query.ts'
import { filterFor, pageOf, targetFor } from './query.ts'
import { trialBalanceOf } from './trial-balance.ts'

/**
 * An agency sees the entities of its region, as an auditor with a region does; the others see all.
 */
export const BOOK_READERS = ['agency', 'centre', 'auditor', 'service'] as const
const TAGS = ['books']
const readers = requireRole(...BOOK_READERS)

export function addBalanceRoutes(http: Http, ports: BooksPorts): void {
  addChart(http)
  addEntities(http, ports)
  addBalances(http, ports)
  addTrialBalance(http, ports)
}

function addChart(http: Http): void {
  http.get(
    '/v1/chart',
    {
      schema: {
        summary: 'The chart of accounts, each with its source or as an assumption',
        tags: TAGS,
        response: { 200: ChartJson },
      },
    },
    () => ({ ...CHART_NOTES, accounts: [...CHART] }),
  )
}

function addEntities(http: Http, ports: BooksPorts): void {
  http.get(
    '/v1/entities',
    {
      preHandler: readers,
      schema: {
        summary: 'Accounting entities with a movement: each fund of each region is one',
        tags: TAGS,
        querystring: EntitiesQueryJson,
        response: { 200: EntityPageJson },
      },
    },
    async ({ query, caller }) => {
      const { region } = allowedFilter({ region: query.region }, caller)
      const books = await ports.ledger.current()
      const { items, next } = pageOf(books.entities(region), name => name, query)
      return { ...standingJson(books.standing), entities: items.map(entityJson), next }
    },
  )
}

function addBalances(http: Http, ports: BooksPorts): void {
  http.get(
    '/v1/balances',
    {
      preHandler: readers,
      schema: {
        summary: 'Balances of accounts, now, after an event of the journal or at an instant',
        description:
          'Further pages and repeated answers: send the position of the first answer. At an ' +
          'instant stands everything booked before the first event that was booked later, so ' +
          'the past never changes.',
        tags: TAGS,
        querystring: BalanceQueryJson,
        response: { 200: BalancePageJson },
      },
    },
    async ({ query, caller }) => {
      const { entity, region, account, counterparty } = query
      const filter = allowedFilter({ entity, region, account, counterparty }, caller)
      const books = await booksFor(ports, query)
      const { items, next } = pageOf(books.rows(filter), balanceName, query)
      return { ...standingJson(books.standing), balances: items.map(balanceJson), next }
    },
  )
}

function addTrialBalance(http: Http, ports: BooksPorts): void {
  http.get(
    '/v1/trial-balance',
    {
      preHandler: readers,
      schema: {
        summary: 'Trial balance (试算平衡表) of each entity, and of all that were asked for',
        tags: TAGS,
        querystring: TrialBalanceQueryJson,
        response: { 200: TrialBalanceJson },
      },
    },
    async ({ query, caller }) => {
      const filter = allowedFilter({ region: query.region }, caller)
      const books = await booksFor(ports, query)
      const { entities, balanced, ...sums } = trialBalanceOf(books.rows(filter))
      const { items, next } = pageOf(entities, ({ entity }) => entity, query)
      return {
        ...standingJson(books.standing),
        entities: items.map(entityBalanceJson),
        ...sumsJson(sums),
        balanced,
        next,
      }
    },
  )
}

/** Throws the problem of a filter that the caller may not use. */
export function allowedFilter(asked: Filter, caller: Caller): Filter {
  const answer = filterFor(asked, caller.region)
  if (!answer.accepted) throw booksProblem(answer.refusal)
  return answer.filter
}

type Point = { readonly asOf?: string; readonly position?: number }

async function booksFor({ ledger }: BooksPorts, { asOf, position }: Point): Promise<Books> {
  const answer = targetFor({
    asOf: asOf === undefined ? undefined : instant(asOf),
    position: position === undefined ? undefined : BigInt(position),
  })
  if (!answer.accepted) throw booksProblem(answer.refusal)
  const { target } = answer
  if (target === null) return ledger.current()
  const books = await ledger.at(target)
  if (books === null)
    throw booksProblem({ kind: 'position-ahead', position: BigInt(position ?? 0) })
  return books
}

function booksProblem(refusal: BooksRefusal): HttpProblem {
  const { kind, ...extensions } = refusal
  return problemReply(kind, BOOKS_PROBLEMS[kind], { detail: detailOf(refusal), extensions })
}

function detailOf(refusal: BooksRefusal): string {
  switch (refusal.kind) {
    case 'other-region':
      return `the token is not for region ${refusal.region}`
    case 'unknown-account':
      return `GET /v1/chart lists the accounts; ${refusal.account} is none`
    case 'two-points':
      return 'asOf and position each name a point of the past'
    case 'position-ahead':
      return 'the books end before this position; ask again when it is reached'
    default:
      return unreachable(refusal)
  }
}

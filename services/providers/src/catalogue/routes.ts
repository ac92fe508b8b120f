import type { CatalogueItem } from '@tongchou/contracts/events.generated.ts'
import type { RegionRowJson } from '@tongchou/contracts/http/reference/catalogue.ts'
import {
  CataloguePageJson,
  CatalogueRegionJson,
  CatalogueRowJson,
  RegionRowJson as RegionRow,
} from '@tongchou/contracts/http/reference/catalogue.ts'
import { DateJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import { basisPoints, fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { dayAsked } from '@tongchou/runtime/door/day.ts'
import { IMPORT_ROUTE, importLines } from '@tongchou/runtime/door/import-lines.ts'
import { PAGE_QUERY, readPage } from '@tongchou/runtime/door/page.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actsFor } from '@tongchou/runtime/door/region.ts'
import type { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { Type } from 'typebox'
import type { Ports } from '../ports.ts'
import type { RowRefusal } from './decide.ts'
import type { DoorRefusal } from './problems.ts'
import { CATALOGUE_PROBLEMS } from './problems.ts'
import { catalogueItemView, itemOn } from './view.ts'

const agencies = requireRole('agency', 'centre')
const CAUGHT_UP_MS = 1000

type Answered = { readonly itemCode: string; readonly validFrom: string }
type Answer = Answered | HttpProblem

function problemOf(refusal: RowRefusal | DoorRefusal): HttpProblem {
  return refusalProblem(CATALOGUE_PROBLEMS, refusal)
}

export function addCatalogueRoutes(ports: Ports): void {
  const { http, logger } = ports.runtime
  const take = (rows: readonly CatalogueRowJson[], caller: Caller) => list(ports, rows, caller)
  http.post(
    '/v1/catalogue-items::import',
    { preHandler: agencies, ...IMPORT_ROUTE },
    importLines({ line: CatalogueRowJson, take, logger }),
  )
  http.post(
    '/v1/catalogues/:region/items::import',
    { preHandler: agencies, ...IMPORT_ROUTE, schema: { params: CatalogueRegionJson } },
    importLines({
      line: RegionRow,
      take: (rows, caller, { region }) => listIn(ports, rows, { region: String(region), caller }),
      logger,
    }),
  )
  addReading(ports)
}

/** Rows for one region, each of which names that region or none. */
async function listIn(
  ports: Ports,
  rows: readonly RegionRowJson[],
  { region, caller }: { readonly region: string; readonly caller: Caller },
): Promise<readonly Answer[]> {
  const own = rows.filter(({ regionCode }) => (regionCode ?? region) === region)
  const answers = await list(
    ports,
    own.map(row => ({ ...row, regionCode: region })),
    caller,
  )
  let next = 0
  return rows.map(({ regionCode }) => {
    const answer = (regionCode ?? region) === region ? answers[next++] : undefined
    return answer ?? problemOf({ kind: 'region-not-of-path', field: 'regionCode' })
  })
}

/** Lists rows of any regions, one command a region; rows that are refused are told and left out. */
async function list(
  ports: Ports,
  rows: readonly CatalogueRowJson[],
  caller: Caller,
): Promise<readonly Answer[]> {
  const answers = rows.map(
    ({ regionCode, itemCode, validFrom }): Answer =>
      actsFor(caller, regionCode) ? { itemCode, validFrom } : problemOf({ kind: 'other-region' }),
  )
  const byRegion = new Map<string, { index: number; item: CatalogueItem }[]>()
  rows.forEach((row, index) => {
    if (!actsFor(caller, row.regionCode)) return
    const entries = byRegion.get(row.regionCode) ?? []
    entries.push({ index, item: itemOf(row) })
    byRegion.set(row.regionCode, entries)
  })
  for (const [regionCode, entries] of byRegion) {
    for (const [index, refusal] of await listOne(ports, { regionCode, entries, caller })) {
      answers[index] = problemOf(refusal)
    }
  }
  return answers
}

type Entry = { readonly index: number; readonly item: CatalogueItem }
type OneRegion = {
  readonly regionCode: string
  readonly entries: readonly Entry[]
  readonly caller: Caller
}

/**
 * Refusals by the rows' places. What the decider refuses is taken out and the rest is asked for
 * again.
 */
async function listOne(
  { runtime, catalogues }: Ports,
  { regionCode, entries, caller }: OneRegion,
): Promise<ReadonlyMap<number, RowRefusal>> {
  const refused = new Map<number, RowRefusal>()
  const stream = `catalogue-${uuidFrom(NAMESPACE.catalogue, regionCode)}`
  let open = entries
  while (open.length > 0) {
    const asked = open
    const data = { regionCode, items: asked.map(({ item }) => item) }
    const meta = commandMeta(runtime, caller)
    const { decision } = await catalogues.handle(stream, { type: 'ListCatalogueItems', data, meta })
    if (decision.accepted) break
    for (const { index, refusal } of decision.refusal.rows) {
      const entry = asked[index]
      if (entry !== undefined) refused.set(entry.index, refusal)
    }
    open = asked.filter(({ index }) => !refused.has(index))
  }
  return refused
}

function itemOf(row: CatalogueRowJson): CatalogueItem {
  const { itemCode, name, kind, priceLimitFen: limit, validTo } = row
  return {
    itemCode,
    name,
    kind,
    class: row.class,
    unitPriceFen: fen(row.unitPriceFen),
    firstShareBp: basisPoints(row.firstShareBp),
    priceLimitFen: limit === undefined || limit === null ? null : fen(limit),
    onlySex: row.onlySex ?? null,
    minAge: row.minAge ?? null,
    maxAge: row.maxAge ?? null,
    validFrom: businessDate(row.validFrom),
    validTo: validTo === undefined || validTo === null ? null : businessDate(validTo),
  }
}

/** What is paid for is public: every caller with a token reads all regions. */
function addReading({ runtime }: Ports): void {
  const querystring = Shape({ ...PAGE_QUERY, on: Type.Optional(DateJson) })
  runtime.http.get(
    '/v1/catalogues/:region/items',
    {
      schema: {
        params: CatalogueRegionJson,
        querystring,
        response: { 200: CataloguePageJson },
      },
    },
    async ({ params, query }) => {
      const { on: asked, ...page } = query
      const on = dayAsked(asked, runtime.clock)
      await runtime.caughtUp(TOPICS.catalogue, CAUGHT_UP_MS)
      const equals = { regionCode: params.region }
      const found = await readPage(runtime.views, catalogueItemView, {
        equals,
        by: 'itemCode',
        ...page,
      })
      const items = found.rows.flatMap(row => itemOn(row, on) ?? [])
      return { on, items, next: found.next }
    },
  )
}

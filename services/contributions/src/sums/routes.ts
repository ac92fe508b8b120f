/** HTTP to sums over bills: subsidies by level, the collection rate, dues by employer. */
import {
  CollectionRateJson,
  EmployerDuesJson,
  EmployerDuesQueryJson,
  SubsidiesJson,
  SumsQueryJson,
} from '@tongchou/contracts/http/contributions/sums.ts'
import { Shape } from '@tongchou/contracts/http/scalars.ts'
import { type Fen, fenToJson, minus, sum, ZERO } from '@tongchou/contracts/money.ts'
import { payerKind } from '@tongchou/contracts/policy/dues/payers.ts'
import { PARTITIONS, TOPICS } from '@tongchou/contracts/topics.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { dayAsked } from '@tongchou/runtime/door/day.ts'
import { PAGE_MAX, PAGE_QUERY, type Page, readPage } from '@tongchou/runtime/door/page.ts'
import { billProblem } from '../bill/routes.ts'
import type { Ports } from '../ports.ts'
import { isReached, rateOf } from './rate.ts'
import { type DailyRow, dailyView, type EmployerRow, employerView } from './view.ts'

const readers = requireRole('agency', 'centre', 'auditor', 'service')
const CAUGHT_UP_MS = 1000

export function addSumRoutes(ports: Ports): void {
  addSubsidies(ports)
  addRate(ports)
  addEmployers(ports)
}

type Sums = { readonly dueFen: Fen; readonly receivedFen: Fen }

function added(rows: readonly Sums[]): Sums {
  return {
    dueFen: sum(ZERO, ...rows.map(({ dueFen }) => dueFen)),
    receivedFen: sum(ZERO, ...rows.map(({ receivedFen }) => receivedFen)),
  }
}

function sumsJson({ dueFen, receivedFen }: Sums) {
  return {
    dueFen: fenToJson(dueFen),
    receivedFen: fenToJson(receivedFen),
    receivableFen: fenToJson(minus(dueFen, receivedFen)),
  }
}

type Asked = { readonly regionCode: string; readonly on?: string | undefined }

/** Every row of the region up to the day; throws other-region. */
async function dailyOf({ runtime }: Ports, caller: Caller, asked: Asked) {
  const { regionCode } = asked
  if (!mayReadRegion(caller, regionCode)) throw billProblem({ kind: 'other-region' })
  await runtime.caughtUp(TOPICS.bill, CAUGHT_UP_MS)
  const on = dayAsked(asked.on, runtime.clock)
  const rows: DailyRow[] = []
  let after: string | undefined
  do {
    const from: { after?: string } = after === undefined ? {} : { after }
    const found: Page<DailyRow> = await readPage(runtime.views, dailyView, {
      ...{ equals: { regionCode }, by: 'rowNo', limit: PAGE_MAX, ...from },
    })
    rows.push(...found.rows.filter(({ day }) => day <= on))
    after = found.next ?? undefined
  } while (after !== undefined)
  return { on, rows }
}

function addSubsidies(ports: Ports): void {
  ports.runtime.http.get(
    '/v1/subsidies',
    {
      preHandler: readers,
      schema: { querystring: SumsQueryJson, response: { 200: SubsidiesJson } },
    },
    async ({ query, caller }) => {
      const { on, rows } = await dailyOf(ports, caller, query)
      const finance = rows.filter(({ payer }) => payerKind(payer) === 'finance')
      const groups = Map.groupBy(finance, ({ scheme, payer }) => `${scheme} ${payer}`)
      const subsidies = [...groups.values()].flatMap(of => {
        const [first] = of
        if (first === undefined) return []
        return [{ scheme: first.scheme, level: first.payer, ...sumsJson(added(of)) }]
      })
      return { regionCode: query.regionCode, on, subsidies }
    },
  )
}

function addRate(ports: Ports): void {
  ports.runtime.http.get(
    '/v1/collection-rate',
    {
      preHandler: readers,
      schema: { querystring: SumsQueryJson, response: { 200: CollectionRateJson } },
    },
    async ({ query, caller }) => {
      const { on, rows } = await dailyOf(ports, caller, query)
      const sums = added(rows)
      const { dueFen, receivedFen } = sums
      const rateBp = rateOf(receivedFen, dueFen)
      const reached = isReached(receivedFen, dueFen)
      return { regionCode: query.regionCode, on, ...sumsJson(sums), rateBp, reached }
    },
  )
}

function addEmployers({ runtime }: Ports): void {
  const querystring = Shape({ ...PAGE_QUERY, ...EmployerDuesQueryJson })
  runtime.http.get(
    '/v1/employer-dues',
    { preHandler: readers, schema: { querystring, response: { 200: EmployerDuesJson } } },
    async ({ query, caller }) => {
      const { regionCode, employerNo, period, limit, after } = query
      if (!mayReadRegion(caller, regionCode)) throw billProblem({ kind: 'other-region' })
      await runtime.caughtUp(TOPICS.bill, CAUGHT_UP_MS)
      const equals: Partial<EmployerRow> = {
        regionCode,
        ...(employerNo === undefined ? {} : { employerNo }),
        ...(period === undefined ? {} : { period }),
      }
      // A group has a row for each partition at most; one row more tells that another group comes.
      const from = after === undefined ? {} : { from: { rowNo: `${after}~` } }
      const found = await runtime.views.find(employerView, {
        ...{ equals, ...from, orderBy: ['rowNo'], limit: (limit + 1) * PARTITIONS },
      })
      const groups = [...Map.groupBy(found, row => `${row.employerNo}:${row.period}:`)]
      const page = groups.slice(0, limit)
      const next = groups.length > limit ? (page.at(-1)?.[0] ?? null) : null
      const dues = page.flatMap(([, rows]) => {
        const [first] = rows
        if (first === undefined) return []
        const { employerNo: no, period: of } = first
        return [{ employerNo: no, period: of, ...sumsJson(added(rows)) }]
      })
      return { regionCode, dues, next }
    },
  )
}

/** HTTP to cases: the queue, one case, release and rejection. Only reviewers decide. */
import { unreachable } from '@tongchou/contracts/decision.ts'
import {
  CaseJson,
  CasePageJson,
  CaseQueryJson,
  RejectCaseJson,
  ReleaseCaseJson,
} from '@tongchou/contracts/http/case.ts'
import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import type { ClaimId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { malformed } from '@tongchou/runtime/http/json-body.ts'
import type { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { problemReply } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Criteria } from '@tongchou/runtime/view/port.ts'
import type { Static } from 'typebox'
import type { CasePorts } from '../ports.ts'
import { FRAUD_PROBLEMS } from '../problems.ts'
import type { CaseHistory, KnownCase } from './answer.ts'
import { caseAfter, caseJson } from './answer.ts'
import type { CaseRefusal } from './decide.ts'
import type { CaseEvent } from './events.ts'
import type { CaseRow } from './view.ts'
import { casesView, rowJson } from './view.ts'

const READERS = ['reviewer', 'centre', 'auditor'] as const
const TAGS = ['cases']
const params = Shape({ claimId: UuidJson })

export function addCaseRoutes(http: Http, ports: CasePorts): void {
  addQueue(http, ports)
  http.get(
    '/v1/cases/:claimId',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'One case as it stands; for the treating and the insured region',
        tags: TAGS,
        params,
        response: { 200: CaseJson },
      },
    },
    async ({ params: { claimId }, caller }) => {
      const { state, history } = await readCase(ports, uuid<ClaimId>(claimId))
      refuseOthers(caller, state)
      return caseJson(state, history)
    },
  )
  addDecisions(http, ports)
}

function addQueue(http: Http, ports: CasePorts): void {
  http.get(
    '/v1/cases',
    {
      preHandler: requireRole(...READERS),
      schema: {
        summary: 'Cases of a treating region, oldest or largest first; a page at a time',
        tags: TAGS,
        querystring: CaseQueryJson,
        response: { 200: CasePageJson },
      },
    },
    async ({ query, caller }) => {
      const found = await ports.views.find(casesView, criteriaOf(query, caller))
      const column = query.order === 'age' ? 'byAge' : 'byAmount'
      const rows = found.filter(row => row[column] !== query.after)
      const page = rows.slice(0, query.limit)
      const next = rows.length > page.length ? (page.at(-1)?.[column] ?? null) : null
      return { cases: page.map(rowJson), next }
    },
  )
}

/** Bounds include the cursor's own row, and one row more tells whether there is a next page. */
function criteriaOf(query: Static<typeof CaseQueryJson>, caller: Caller): Criteria<CaseRow> {
  const { status, order, after, limit } = query
  const region = regionFor(caller, query.region)
  const bounds = {
    equals: region === null ? { status } : { status, treatingRegion: region },
    limit: limit + 2,
  }
  if (order === 'age') {
    return { ...bounds, orderBy: ['byAge'], ...(after !== undefined && { from: { byAge: after } }) }
  }
  if (after !== undefined && !/^[0-9]{16}_/.test(after)) {
    throw malformed('after comes from a page in another order', 'query.after', 'order: amount')
  }
  const amounts = { orderBy: ['byAmount'], descending: true } as const
  return { ...bounds, ...amounts, ...(after !== undefined && { to: { byAmount: after } }) }
}

/** The region of the token, whatever is asked; those who have all regions choose one or none. */
function regionFor(caller: Caller, asked: string | undefined): string | null {
  if (asked === undefined) return caller.region
  if (mayReadRegion(caller, asked)) return asked
  throw refusalProblem({ kind: 'other-region', treatingRegion: asked })
}

function addDecisions(http: Http, ports: CasePorts): void {
  const common = { tags: TAGS, params, response: { 200: CaseJson } }
  http.post(
    '/v1/cases/:claimId/release',
    {
      preHandler: requireRole('reviewer'),
      preValidation: (request, _reply, done) => {
        if (request.body === undefined) request.body = {}
        done()
      },
      schema: {
        summary: 'Agree that the claim is settled; above an amount a second reviewer has to agree',
        body: ReleaseCaseJson,
        ...common,
      },
    },
    ({ params: { claimId }, body, caller }) =>
      decideCase(ports, caller, { type: 'ReleaseCase', claimId, note: body.note ?? '' }),
  )
  http.post(
    '/v1/cases/:claimId/rejection',
    {
      preHandler: requireRole('reviewer'),
      schema: { summary: 'Refuse the claim for good', body: RejectCaseJson, ...common },
    },
    ({ params: { claimId }, body, caller }) =>
      decideCase(ports, caller, { type: 'RejectCase', claimId, note: body.note }),
  )
}

type Asked = {
  readonly type: 'ReleaseCase' | 'RejectCase'
  readonly claimId: string
  readonly note: string
}

async function decideCase(ports: CasePorts, caller: Caller, { type, claimId, note }: Asked) {
  const id = uuid<ClaimId>(claimId)
  const data = { claimId: id, reviewer: caller.subject, reviewerRegion: caller.region, note }
  const meta = commandMeta(ports, caller)
  const stream = ports.cases.streamOf(id)
  const { decision, position } = await ports.cases.handle(stream, { type, data, meta })
  if (!decision.accepted) throw refusalProblem(decision.refusal)
  const { state, history } = await readCase(ports, id)
  if (position !== null && state.status !== 'open') logDecision(ports, state)
  return caseJson(state, history)
}

function logDecision({ logger }: CasePorts, { status, opened }: KnownCase): void {
  const { claimId, treatingRegion } = opened
  logger.info({ event: 'case.closed', claimId, region: treatingRegion, outcome: status })
}

/** From the store itself: what another replica decided is seen. Throws `unknown-case`. */
async function readCase({ store, cases }: CasePorts, claimId: ClaimId) {
  const stream = cases.streamOf(claimId)
  const stored = (await store.readStreams([stream])).get(stream) ?? []
  const history: CaseHistory = stored.map(recorded).filter(isCaseEvent)
  const state = caseAfter(history)
  if (state.status === 'none') throw refusalProblem({ kind: 'unknown-case' })
  return { state, history }
}

function isCaseEvent<E extends { readonly type: string }>(event: E): event is E & CaseEvent {
  return event.type.startsWith('Case') || event.type === 'ReleaseApproved'
}

/** The treating region manages the institution, the insured region pays: both may see the case. */
function refuseOthers(caller: Caller, { opened }: KnownCase): void {
  const { treatingRegion, insuredRegion } = opened
  if (mayReadRegion(caller, treatingRegion) || mayReadRegion(caller, insuredRegion)) return
  throw refusalProblem({ kind: 'other-region', treatingRegion })
}

function refusalProblem(refusal: CaseRefusal): HttpProblem {
  const { kind, ...extensions } = refusal
  return problemReply(kind, FRAUD_PROBLEMS[kind], { detail: detailOf(refusal), extensions })
}

function detailOf(refusal: CaseRefusal): string {
  switch (refusal.kind) {
    case 'unknown-case':
      return 'the claim was never held, or its hold has not arrived here yet'
    case 'other-region':
      return 'the reviewers of the treating region decide; it manages the institution'
    case 'case-not-open':
      return 'the claim was withdrawn before a decision'
    case 'already-decided':
      return `the case was ${refusal.decision} by another decision`
    case 'same-reviewer':
      return `${refusal.approvals} of ${refusal.approvalsNeeded} reviewers agreed, you among them`
    default:
      return unreachable(refusal)
  }
}

/** HTTP to commands: submit, batch, reverse. */
import { assert } from '@tongchou/contracts/decision.ts'
import { ClaimAnswerJson, ClaimJson, ReverseClaimJson } from '@tongchou/contracts/http/claim.ts'
import { UuidJson } from '@tongchou/contracts/http/scalars.ts'
import type { ClaimId } from '@tongchou/contracts/id.ts'
import type { Topic } from '@tongchou/contracts/topics.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { Batcher } from '@tongchou/runtime/door/batcher.ts'
import { ndjsonBody, ndjsonChunks, replyNdjson } from '@tongchou/runtime/http/ndjson.ts'
import { HttpProblem, unavailable } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { ViewStore } from '@tongchou/runtime/view/port.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { ClaimState } from '../claim/state.ts'
import { answerOf, isAnswered } from './answer.ts'
import { answerLines } from './batch.ts'
import { checkParsed, refusalProblem } from './check.ts'
import type { DoorItem, DoorOutcome, DoorPorts } from './submit.ts'
import { isOwn, metaOf, submitAll } from './submit.ts'
import { claimView, OWN_EVENTS } from './view.ts'
import type { Waiting } from './waiting.ts'

const MAX_WAIT_S = 60
const BATCH_WAIT_MS = 60_000
/** A pause that an answer hardly shows: at 200 claims/s a third of the statements. */
const SPACING_MS = 20
const BATCH_CHUNK = 300
const CATCH_UP_MS = 1000
/** More claims of one person after another than anyone has in the years that rest on each other. */
const LATER_CLAIMS_SHOWN = 20

export type ClaimRoutePorts = DoorPorts & {
  readonly waiting: Waiting
  readonly views: ViewStore
  readonly caughtUp: (topic: Topic, timeoutMs: number) => Promise<boolean>
}

export function addClaimRoutes(http: Http, ports: ClaimRoutePorts): void {
  const batcher = new Batcher<DoorItem, DoorOutcome>({
    run: items => submitAll(ports, items),
    maxBatch: 300,
    maxInFlight: 2,
    maxQueue: 10_000,
    spacingMs: SPACING_MS,
  })
  const response = { 200: ClaimAnswerJson, 202: ClaimAnswerJson }
  http.post(
    '/v1/claims',
    {
      preHandler: requireRole('hospital', 'service'),
      config: { decimalsAsText: true },
      schema: { summary: 'Submit a claim', tags: ['claims'], body: ClaimJson, response },
    },
    async (request, reply) => {
      const claim = checkParsed(request.body)
      if (claim instanceof HttpProblem) throw claim
      const { caller, rawBody: raw } = request
      assert(raw !== null, 'a claim came in a body')
      const outcome = await batcher.submit({ claim, caller, raw })
      if (!outcome.ok) throw refusalProblem(outcome.refusal)
      const state = await ports.waiting.answered(outcome.stream, outcome.state, waitMs(request))
      return send(reply, state)
    },
  )
  http.post(
    '/v1/claims::batch',
    {
      preHandler: requireRole('hospital', 'service'),
      bodyLimit: Number.MAX_SAFE_INTEGER,
      config: { changes: 'lines' },
      schema: { summary: 'Submit claims as NDJSON, up to 100,000 lines', tags: ['claims'] },
    },
    (request, reply) => {
      const chunks = ndjsonChunks(ndjsonBody(request.body), BATCH_CHUNK, {
        decimalsAsText: true,
      })
      const { publicUrl } = http
      const batchPorts = { ...ports, publicUrl, waitMs: waitMs(request, BATCH_WAIT_MS) }
      return replyNdjson(reply, answerLines(batchPorts, request.caller, chunks))
    },
  )
  http.post(
    '/v1/claims/:claimId/reversal',
    {
      preHandler: requireRole('hospital', 'service'),
      schema: {
        summary: 'Withdraw a claim that is not settled, reverse one that is',
        tags: ['claims'],
        params: Type.Object({ claimId: UuidJson }),
        body: ReverseClaimJson,
        response,
      },
    },
    async (request, reply) => {
      const state = await reverse(
        ports,
        request.params.claimId as ClaimId,
        request.body.reason,
        request,
      )
      return send(reply, state)
    },
  )
}

/** Refuses `unknown-claim`, `other-institution`, `later-claims-depend`, `already-reversed`. */
async function reverse(
  ports: ClaimRoutePorts,
  claimId: ClaimId,
  reason: string,
  { caller }: FastifyRequest,
): Promise<ClaimState> {
  const { handler } = ports
  const stream = handler.streamOf(claimId)
  const { state } = await handler.load(stream)
  if (state.status === 'none') throw refusalProblem({ kind: 'unknown-claim' })
  if (!isOwn(caller, state.submission.institutionCode, ports.known)) {
    throw refusalProblem({ kind: 'other-institution', field: 'institutionCode' })
  }
  const ended = state.status === 'withdrawn' || state.status === 'reversed'
  if (!ended) await refuseWhenLaterDepend(ports, claimId)
  const command = { type: 'ReverseClaim', data: { reason }, meta: metaOf(ports, caller) } as const
  const handled = await handler.handle(stream, command)
  if (!handled.decision.accepted) throw refusalProblem(handled.decision.refusal)
  return handled.state
}

/** Law 9: until cascades exist, a claim that later claims of the person rest on stays as it is. */
async function refuseWhenLaterDepend(ports: ClaimRoutePorts, claimId: ClaimId): Promise<void> {
  if (!(await ports.caughtUp(OWN_EVENTS, CATCH_UP_MS)))
    throw unavailable('views are behind; send it again')
  const row = await ports.views.get(claimView, [claimId])
  if (row === undefined) throw unavailable('the claim is not in the view yet; send it again')
  const after = await ports.views.find(claimView, {
    equals: { personId: row.personId },
    from: { submittedPosition: row.submittedPosition + 1n },
    orderBy: ['submittedPosition'],
    limit: 1000,
  })
  const later = after.filter(
    ({ state }) => state === 'submitted' || state === 'held' || state === 'settled',
  )
  if (later.length === 0) return
  const claims = later.slice(0, LATER_CLAIMS_SHOWN).map(({ claimNo }) => claimNo)
  throw refusalProblem({ kind: 'later-claims-depend', claims })
}

/** Milliseconds of `Prefer: wait=N` (RFC 7240), at most a minute; absent = `otherwise`. */
export function waitMs(request: FastifyRequest, otherwise = 0): number {
  const header = request.headers['prefer']
  const match = /(?:^|[,;\s])wait=(\d{1,4})/.exec(
    Array.isArray(header) ? header.join(',') : (header ?? ''),
  )
  return match === null ? otherwise : Math.min(Number(match[1]), MAX_WAIT_S) * 1000
}

export function send(reply: FastifyReply, state: ClaimState): ReturnType<typeof answerOf> {
  const answer = answerOf(state)
  if (!isAnswered(state)) reply.code(202).header('location', `/v1/claims/${answer.claimId}`)
  return answer
}

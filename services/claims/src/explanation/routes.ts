/** HTTP to explanations: how the shares of a claim came about. */
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { ExplanationJson, PRESETTLEMENT, QuoteClaimJson } from '@tongchou/contracts/http/account.ts'
import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import { type ClaimId, type PersonId, uuid } from '@tongchou/contracts/id.ts'
import { type Caller, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { malformed } from '@tongchou/runtime/http/json-body.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { Type } from 'typebox'
import { readAccount } from '../account/load.ts'
import { ACCOUNT_READERS, accountProblem, refuseOthers } from '../account/routes.ts'
import type { AccountPorts } from '../ports.ts'
import { CLAIM_BYTES_MAX, claimIn } from '../quote/claim-in.ts'
import { changesSince, readPresettlement } from './assumed.ts'
import { explained, type SubmittedLines } from './explain.ts'

const PATH = '/v1/accounts/:personId/adjudications/:claimId/explanation'
const PARAMS = Shape({ personId: UuidJson, claimId: UuidJson })
const CommonJson = { presettlement: Type.Optional(PRESETTLEMENT) }
const schema = {
  tags: ['accounts'],
  params: PARAMS,
  response: { 200: ExplanationJson },
}

type Asked = {
  readonly personId: string
  readonly claimId: string
  readonly presettlement: string | undefined
  readonly claim: SubmittedLines | null
}

export function addExplanationRoutes(http: Http, ports: AccountPorts): void {
  const explain = explaining(ports)
  http.get(
    PATH,
    {
      preHandler: requireRole(...ACCOUNT_READERS),
      schema: {
        ...schema,
        summary:
          'How the shares came about: every step with its clause, computed again and compared',
        querystring: Shape(CommonJson),
      },
    },
    ({ params, query, caller }) =>
      explain(caller, { ...params, presettlement: query.presettlement, claim: null }),
  )
  http.post(
    PATH,
    {
      preHandler: requireRole('service'),
      bodyLimit: CLAIM_BYTES_MAX,
      config: { changes: 'nothing' },
      schema: {
        ...schema,
        summary: 'The same with the shares of each line, of the claim as it was submitted',
        body: Shape({ ...QuoteClaimJson.properties, ...CommonJson }),
      },
    },
    ({ params, body, caller }) => {
      const { presettlement } = body
      return explain(caller, { ...params, presettlement, claim: claimIn(body.claim) })
    },
  )
}

function explaining(ports: AccountPorts) {
  const differences = ports.metrics.counter('explanationDifferences', {})
  return async (caller: Caller, asked: Asked): Promise<ExplanationJson> => {
    const history = await readAccount(ports.store, uuid<PersonId>(asked.personId))
    const claimId = uuid<ClaimId>(asked.claimId)
    const found = explained(history, { claimId, claim: asked.claim }, ports.shelf.planOf)
    if (found === undefined) throw accountProblem({ kind: 'unknown-adjudication' })
    refuseOthers(caller, found.event.insuredRegion)
    if (found.ok) return { ...found.answer, changes: changesFor(asked.presettlement, found.event) }
    const { insuredRegion: region, packHash } = found.event
    const reason = found.difference.field
    ports.logger.error({ event: 'explanation.differed', claimId, region, packHash, reason })
    differences()
    throw accountProblem({ kind: 'explanation-differs', ...found.difference })
  }
}

function changesFor(text: string | undefined, event: ClaimAdjudicated): ExplanationJson['changes'] {
  if (text === undefined) return null
  const assumed = readPresettlement(text)
  if (assumed !== undefined) return [...changesSince(assumed, event)]
  throw malformed('this is no pre-settlement', 'presettlement', 'as presettle answered it')
}

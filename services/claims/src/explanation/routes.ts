/** HTTP to explanations: how the shares of a claim came about. */
import { ExplanationJson } from '@tongchou/contracts/http/account.ts'
import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import { type ClaimId, type PersonId, uuid } from '@tongchou/contracts/id.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { readAccount } from '../account/load.ts'
import { ACCOUNT_READERS, accountProblem, refuseOthers } from '../account/routes.ts'
import type { AccountPorts } from '../ports.ts'
import { explained } from './explain.ts'

export function addExplanationRoutes(http: Http, ports: AccountPorts): void {
  const differences = ports.metrics.counter('explanationDifferences', {})
  http.get(
    '/v1/accounts/:personId/adjudications/:claimId/explanation',
    {
      preHandler: requireRole(...ACCOUNT_READERS),
      schema: {
        summary:
          'How the shares came about: every step with its clause, computed again and compared',
        tags: ['accounts'],
        params: Shape({ personId: UuidJson, claimId: UuidJson }),
        response: { 200: ExplanationJson },
      },
    },
    async ({ params, caller }) => {
      const history = await readAccount(ports.store, uuid<PersonId>(params.personId))
      const claimId = uuid<ClaimId>(params.claimId)
      const found = explained(history, claimId, ports.shelf.planOf)
      if (found === undefined) throw accountProblem({ kind: 'unknown-adjudication' })
      refuseOthers(caller, found.event.insuredRegion)
      if (found.ok) return found.answer
      const { insuredRegion: region, packHash } = found.event
      const reason = found.difference.field
      ports.logger.error({ event: 'explanation.differed', claimId, region, packHash, reason })
      differences()
      throw accountProblem({ kind: 'explanation-differs', ...found.difference })
    },
  )
}

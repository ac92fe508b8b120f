/**
 * HTTP to quotes: what a claim would come to. The door, which authorises the caller, is the only
 * one to ask.
 */
import type { ClaimAdjudicated, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { QuoteClaimJson, QuoteJson } from '@tongchou/contracts/http/account.ts'
import { sharesJson } from '@tongchou/contracts/http/claim.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { unavailable } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { amountsJson } from '../account/answer.ts'
import { type AccountHistory, readAccount } from '../account/load.ts'
import { accountProblem } from '../account/routes.ts'
import { assumedBy, presettlementOf, validTo } from '../explanation/assumed.ts'
import { adjudicationOf, linesJson } from '../explanation/explain.ts'
import type { Plan } from '../policy/plan/plan.ts'
import type { AccountPorts, PackPorts } from '../ports.ts'
import { CLAIM_BYTES_MAX, claimIn } from './claim-in.ts'
import { quote } from './quote.ts'

export type QuotePorts = AccountPorts & Pick<PackPorts, 'shelved'>

export function addQuoteRoutes(http: Http, ports: QuotePorts): void {
  http.post(
    '/v1/quotes',
    {
      preHandler: requireRole('service'),
      bodyLimit: CLAIM_BYTES_MAX,
      config: { changes: 'nothing' },
      schema: {
        summary: 'Shares of a claim on the account as it stands; nothing is stored',
        tags: ['quotes'],
        body: QuoteClaimJson,
        response: { 200: QuoteJson },
      },
    },
    async ({ body, caller }) => {
      const claim = claimIn(body.claim)
      const { position } = await ports.store.head()
      const [plan, account] = await Promise.all([
        planFor(ports, claim, position),
        readAccount(ports.store, claim.personId),
      ])
      const meta = commandMeta(ports, caller)
      const event = eventFor(claim, { plan, account, meta })
      return answer({ event, claim }, ports, position)
    },
  )
}

/** Absence counts only once the shelf has read the log to its end (law 2). */
async function planFor({ shelf, shelved }: QuotePorts, claim: ClaimSubmitted, position: bigint) {
  const { insuredRegion: region, scheme, endOn: on } = claim
  const plan = shelf.planInForce(region, scheme, on)
  if (plan !== undefined) return plan
  if (!(await shelved(position))) throw unavailable('the policy log is being read')
  const later = shelf.planInForce(region, scheme, on)
  if (later !== undefined) return later
  const missing = { en: 'no pack is in force on that day', zh: '该日没有生效的政策包' }
  const refusal = { kind: 'no-policy', region, scheme, on, path: '', missing } as const
  throw accountProblem({ ...refusal, because: 'none-in-force' })
}

type Asked = {
  readonly plan: Plan
  readonly account: AccountHistory
  readonly meta: Parameters<typeof quote>[2]['meta']
}

/** A claim that the account has already is quoted as it was adjudicated. */
function eventFor(claim: ClaimSubmitted, { plan, account, meta }: Asked): ClaimAdjudicated {
  const quoted = quote(claim, plan, { state: account.state, meta })
  if (quoted?.ok === false) throw accountProblem(quoted.refusal)
  const event = quoted?.event ?? adjudicationOf(account.events, claim.claimId)
  if (event === undefined) throw accountProblem({ kind: 'unknown-adjudication' })
  return event
}

type Quoted = { readonly event: ClaimAdjudicated; readonly claim: ClaimSubmitted }

function answer({ event, claim }: Quoted, { shelf }: QuotePorts, position: bigint): QuoteJson {
  const plan = shelf.planOf(event.packHash)
  return {
    shares: sharesJson(event),
    totalsBefore: amountsJson(event.before),
    accountBeforeFen: fenToJson(event.balanceBeforeFen),
    assumptions: [...(plan?.assumptions ?? [])],
    asOfPosition: Number(position),
    lines: plan === undefined ? null : linesJson(claim.lines, event, plan.benefits[event.kind]),
    restsOn: [...assumedBy(event)],
    validTo: validTo(event, plan),
    presettlement: presettlementOf(event),
  }
}

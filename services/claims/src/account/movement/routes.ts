/** HTTP to account money without a claim: one door for each kind, and the list. */
import {
  AccountInheritanceJson,
  AccountPaymentJson,
  AccountWithdrawalJson,
  CardTransferJson,
  MovementJson,
  MovementPageJson,
  RegionTransferJson,
  RelativeJson,
  RelativesJson,
} from '@tongchou/contracts/http/account/movement.ts'
import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import { type PersonId, personIdOf, uuid } from '@tongchou/contracts/id.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import { businessDateOf } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { PAGE_QUERY } from '@tongchou/runtime/door/page.ts'
import { actingRegion } from '@tongchou/runtime/door/region.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { AccountPorts, PackPorts } from '../../ports.ts'
import { readAccount } from '../load.ts'
import { ACCOUNT_READERS, accountProblem, refuseOthers } from '../routes.ts'
import type { AccountState } from '../state.ts'
import type { Movement } from './commands.ts'

export type MovementPorts = AccountPorts &
  Pick<PackPorts, 'upToDate'> & { readonly personKey: Buffer }

const TAGS = ['accounts']
const PARAMS = Shape({ personId: UuidJson })
const agencies = requireRole('agency', 'centre')

export function addMovementRoutes(http: Http, ports: MovementPorts): void {
  addPolicyKinds(http, ports)
  addOtherKinds(http, ports)
  addRelatives(http, ports)
  addList(http, ports)
}

/** Kinds that a policy allows or measures. */
function addPolicyKinds(http: Http, ports: MovementPorts): void {
  const { personKey } = ports
  http.post(
    '/v1/accounts/:personId/payments',
    doorOf('Pay from the account for the person or a relative', AccountPaymentJson),
    ({ params, body, caller }) => {
      const { movementNo, relativeNo, amountFen, ...told } = body
      const forPersonId = relativeNo === undefined ? null : personIdOf(personKey, relativeNo)
      const movement = { kind: 'payment', ...told, forPersonId, amountFen: fen(amountFen) } as const
      return move(ports, caller, { ...params, movementNo, movement })
    },
  )
  http.post(
    '/v1/accounts/:personId/withdrawals',
    doorOf('Draw the balance after severe illness', AccountWithdrawalJson),
    ({ params, body: { movementNo, amountFen }, caller }) => {
      const asked = amountFen === undefined ? null : fen(amountFen)
      const movement = { kind: 'withdrawal', amountFen: asked } as const
      return move(ports, caller, { ...params, movementNo, movement })
    },
  )
  http.post(
    '/v1/accounts/:personId/card-transfers',
    doorOf('Send the share of a credit to the card that the policy says', CardTransferJson),
    ({ params, body: { movementNo, creditNo }, caller }) =>
      move(ports, caller, { ...params, movementNo, movement: { kind: 'card', creditNo } }),
  )
}

function addOtherKinds(http: Http, ports: MovementPorts): void {
  http.post(
    '/v1/accounts/:personId/inheritances',
    doorOf('Hand the balance to the heir, or to the pooled fund', AccountInheritanceJson),
    ({ params, body: { movementNo, heirNo }, caller }) => {
      const heirId = heirNo === null ? null : personIdOf(ports.personKey, heirNo)
      const movement = { kind: 'inheritance', heirId } as const
      return move(ports, caller, { ...params, movementNo, movement })
    },
  )
  http.post(
    '/v1/accounts/:personId/region-transfers',
    doorOf('Move the account with its balance to another region', RegionTransferJson),
    ({ params, body: { movementNo, toRegion }, caller }) =>
      move(ports, caller, { ...params, movementNo, movement: { kind: 'transfer', toRegion } }),
  )
}

function doorOf<const B>(summary: string, body: B) {
  const schema = { summary, tags: TAGS, params: PARAMS, body, response: { 200: MovementJson } }
  return { preHandler: agencies, schema }
}

type Asked = {
  readonly personId: string
  readonly movementNo: string
  readonly movement: Movement
}

/** The policy is looked up where the person is insured now. */
async function move(
  ports: MovementPorts,
  caller: Caller,
  { movementNo, movement, ...asked }: Asked,
): Promise<MovementJson> {
  const personId = uuid<PersonId>(asked.personId)
  const meta = commandMeta(ports, caller)
  await ports.upToDate()
  const { insured } = (await readAccount(ports.store, personId)).state
  const on = businessDateOf(meta.now)
  const plan = (insured && ports.shelf.planInForce(insured.regionCode, insured.scheme, on)) ?? null
  const acting = { personId, actingRegion: actingRegion(caller) }
  const data = { ...acting, movementNo, movement, plan }
  const { accounts } = ports
  const command = { type: 'MoveAccount', data, meta } as const
  const { decision, state } = await accounts.handle(accounts.streamOf(personId), command)
  if (!decision.accepted) throw accountProblem(decision.refusal)
  const moved = state.movements.find(known => known.movementNo === movementNo)
  if (moved === undefined) throw new Error('what was accepted is in the account')
  return movementJson(moved)
}

function movementJson({ scheme: _, ...moved }: AccountState['movements'][number]): MovementJson {
  const { amountFen, balanceFen } = moved
  return { ...moved, amountFen: fenToJson(amountFen), balanceFen: fenToJson(balanceFen) }
}

function addRelatives(http: Http, ports: MovementPorts): void {
  http.post(
    '/v1/accounts/:personId/relatives',
    {
      preHandler: agencies,
      schema: {
        summary: 'Register a relative whom the account may pay for',
        tags: TAGS,
        params: PARAMS,
        body: RelativeJson,
        response: { 200: RelativesJson },
      },
    },
    async ({ params, body, caller }) => {
      const personId = uuid<PersonId>(params.personId)
      const relativeId = personIdOf(ports.personKey, body.relativeNo)
      const acting = { personId, actingRegion: actingRegion(caller) }
      const data = { ...acting, relativeId, relation: body.relation }
      const meta = commandMeta(ports, caller)
      const { accounts } = ports
      const command = { type: 'RegisterRelative', data, meta } as const
      const { decision, state } = await accounts.handle(accounts.streamOf(personId), command)
      if (!decision.accepted) throw accountProblem(decision.refusal)
      return { personId, relatives: [...state.relatives] }
    },
  )
}

function addList(http: Http, ports: MovementPorts): void {
  http.get(
    '/v1/accounts/:personId/movements',
    {
      preHandler: requireRole(...ACCOUNT_READERS, 'centre'),
      schema: {
        summary: 'Movements of the account, in their order; a page at a time',
        tags: TAGS,
        params: PARAMS,
        querystring: Shape(PAGE_QUERY),
        response: { 200: MovementPageJson },
      },
    },
    async ({ params, query: { limit, after }, caller }) => {
      const { events, state } = await readAccount(ports.store, uuid<PersonId>(params.personId))
      if (events.length === 0) throw accountProblem({ kind: 'unknown-account' })
      refuseOthers(caller, state.insured?.regionCode)
      const from = state.movements.findIndex(({ movementNo }) => movementNo === after) + 1
      const page = state.movements.slice(from, from + limit)
      const last = from + limit < state.movements.length ? page.at(-1) : undefined
      return { movements: page.map(movementJson), next: last?.movementNo ?? null }
    },
  )
}

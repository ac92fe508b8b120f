/** What filled a personal account and what it paid come to its balance, claims or not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import type { AccountCommand } from '../account/commands.ts'
import { decide } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import { factsOfClaim } from '../account/facts.ts'
import type { Movement } from '../account/movement/commands.ts'
import { evolve, initialState } from '../account/state.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijing } from '../testing/demo.ts'
import { entitlementJson } from './answer.ts'

const meta = fixedMeta()
const plan = beijing()

function stay(name: string): AccountCommand {
  const claim = submittedWith({
    ...{ claimId: claimIdFor(name), useAccount: true },
    ...{ inScopeFen: fen(200_000), totalFen: fen(200_000) },
  })
  const { claimId, personId, institutionCode } = claim
  const data = { claimId, personId, institutionCode, facts: factsOfClaim(claim), plan }
  return { type: 'Adjudicate', data, meta }
}

function move(movementNo: string, movement: Movement): AccountCommand {
  const data = { personId: PERSON, actingRegion: null, movementNo, movement, plan: null }
  return { type: 'MoveAccount', data, meta }
}

const COMMANDS: readonly AccountCommand[] = [
  {
    type: 'ReceiveCredit',
    data: {
      ...{ personId: PERSON, regionCode: '110100', scheme: 'employee' },
      ...{ creditNo: 'C1', amountFen: fen(900_000), year: 2025 },
    },
    meta,
  },
  stay('undone'),
  { type: 'UndoAdjudication', data: { claimId: claimIdFor('undone'), personId: PERSON }, meta },
  stay('kept'),
  move('M1', { kind: 'transfer', toRegion: '310100' }),
  move('M2', { kind: 'inheritance', heirId: null }),
]

test('credits less what the account paid are its balance; a transfer pays nothing', () => {
  let state = initialState
  const events: AccountEvent[] = []
  const of = () =>
    entitlementJson({
      state,
      events: events.map((event, at) => ({ ...event, id: idFor(`event ${at}`) })),
      on: businessDate('2025-03-10'),
      insured: state.insured,
      plan: undefined,
      told: { bornOn: null, attributes: {} },
    })
  for (const command of COMMANDS) {
    const decision = decide(command, state)
    assert.ok(decision.accepted, command.type)
    events.push(...decision.events)
    state = decision.events.reduce(evolve, state)
    const { credits, accountUses, accountFen } = of()
    const sum = (list: readonly { readonly amountFen: number }[]) =>
      list.reduce((all, { amountFen }) => all + amountFen, 0)
    assert.equal(sum(credits) - sum(accountUses), accountFen, command.type)
  }
  const { accountUses, accountFen } = of()
  assert.equal(accountFen, 0)
  assert.deepEqual(
    accountUses.map(({ kind, claimId, movementNo }) => [kind, claimId, movementNo]),
    [
      ['pooledFund', null, 'M2'],
      ['claim', claimIdFor('kept'), null],
    ],
  )
})

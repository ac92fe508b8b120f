/** The whole demo set through the consumer's own functions, compared with the expected results. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { sharesJson } from '@tongchou/contracts/http/claim.ts'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { demoDocument, demoRecords } from '../../../../test/fixtures/demo-files.ts'
import { accountJson } from '../account/answer.ts'
import { type AccountEvent, isAccountEvent } from '../account/events.ts'
import { evolve, initialState } from '../account/state.ts'
import { followAccount, recomputeAdjudication } from '../explanation/recompute.ts'
import { accountsOver } from '../testing/consumed.ts'
import { demoMessages, demoPersonId, demoShelf } from '../testing/demo.ts'
import { claimMessage } from './claim-facts.ts'

const shelf = demoShelf()
const accounts = accountsOver(shelf)
const events = new Map<string, AccountEvent[]>()
const adjudications: ClaimAdjudicated[] = []

function keep(made: readonly AccountEvent[]): void {
  for (const event of made) {
    const { personId } = event.data
    events.set(personId, [...(events.get(personId) ?? []), event])
    if (event.type === 'ClaimAdjudicated') adjudications.push(event.data)
  }
}

for (const { personNo, accountBalanceFen, regionCode, scheme } of demoRecords('persons')) {
  if (accountBalanceFen === 0) continue
  const personId = demoPersonId(personNo)
  const amountFen = fen(accountBalanceFen)
  const data = { personId, regionCode, scheme, creditNo: `opening ${personNo}`, amountFen }
  keep(accounts.handle({ type: 'ReceiveCredit', data, meta: fixedMeta() }))
}
for (const message of demoMessages()) keep(accounts.take(claimMessage(message)))

/** A row of `expected/claims` in the names of the product's answers. */
function told(event: ClaimAdjudicated) {
  const { otherFundFen, packHash, owedFen, insuredRegion, treatingRegion, ...rest } =
    sharesJson(event)
  assert.deepEqual([otherFundFen, packHash], [0, event.packHash])
  const remote = insuredRegion !== treatingRegion
  assert.equal(owedFen, remote ? rest.totalFen - rest.cashFen : 0)
  return { insured: insuredRegion, treating: treatingRegion, ...rest }
}

describe('the demo set through consumer and decider', () => {
  test('every field of all 13,442 claims is the expected one', () => {
    const expected = demoRecords('expected/claims')
    assert.equal(adjudications.length, 13_442)
    for (const [index, row] of expected.entries()) {
      const { institutionCode, claimNo, ...shares } = row
      const event = adjudications[index]
      assert(event !== undefined)
      assert.equal(event.claimId, claimIdOf(String(institutionCode), String(claimNo)))
      assert.deepEqual(told(event), shares)
    }
  })

  test('the bytes of every account fold to the state of the first run', () => {
    for (const [personId, made] of events) {
      const folded = made
        .map(({ type, data }) => decodeEvent(encodeEvent(type, data)))
        .filter(isAccountEvent)
        .reduce(evolve, initialState)
      assert.deepEqual(folded, accounts.stateOf(personId))
    }
  })

  test('every account follows from its events, every claim computed again', () => {
    for (const made of events.values()) {
      let state = initialState
      for (const event of made) {
        const followed = followAccount(state, event, shelf.planOf)
        assert.equal(followed.difference, null)
        state = followed.state
      }
    }
  })

  test('every message again makes nothing', () => {
    const again = demoMessages().flatMap(message => accounts.take(claimMessage(message)))
    assert.deepEqual(again, [])
  })

  test('undoing the reversed claims gives the expected accounts', () => {
    const owner = new Map(adjudications.map(({ claimId, personId }) => [claimId, personId]))
    const reversed = demoRecords('reversals').map(({ institutionCode, claimNo }) => {
      const claimId = claimIdOf(institutionCode, claimNo)
      const personId = owner.get(claimId)
      assert(personId !== undefined)
      const data = { claimId, personId }
      keep(accounts.handle({ type: 'UndoAdjudication', data, meta: fixedMeta() }))
      return accountJson(personId, accounts.stateOf(personId), 2025)
    })
    const expected = demoDocument('expected/after-reversals').persons.map(
      ({ personNo, ...figures }) => ({ personId: demoPersonId(personNo), ...figures }),
    )
    const figures = reversed.map(({ regionCode: _, year: __, years: ___, ...rest }) => rest)
    assert.deepEqual(figures, expected)
  })

  test('one fen more in any stored amount is a difference', () => {
    const [event] = adjudications.filter(({ catastrophicFen, accountFen }) => {
      return catastrophicFen > 0n && accountFen > 0n
    })
    assert(event !== undefined)
    assert.equal(recomputeAdjudication(event, shelf.planOf), null)
    for (const [field, value] of Object.entries(event)) {
      if (typeof value !== 'bigint') continue
      const wrong = { ...event, [field]: value + 1n }
      assert.notEqual(recomputeAdjudication(wrong, shelf.planOf), null, field)
    }
  })
})

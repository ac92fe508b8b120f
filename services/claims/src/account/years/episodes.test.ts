/** A deductible that goes on after a transfer. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { followAccount } from '../../explanation/recompute.ts'
import { PACK, planOf } from '../../policy/testing/samples.ts'
import { claimIdFor, PERSON, submittedWith } from '../../testing/claims.ts'
import type { AccountCommand } from '../commands.ts'
import { decide } from '../decide.ts'
import { type AccountEvent, isAccountEvent } from '../events.ts'
import { factsOfClaim } from '../facts.ts'
import { type AccountState, evolve, initialState } from '../state.ts'

const meta = fixedMeta()
const means = { en: 'said', zh: '说明' }
const figure = (yuan: number) => ({ ladderFen: [yuan * 100], clause: 'C1' })
const { inpatient } = PACK.benefits
assert('layers' in inpatient)

/** 500 yuan at level 2, 800 at level 3, each stay anew, less what the episode bore. */
const plan = planOf({
  ...PACK,
  attributes: {
    episode: { default: '', means },
    borneFen: { default: 0, means },
  },
  history: { borneFen: { kind: 'episode' } },
  benefits: {
    ...PACK.benefits,
    inpatient: {
      ...inpatient,
      deductible: {
        per: 'stay',
        amount: { by: 'level', of: { tier2: figure(500), tier3: figure(800) } },
        less: 'borneFen',
      },
    },
  },
})

function stay(name: string, level: 'tier2' | 'tier3', episode = 'E1', on = '2025-03-01') {
  const day = businessDate(on)
  const data = submittedWith({
    ...{ claimId: claimIdFor(name), level, beginOn: day, endOn: day },
    attributes: episode === '' ? {} : { episode },
  })
  const { claimId, personId, institutionCode } = data
  const asked = { claimId, personId, institutionCode, facts: factsOfClaim(data), plan }
  return { type: 'Adjudicate', data: asked, meta } as const
}

function undoing(name: string): AccountCommand {
  return { type: 'UndoAdjudication', data: { claimId: claimIdFor(name), personId: PERSON }, meta }
}

function after(...commands: readonly AccountCommand[]) {
  let state: AccountState = initialState
  const events: AccountEvent[] = []
  for (const command of commands) {
    const decision = decide(command, state)
    assert(decision.accepted, `refused: ${command.type}`)
    for (const event of decision.events) {
      const kept = decodeEvent(encodeEvent(event.type, event.data))
      assert(isAccountEvent(kept))
      const followed = followAccount(state, kept, () => plan)
      assert.equal(followed.difference, null)
      state = followed.state
      events.push(kept)
    }
  }
  return { state, events }
}

/** Deductibles of the claims, in yuan. */
function borne(...commands: readonly AccountCommand[]): readonly number[] {
  return after(...commands).events.flatMap(event =>
    event.type === 'ClaimAdjudicated' ? [Number(event.data.deductibleFen) / 100] : [],
  )
}

/** @source P03-R31, capabilities CL-05 */
describe('after a transfer', () => {
  test('only what lacks of the higher deductible is charged, whatever the year', () => {
    assert.deepEqual(borne(stay('1', 'tier2'), stay('2', 'tier3')), [500, 300])
    assert.deepEqual(borne(stay('1', 'tier3'), stay('2', 'tier2')), [800, 0])
    const next = stay('2', 'tier3', 'E1', '2026-01-03')
    assert.deepEqual(borne(stay('1', 'tier2', 'E1', '2025-12-30'), next), [500, 300])
  })

  test('a third stay goes on from both', () => {
    const back = [stay('1', 'tier2'), stay('2', 'tier3'), stay('3', 'tier2')]
    assert.deepEqual(borne(...back), [500, 300, 0])
  })

  test('another episode, and a stay that names none, begin anew', () => {
    assert.deepEqual(borne(stay('1', 'tier2'), stay('2', 'tier3', 'E2')), [500, 800])
    assert.deepEqual(borne(stay('1', 'tier2', ''), stay('2', 'tier3', '')), [500, 800])
  })

  test('what was undone was never borne', () => {
    const undone = [stay('1', 'tier2'), undoing('1'), stay('2', 'tier3')]
    assert.deepEqual(borne(...undone), [500, 800])
    assert.deepEqual(after(stay('1', 'tier2'), undoing('1')).state.episodes, [])
  })

  test('what the account did not tell, or takes back otherwise, is found', () => {
    const { state, events } = after(stay('1', 'tier2'), stay('2', 'tier3'))
    const [first, second] = events
    assert(first?.type === 'ClaimAdjudicated' && second?.type === 'ClaimAdjudicated')
    const facts = { ...second.data.facts, history: { borneFen: '0' } }
    const forged = { ...second, data: { ...second.data, facts } }
    const found = followAccount(evolve(initialState, first), forged, () => plan).difference
    assert.equal(found?.field, 'facts.history')
    const { claimId, personId, year, effect, accountFen } = second.data
    const data = { claimId, personId, year, effect, accountFen, balanceFen: fen(0), episode: null }
    const undone = { type: 'AdjudicationUndone', data } as const
    assert.equal(followAccount(state, undone, () => plan).difference?.field, 'episode')
  })
})

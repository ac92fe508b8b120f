/** One person over years: new year in a stay, other category, region or scheme, death. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeEvent, encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimAdjudicated, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { fen, ZERO } from '@tongchou/contracts/money.ts'
import { INSURED_YEARS } from '@tongchou/contracts/reference/insured-years.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import { followAccount } from '../../explanation/recompute.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import { PACK, planOf } from '../../policy/testing/samples.ts'
import { planNamed } from '../../policy/testing/vectors/packs.ts'
import { totalsToMap } from '../../policy/totals.ts'
import { claimIdFor, PERSON, submittedWith } from '../../testing/claims.ts'
import { demoShelf } from '../../testing/demo.ts'
import type { AccountCommand } from '../commands.ts'
import { decide } from '../decide.ts'
import { type AccountEvent, isAccountEvent } from '../events.ts'
import { factsOfClaim } from '../facts.ts'
import { type AccountState, evolve, initialState, yearAt } from '../state.ts'

const meta = fixedMeta()
const shelf = demoShelf()
const day = businessDate
const asksForYears = planNamed('P03-resident')
const INSURED = '2022:whole:adult,2023:whole:adult,2024:whole:adult'

type Change = Partial<ClaimSubmitted> & { readonly on?: string }

/** A claim under the pack of the demo set in force there, or under the one that is given. */
function claim(name: string, { on = '2025-03-01', ...change }: Change = {}, given?: Plan) {
  const days = { beginOn: day(on), endOn: day(on) }
  const data = submittedWith({ claimId: claimIdFor(name), ...days, ...change })
  const { claimId, personId, institutionCode, insuredRegion, scheme, endOn } = data
  const plan = given ?? shelf.planInForce(insuredRegion, scheme, endOn)
  assert(plan !== undefined, `no pack of ${insuredRegion} ${scheme} on ${endOn}`)
  const facts = factsOfClaim(data)
  const asked = { claimId, personId, institutionCode, facts, plan }
  return { type: 'Adjudicate', data: asked, meta } as const
}

function credit(creditNo: string, amountFen: number, regionCode = '110100'): AccountCommand {
  const place = { personId: PERSON, regionCode, scheme: 'employee' } as const
  return { type: 'ReceiveCredit', data: { ...place, creditNo, amountFen: fen(amountFen) }, meta }
}

function undoing(name: string): AccountCommand {
  const data = { claimId: claimIdFor(name), personId: PERSON }
  return { type: 'UndoAdjudication', data, meta }
}

function after(...commands: readonly AccountCommand[]): {
  readonly state: AccountState
  readonly shares: readonly ClaimAdjudicated[]
  readonly events: readonly AccountEvent[]
} {
  let state = initialState
  const events: AccountEvent[] = []
  const shares: ClaimAdjudicated[] = []
  for (const command of commands) {
    const decision = decide(command, state)
    assert(decision.accepted, `refused: ${command.type}`)
    for (const event of decision.events) {
      state = evolve(state, event)
      events.push(event)
      if (event.type === 'ClaimAdjudicated') shares.push(event.data)
    }
  }
  return { state, shares, events }
}

function sharesOf(...commands: readonly AccountCommand[]): ClaimAdjudicated {
  const last = after(...commands).shares.at(-1)
  assert(last !== undefined)
  return last
}

describe('the year changes during a stay', () => {
  const overNewYear = { beginOn: day('2024-12-28'), endOn: day('2025-01-04') }

  /** @source RULES.md §2 "Year" */
  test('the stay is one claim of the year of discharge, with its totals', () => {
    const { state, shares } = after(claim('1', overNewYear), claim('2', { on: '2025-02-01' }))
    assert.deepEqual(
      shares.map(({ year, deductibleFen }) => [year, deductibleFen]),
      [
        [2025, 130_000n],
        [2025, 65_000n],
      ],
    )
    assert.equal(yearAt(state, 2024).entries.length, 0)
    assert.equal(yearAt(state, 2025).totals.stays.total, 2)
  })

  test('a visit of the old year settled later counts there alone', () => {
    const plan = planOf({ ...PACK, effectiveFrom: '2024-01-01' })
    const late = claim('2', { on: '2024-12-30' }, plan)
    const { state } = after(claim('1', overNewYear, plan), late)
    assert.deepEqual(
      [2024, 2025].map(year => yearAt(state, year).totals.stays.total),
      [1, 1],
    )
  })
})

describe('the category changes during a year', () => {
  /** @source RULES.md §2 "Status", §4.4 "stays of the year settled earlier" */
  test('the new status has its own figures, the stays and payments before it still count', () => {
    const { shares } = after(claim('1'), claim('2', { on: '2025-06-01', status: 'retired' }))
    const [active, retired] = shares
    assert.equal(retired?.deductibleFen, 65_000n)
    assert.equal(retired?.before['paidInFen'], active?.pooledFen)
    assert(active !== undefined && retired.fundBp > active.fundBp)
    assert.equal(after(claim('1', { status: 'retired' })).state.insured?.status, 'retired')
  })
})

describe('a move to another region', () => {
  const there = { insuredRegion: '310100', treatingRegion: '310100', on: '2025-09-01' }

  /** @source capabilities EN-13: balance leaving = balance booked; P01-R22 */
  test('takes the balance along: out of one region, into the other, and it pays there', () => {
    const moved = [credit('C1', 20_000), credit('OUT', -20_000), credit('IN', 20_000, '310100')]
    const { state } = after(...moved)
    assert.deepEqual([state.balanceFen, state.insured?.regionCode], [20_000n, '310100'])
    const paid = sharesOf(...moved, claim('1', { ...there, useAccount: true }))
    assert.deepEqual([paid.accountFen, paid.balanceBeforeFen], [20_000n, 20_000n])
  })

  test('money that the old region takes back later does not move the person back', () => {
    const { state } = after(credit('C1', 20_000), claim('1', there), credit('OUT', -20_000))
    assert.deepEqual([state.balanceFen, state.insured?.regionCode], [ZERO, '310100'])
  })

  /** @source RULES.md §2 "Everything is per person and year" */
  test('the totals of the year go on under the policy of the new region', () => {
    const paid = sharesOf(claim('1'), claim('2', there))
    assert.deepEqual([paid.before['stays'], paid.before['paidInFen']], [1n, 739_500n])
    assert.equal(paid.packHash, shelf.planInForce('310100', 'employee', day('2025-09-01'))?.hash)
  })

  test('undoing what the old region paid leaves what the new one counts', () => {
    const { state, shares } = after(claim('1'), claim('2', there), undoing('1'))
    assert.deepEqual(totalsToMap(yearAt(state, 2025).totals), shares[1]?.effect)
  })
})

describe('several schemes of one person, one after the other', () => {
  const resident = { scheme: 'resident', status: 'adult', on: '2025-08-01' } as const

  /** @source capabilities EN-11, RULES.md §2 "Policy", "per person and year" */
  test('each claim has the pack of its scheme, the year is one', () => {
    const { state, shares } = after(claim('1'), claim('2', resident))
    assert.equal(new Set(shares.map(({ packHash }) => packHash)).size, 2)
    assert.equal(shares[1]?.before['stays'], 1n)
    assert.deepEqual(
      [state.insured?.scheme, state.insured?.status, yearAt(state, 2025).totals.stays.total],
      ['resident', 'adult', 2],
    )
  })

  test('the personal account of the employee is still the same fund’s money', () => {
    const paid = sharesOf(credit('C1', 20_000), claim('1', { ...resident, useAccount: true }))
    assert.equal(paid.accountFen, 20_000n)
    assert.deepEqual(paid.layers.at(-1), {
      layer: 'account',
      fund: 'employee.account',
      amountFen: 20_000n,
    })
  })
})

describe('a person dies', () => {
  /** @source capabilities CO-23; P01-R22, P01-R23 */
  test('heirs empty the account; a stay that ended with the death is settled without it', () => {
    const last = claim('1', { useAccount: true })
    const paid = sharesOf(credit('C1', 20_000), credit('HEIR', -20_000), last)
    assert.deepEqual([paid.accountFen, paid.pooledFen], [ZERO, 739_500n])
  })

  test('a claim undone after that gives its account money back to the account', () => {
    const { state } = after(
      credit('C1', 20_000),
      claim('1', { useAccount: true }),
      credit('HEIR', 0),
      undoing('1'),
    )
    assert.equal(state.balanceFen, 20_000n)
  })
})

/** A visit of 1,500 yuan at a hospital in the reform, by a resident insured in these years. */
function visit(name: string, on: string, years = INSURED, amountFen = 150_000) {
  const attributes = { reformedHospital: 'true', [INSURED_YEARS]: years }
  const person = { scheme: 'resident', status: 'adult', level: 'tier2' } as const
  const of = { kind: 'outpatient', on, inScopeFen: fen(amountFen), attributes } as const
  return claim(name, { ...person, ...of }, asksForYears)
}

describe('years before, under a policy that asks for them', () => {
  /** @source P03-R16 to R20, P03-W4: 1,500 yuan above 200 of deductible at 50 % */
  test('three whole years without a claim lower the deductible by 300 yuan', () => {
    const paid = sharesOf(visit('1', '2025-03-01'))
    assert.deepEqual(paid.facts.history, { noClaimYears: '3', carriedFen: '900000' })
    assert.equal(paid.pooledFen, 65_000n)
    assert.equal(paid.facts.attributes['noClaimYears'], undefined)
  })

  /** @source P03-R21 */
  test('a year above its deductible begins the row anew', () => {
    const paid = sharesOf(visit('1', '2023-05-01', '2022:whole:adult'), visit('2', '2025-03-01'))
    assert.equal(paid.facts.history['noClaimYears'], '1')
    assert.equal(paid.pooledFen, 55_000n)
  })

  test('a reversed visit of an earlier year never was', () => {
    const paid = sharesOf(
      visit('1', '2024-05-01', '2022:whole:adult'),
      undoing('1'),
      visit('2', '2025-03-01'),
    )
    assert.equal(paid.facts.history['noClaimYears'], '3')
  })

  /** @source P03-R20 "insured for a full calendar year" */
  test('a year in part or without cover breaks the row', () => {
    const streak = (years: string) =>
      sharesOf(visit('1', '2025-03-01', years)).facts.history['noClaimYears']
    assert.equal(streak('2022:whole:adult,2023:part:adult,2024:whole:adult'), '1')
    assert.equal(streak('2022:whole:adult,2024:whole:adult'), '1')
    assert.equal(streak('2022:whole:adult'), '0')
  })

  test('a claim that does not tell the years of cover has the default, which is nobody’s guess', () => {
    const paid = sharesOf(visit('1', '2025-03-01', ''))
    assert.deepEqual(paid.facts.history, { noClaimYears: '0', carriedFen: '0' })
    assert.equal(paid.pooledFen, 50_000n)
  })

  test('a policy that asks for none is told none', () => {
    assert.deepEqual(sharesOf(claim('1')).facts.history, {})
  })
})

describe('whatever comes over the years, in whatever order', () => {
  const number = fc.nat({ max: 7 })
  const commands = fc.array(
    fc.oneof(
      number.map(index => {
        const on = `${2022 + (index % 4)}-0${1 + index}-01`
        const years = index % 3 === 0 ? '2022:whole:adult' : INSURED
        return visit(String(index), on, years, 10_000 * (index + 1))
      }),
      number.map(index => undoing(String(index))),
    ),
    { maxLength: 30 },
  )

  test('every event follows from those before it, also what the account told of its years', () => {
    const packOf = () => asksForYears
    fc.assert(
      fc.property(commands, asked => {
        let folded = initialState
        for (const event of after(...asked).events) {
          const kept = decodeEvent(encodeEvent(event.type, event.data))
          assert(isAccountEvent(kept))
          const followed = followAccount(folded, kept, packOf)
          assert.equal(followed.difference, null)
          folded = followed.state
        }
        assert.deepEqual(folded, after(...asked).state)
      }),
    )
  })

  test('a claim after everything is undone is what it is on an account without claims', () => {
    const undoAll = Array.from({ length: 8 }, (_, index) => undoing(String(index)))
    fc.assert(
      fc.property(commands, asked => {
        const paid = sharesOf(...asked, ...undoAll, visit('last', '2025-11-01'))
        assert.deepEqual(paid, sharesOf(visit('last', '2025-11-01')))
      }),
    )
  })

  test('history that the account does not tell is found by who checks the stream', () => {
    const [event] = after(visit('1', '2025-03-01')).events
    assert(event?.type === 'ClaimAdjudicated')
    const { facts } = event.data
    const history = { ...facts.history, noClaimYears: '2' }
    const forged = { ...event, data: { ...event.data, facts: { ...facts, history } } }
    const found = followAccount(initialState, forged, () => asksForYears).difference
    assert.deepEqual(
      [found?.field, found?.recomputed],
      ['facts.history', 'carriedFen=900000 noClaimYears=3'],
    )
  })
})

/** Runs the vectors about claims: every figure comes out of the engine and its explanation. */
import assert from 'node:assert/strict'
import { type Fen, fen, fenToJson, minus, remainder } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { explain } from '../../adjudicate.ts'
import type { Attributes, BenefitFacts, Level } from '../../facts.ts'
import type { Step, StepName } from '../../layers/steps.ts'
import type { BenefitOutcome } from '../../outcome.ts'
import type { Plan } from '../../plan/plan.ts'
import type { BenefitTotals } from '../../totals.ts'
import { historyAttributes, type PastYear } from '../../years/history.ts'
import { stays, year } from '../samples.ts'
import { assuming, planNamed } from './packs.ts'
import { type Figures, flag, list, money, type Runner, text, type Vector } from './vector.ts'

/** The words of the vectors for levels. */
const LEVELS: Readonly<Record<string, Level>> = {
  L3: 'tier3',
  L2: 'tier2',
  L1: 'tier1',
  COMMUNITY: 'community',
  COUNTY_PLUS: 'tier2',
}
const HOME = '220700'
const ON = businessDate('2018-06-01')

function factsOf(plan: Plan, vector: Vector, changes: Partial<BenefitFacts> = {}): BenefitFacts {
  const inScopeFen = money(vector, 'eligibleFen')
  const fullSelfFen = money(vector, 'selfPaidFen')
  const outside = text(vector, 'place') === 'outsideApprovedOrEmergency'
  const { scheme } = plan
  assert.ok(scheme !== null)
  const resident = flag(vector, 'child') ? 'child' : 'adult'
  const facts: BenefitFacts = {
    kind: 'inpatient',
    level: LEVELS[text(vector, 'level')] ?? 'tier3',
    insuredRegion: HOME,
    treatingRegion: outside ? '220100' : HOME,
    scheme,
    status: scheme === 'resident' ? resident : text(vector, 'status'),
    ageOnYearStart: Number(text(vector, 'age')),
    beginOn: ON,
    endOn: ON,
    emergency: outside,
    filings: [],
    fullSelfFen,
    overLimitFen: fen(0),
    firstShareFen: fen(0),
    inScopeFen,
    totalFen: fen(inScopeFen + fullSelfFen),
    useAccount: true,
    attributes: attributesOf(vector),
  }
  const changed = { ...facts, ...changes }
  return { ...changed, totalFen: fen(changed.inScopeFen + changed.fullSelfFen) }
}

/** Every input of the vector is told as an attribute: a pack takes those that it declares. */
function attributesOf({ input }: Vector): Attributes {
  const entries = Object.entries(input).filter(([, value]) => typeof value !== 'object')
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

type Ran = { readonly outcome: BenefitOutcome; readonly steps: readonly Step[] }

function run(plan: Plan, facts: BenefitFacts, totals: BenefitTotals): Ran {
  const { outcome, steps } = explain(plan, facts, totals)
  assert.ok(outcome.kind === 'adjudicated', 'path' in outcome ? outcome.path : '')
  return { outcome, steps }
}

function stepsOf({ steps }: Ran, name: StepName, layer: string): readonly Step[] {
  return steps.filter(found => found.name === name && found.layer === layer)
}

function amountIn(value: unknown): Fen {
  assert.ok(typeof value === 'bigint')
  return fen(value)
}

/** [cost inside, fund] of each band that the claim meets. */
function bandsOf(ran: Ran, layer: string): readonly (readonly [Fen, Fen])[] {
  return stepsOf(ran, 'band', layer).map(
    ({ inputs, result }) => [amountIn(inputs['overlapFen']), amountIn(result)] as const,
  )
}

function insideOf(ran: Ran, layer: string): Fen {
  return amountIn(stepsOf(ran, 'due', layer)[0]?.inputs['insideFen'])
}

function json(bands: readonly (readonly Fen[])[]): readonly (readonly number[])[] {
  return bands.map(amounts => amounts.map(fenToJson))
}

function sharesOf({ outcome }: Ran): Figures {
  return {
    deductibleFen: fenToJson(outcome.deductibleFen),
    pooledFen: fenToJson(outcome.pooledFen),
    basicFen: fenToJson(outcome.pooledFen),
    fundFen: fenToJson(outcome.pooledFen),
    largeAmountFen: fenToJson(outcome.largeAmountFen),
    supplementFen: fenToJson(outcome.largeAmountFen),
    criticalIllnessFen: fenToJson(outcome.catastrophicFen),
    civilServantFen: fenToJson(outcome.civilServantFen),
    personalAccountFen: fenToJson(outcome.accountFen),
    outOfPocketFen: fenToJson(outcome.cashFen),
  }
}

function stayOf(plan: Plan, vector: Vector, before: Partial<BenefitTotals>): Ran {
  const totals = year({ stays: stays(Number(text(vector, 'nth')) - 1), ...before })
  return run(plan, factsOf(plan, vector), totals)
}

const stay: Runner = vector => {
  const ran = stayOf(planNamed(vector.pack), vector, {
    aboveDeductibleFen: money(vector, 'accumulatedFen'),
    paidInFen: money(vector, 'basicPaidFen'),
    paidLargeFen: money(vector, 'largePaidFen'),
    accountFen: money(vector, 'personalAccountFen'),
  })
  const tiers = bandsOf(ran, 'pooled').map(([inside, fund]) => [inside, minus(inside, fund), fund])
  return { tiers: json(tiers), ...sharesOf(ran) }
}

const LADDER = 'benefits.inpatient.deductible.amount'

const stayWithMaximum: Runner = vector => {
  const plan = assuming('P02', { [LADDER]: { ladderFen: [Number(text(vector, 'deductibleFen'))] } })
  const ran = stayOf(plan, vector, {
    paidInFen: money(vector, 'pooledPaidFen'),
    own: { 'own.outOfPocket': money(vector, 'inScopePaidFen') },
  })
  const borneFen = ran.outcome.effect.own['own.outOfPocket'] ?? fen(0)
  return { ...sharesOf(ran), inScopePersonFen: fenToJson(borneFen) }
}

const laterStay: Runner = vector => {
  const plan = assuming('P16', {
    [LADDER]: { ladderFen: [Number(text(vector, 'deductibleFen'))] },
    'benefits.inpatient.layers.0.bands.0.rate': { fundBp: Number(text(vector, 'fundBp')) },
  })
  return sharesOf(stayOf(plan, vector, { paidInFen: money(vector, 'fundPaidFen') }))
}

/** Basic insurance was settled elsewhere and handed over what it paid. */
function handedOver(vector: Vector, paidFen: Fen): Attributes {
  const handed = { basicHandedOver: true, basicPaidFen: String(paidFen) }
  return { ...attributesOf(vector), largeAmountPremium: flag(vector, 'premiumPaid'), ...handed }
}

const criticalIllness: Runner = vector => {
  const plan = planNamed('P03-resident')
  const attributes = handedOver(vector, money(vector, 'basicPaidFen'))
  const totals = year({ burdenFen: money(vector, 'burdenBeforeFen') })
  const ran = run(plan, factsOf(plan, vector, { attributes }), totals)
  return { ...sharesOf(ran), segments: json(bandsOf(ran, 'criticalIllness')) }
}

const largeAmount: Runner = vector => {
  const plan = planNamed('P03-employee')
  const attributes = handedOver(vector, fen(0))
  const beforeFen = money(vector, 'costBeforeFen')
  const ran = run(plan, factsOf(plan, vector, { attributes }), year({ costInFen: beforeFen }))
  const insideFen = insideOf(ran, 'largeAmount')
  const fromFen = amountIn(stepsOf(ran, 'band', 'largeAmount')[0]?.inputs['startFen'])
  const basicFen = remainder(fromFen, beforeFen)
  return {
    ...sharesOf(ran),
    basicSegmentFen: fenToJson(basicFen),
    layerFen: fenToJson(insideFen),
    personInLayerFen: fenToJson(minus(insideFen, ran.outcome.largeAmountFen)),
    aboveLayerFen: fenToJson(minus(minus(money(vector, 'eligibleFen'), insideFen), basicFen)),
  }
}

function visitOf(plan: Plan, vector: Vector, changes: Partial<BenefitFacts>, before: Fen): Ran {
  const attributes = { ...attributesOf(vector), reformedHospital: true, ...changes.attributes }
  const facts = factsOf(plan, vector, {
    kind: 'outpatient',
    level: 'tier2',
    ...changes,
    attributes,
  })
  return run(plan, facts, year({ costOutFen: before }))
}

function deductibleOfVisit(ran: Ran): number {
  return fenToJson(amountIn(stepsOf(ran, 'band', 'pooled')[0]?.inputs['startFen']))
}

const outpatient: Runner = vector => {
  const ran = visitOf(planNamed('P03-resident'), vector, {}, money(vector, 'costBeforeFen'))
  return {
    ...sharesOf(ran),
    deductibleFen: deductibleOfVisit(ran),
    reimbursableFen: fenToJson(insideOf(ran, 'pooled')),
  }
}

function yearsOf(costs: readonly Fen[], status: string): readonly PastYear[] {
  return costs.map((costOutFen, index) => ({
    year: 2010 + index,
    totals: year({ costOutFen }),
    wholeYear: true,
    status,
  }))
}

/** More than any limit, so that limits alone decide. */
const PLENTY = fen(10_000_000_000)

const noClaimSequence: Runner = vector => {
  const plan = planNamed('P03-resident')
  const past = yearsOf(list(vector, 'yearCostsFen'), 'adult')
  const deductiblesFen = [...past.keys(), past.length].map(years => {
    const attributes = historyAttributes(plan, past.slice(0, years))
    return deductibleOfVisit(visitOf(plan, vector, { attributes, inScopeFen: PLENTY }, fen(0)))
  })
  return { deductiblesFen }
}

const carryOver: Runner = vector => {
  const maximum = Number(text(vector, 'inpatientMaximumFen'))
  const place = 'benefits.inpatient.layers.0.cap.amount'
  const plan = assuming('P03-resident', { [place]: { fen: maximum } })
  const earlier = historyAttributes(plan, yearsOf(list(vector, 'yearCostsFen'), 'adult'))
  const attributes = { ...handedOver(vector, PLENTY), ...earlier }
  const ran = run(plan, factsOf(plan, vector, { attributes, inScopeFen: PLENTY }), year())
  return {
    carriedFen: Number(earlier['carriedFen']),
    inpatientMaximumFen: fenToJson(ran.outcome.pooledFen),
  }
}

const loweredDeductible: Runner = vector => {
  const normal = list(vector, 'normalFen').map(fenToJson)
  const plan = assuming('P03-employee', { [LADDER]: { ladderFen: normal } })
  const past = yearsOf([money(vector, 'lastYearOutpatientFen')], text(vector, 'status'))
  const attributes = { ...handedOver(vector, fen(0)), ...historyAttributes(plan, past) }
  const facts = factsOf(plan, vector, { attributes, inScopeFen: PLENTY })
  const deductiblesFen = normal.map((_, before) =>
    fenToJson(run(plan, facts, year({ stays: stays(before) })).outcome.deductibleFen),
  )
  return { deductiblesFen }
}

const supplement: Runner = vector => {
  const plan = planNamed('P05')
  const excessFen = money(vector, 'eligibleFen')
  const attributes = { excessFen: String(excessFen) }
  const totals = year({ own: { 'own.excess': money(vector, 'excessBeforeFen') } })
  const ran = run(plan, factsOf(plan, vector, { attributes }), totals)
  return {
    ...sharesOf(ran),
    segments: json(bandsOf(ran, 'supplement')),
    beyondFen: fenToJson(minus(excessFen, insideOf(ran, 'supplement'))),
  }
}

/** By function, and by pack where several packs have one of that name. */
export const CLAIM_RUNNERS: Readonly<Record<string, Runner>> = {
  'P01 inpatient': stay,
  'P04 inpatient': stay,
  'P02 inpatient': stayWithMaximum,
  'P16 inpatient': laterStay,
  residentCriticalIllness: criticalIllness,
  employeeLargeAmount: largeAmount,
  residentOutpatient: outpatient,
  noClaimSequence,
  outpatientCarryOver: carryOver,
  employeeInpatientDeductible: loweredDeductible,
  supplement,
}

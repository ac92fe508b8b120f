/** How each computed example is put to the oracle: what the year holds becomes earlier claims. */
import * as dues from './packs/dues.ts'
import * as funds from './packs/funds.ts'
import * as P01 from './packs/p01.ts'
import * as P02 from './packs/p02.ts'
import * as P03 from './packs/p03.ts'
import * as P04 from './packs/p04.ts'
import * as P05 from './packs/p05.ts'
import * as P16 from './packs/p16.ts'
import { claimWith, earlier, history, staysBefore } from './sample.ts'
import type { Claim, Level } from './words/claim.ts'
import { total } from './words/fen.ts'

type Input = Readonly<Record<string, unknown>>
type Runner = (input: Input) => unknown

const LEVELS: Readonly<Record<string, Level>> = {
  L3: 'tier3',
  L2: 'tier2',
  L1: 'tier1',
  COMMUNITY: 'community',
  COUNTY_PLUS: 'tier2',
}

function fen(input: Input, name: string): bigint {
  return BigInt(Number(input[name] ?? 0))
}

function fens(input: Input, name: string): readonly bigint[] {
  const list = input[name]
  if (!Array.isArray(list)) throw new TypeError(`${name} is no list`)
  return list.map(BigInt)
}

function text(input: Input, name: string): string {
  return String(input[name])
}

function claimOf(input: Input, differs: Partial<Claim> = {}): Claim {
  return claimWith({
    level: LEVELS[text(input, 'level')] ?? 'tier3',
    status: text(input, 'status'),
    age: Number(input['age'] ?? 0),
    inScope: fen(input, 'eligibleFen'),
    fullSelf: fen(input, 'selfPaidFen'),
    ...differs,
  })
}

function computed<T>(result: T | { readonly noRule: string }): T {
  if (typeof result === 'object' && result !== null && 'noRule' in result) {
    throw new Error(result.noRule)
  }
  return result as T
}

function p01Stay(input: Input): unknown {
  const accountFen = fen(input, 'personalAccountFen')
  const claim = claimOf(input, {
    useAccount: accountFen > 0n,
    says: { civilServant: input['civilServant'] === true },
  })
  const first = earlier({ inScope: fen(input, 'accumulatedFen') })
  const year = history(staysBefore(Number(input['nth']), first), accountFen)
  const { tiers } = P01.stay(claim, year)
  const paid = computed(P01.P01.settle(claim, year))
  return {
    deductibleFen: paid.deductible,
    tiers,
    pooledFen: paid.pooled,
    largeAmountFen: paid.largeAmount,
    civilServantFen: paid.civilServant,
    personalAccountFen: paid.account,
    outOfPocketFen: paid.cash,
  }
}

function p01Contribution(input: Input): unknown {
  const status = text(input, 'status') === 'retired' ? 'retired' : 'active'
  const due = dues.p01({
    status,
    age: Number(input['age']),
    civilServant: input['civilServant'] === true,
    averageWage: fen(input, 'averageWageFen'),
    wage: fen(input, 'wageFen'),
  })
  return {
    baseFen: due.base,
    employerFen: due.employer,
    personFen: due.ofPerson,
    largeAmountFen: due.largeAmount,
    largeAmountPayer: due.largeAmountPayer,
    accountCreditFen: due.accountCredit,
    civilServantFundFen: due.civilServantFund,
  }
}

function p02Stay(input: Input): unknown {
  const pooled = fen(input, 'pooledPaidFen')
  // Two earlier figures of the year, which one earlier stay can hold.
  const first = earlier({ inScope: pooled + fen(input, 'inScopePaidFen') }, { pooled })
  const claim = claimOf(input)
  const given = { deductible: () => fen(input, 'deductibleFen'), largeAmountBp: null }
  const year = history(staysBefore(Number(input['nth']), first))
  const { person } = computed(P02.stay(given, claim, year))
  const paid = computed(P02.p02(given).settle(claim, year))
  return {
    deductibleFen: paid.deductible,
    pooledFen: paid.pooled,
    largeAmountFen: paid.largeAmount,
    outOfPocketFen: paid.cash,
    inScopePersonFen: person,
  }
}

function p03Illness(input: Input): unknown {
  const burden = fen(input, 'eligibleFen') - fen(input, 'basicPaidFen')
  const { segments, fund } = P03.residentCriticalIllness(fen(input, 'burdenBeforeFen'), burden)
  return {
    segments,
    criticalIllnessFen: fund,
    outOfPocketFen: burden - fund + fen(input, 'selfPaidFen'),
  }
}

function p03LargeAmount(input: Input): unknown {
  const paid = P03.employeeLargeAmount(
    fen(input, 'costBeforeFen'),
    fen(input, 'eligibleFen'),
    input['premiumPaid'] === true,
  )
  return {
    basicSegmentFen: paid.basicSegment,
    layerFen: paid.inLayer,
    largeAmountFen: paid.fund,
    personInLayerFen: paid.person,
    aboveLayerFen: paid.above,
  }
}

function p03Outpatient(input: Input): unknown {
  const eligible = fen(input, 'eligibleFen')
  const before = fen(input, 'costBeforeFen')
  const visit = P03.residentOutpatient(before, eligible, Number(input['noClaimYears']))
  return {
    deductibleFen: visit.deductible,
    reimbursableFen: visit.reimbursable,
    fundFen: visit.fund,
    outOfPocketFen: eligible - visit.fund + fen(input, 'selfPaidFen'),
  }
}

function p03CarryOver(input: Input): unknown {
  const carriedFen = P03.outpatientCarryOver(
    fen(input, 'outpatientMaximumFen'),
    fens(input, 'yearCostsFen'),
  )
  return { carriedFen, inpatientMaximumFen: carriedFen + fen(input, 'inpatientMaximumFen') }
}

function p04Stay(input: Input): unknown {
  const isOutside = input['place'] === 'outsideApprovedOrEmergency'
  const claim = claimOf(input, {
    status: input['child'] === true ? 'child' : 'adult',
    treating: isOutside ? '220100' : '110100',
    emergency: isOutside,
    says: {
      waitingOver: input['waitingOver'] === true,
      largeAmountPremium: input['largeAmountPremium'] === true,
    },
  })
  const pooled = fen(input, 'basicPaidFen')
  const largeAmount = fen(input, 'largePaidFen')
  const first = earlier({ inScope: pooled + largeAmount }, { pooled, largeAmount })
  const year = history(staysBefore(Number(input['nth']), first))
  const paid = computed(P04.P04.settle(claim, year))
  return {
    deductibleFen: paid.deductible,
    basicFen: paid.pooled,
    largeAmountFen: paid.largeAmount,
    outOfPocketFen: paid.cash,
  }
}

function p05Supplement(input: Input): unknown {
  const said = (name: string) => ({ excessFen: Number(input[name]) })
  const claim = claimOf(input, { says: said('eligibleFen') })
  const inScope = fen(input, 'excessBeforeFen')
  const year = history([earlier({ inScope, says: said('excessBeforeFen') })])
  const { segments, supplement, beyond } = P05.supplement(claim, year)
  const { cash } = computed(P05.P05.settle(claim, year))
  return { segments, supplementFen: supplement, beyondFen: beyond, outOfPocketFen: cash }
}

function p08Budget(input: Input): unknown {
  const monthlyMode = input['monthlyMode'] === 'actual90' ? 'actual90' : 'quotaTwelfth'
  const year = funds.totalBudget({
    quota: fen(input, 'quotaFen'),
    actual: [fen(input, 'actualFen')],
    monthlyMode,
    fundShareOfOverspendBp: Number(input['fundShareOfOverspendBp']),
  })
  return {
    monthlyPaidFen: total(year.monthly),
    settledFen: year.settled,
    yearEndFen: year.yearEnd,
    hospitalBearsFen: year.hospitalBears,
  }
}

function p16Stay(input: Input): unknown {
  const claim = claimOf(input)
  const pooled = fen(input, 'fundPaidFen')
  const year = history(staysBefore(Number(input['nth']), earlier({ inScope: pooled }, { pooled })))
  const given = {
    deductible: () => fen(input, 'deductibleFen'),
    fundBp: () => Number(input['fundBp']),
  }
  const paid = computed(P16.p16(given).settle(claim, year))
  return { deductibleFen: paid.deductible, fundFen: paid.pooled, outOfPocketFen: paid.cash }
}

function p20Subsidy(input: Input): unknown {
  const parts = dues.p20Subsidy(text(input, 'category'), fen(input, 'premiumFen'))
  return {
    centralFen: parts.central,
    provinceFen: parts.province,
    localFen: parts.local,
    familyFen: parts.family,
  }
}

function p05LateFee(input: Input): unknown {
  const { days, fee } = dues.p05LateFee(fen(input, 'amountFen'), {
    due: text(input, 'dueDate'),
    noticeDelivered: text(input, 'noticeDelivered'),
    paid: text(input, 'paid'),
  })
  return { days, feeFen: fee }
}

function p06Month(): unknown {
  const month = dues.p06EmployeeMonth()
  const { employer, person } = month
  return { employerFen: employer, personFen: person, totalFen: total([employer, person]) }
}

function p06Reconcile(input: Input): unknown {
  const figures = dues.p06Reconcile(fen(input, 'members'), fen(input, 'bookedIncomeFen'))
  return { expectedFen: figures.expected, differenceFen: figures.difference }
}

function p03Penalty(input: Input): unknown {
  const { recover, fineMin, fineMax } = P03.fraudPenalty(fen(input, 'fraudFen'))
  return { recoverFen: recover, fineMinFen: fineMin, fineMaxFen: fineMax }
}

function p03ToCard(input: Input): unknown {
  const { toCard, stays } = P03.accountToCard(fen(input, 'monthCreditFen'))
  return { toCardFen: toCard, staysFen: stays }
}

function p10Floors(input: Input): unknown {
  const cap = input['capFen'] === null ? null : fen(input, 'capFen')
  return { breaches: funds.floorBreaches(text(input, 'scheme'), Number(input['fundBp']), cap) }
}

export const runners: Readonly<Record<string, Runner>> = {
  'P01 inpatient': p01Stay,
  'P01 contribution': p01Contribution,
  'P02 inpatient': p02Stay,
  'P03 residentCriticalIllness': p03Illness,
  'P03 employeeLargeAmount': p03LargeAmount,
  'P03 residentOutpatient': p03Outpatient,
  'P03 noClaimSequence': input => ({
    deductiblesFen: P03.noClaimSequence(
      fen(input, 'normalDeductibleFen'),
      fens(input, 'yearCostsFen'),
    ),
  }),
  'P03 outpatientCarryOver': p03CarryOver,
  'P03 employeeInpatientDeductible': input => ({
    deductiblesFen: P03.employeeInpatientDeductible(
      text(input, 'status'),
      fen(input, 'lastYearOutpatientFen'),
      fens(input, 'normalFen'),
    ),
  }),
  'P03 fraudPenalty': p03Penalty,
  'P03 accountToCard': p03ToCard,
  'P04 inpatient': p04Stay,
  'P04 riskReserve': input => ({
    drawFen: funds.riskReserve(
      fen(input, 'incomeFen'),
      fen(input, 'surplusFen'),
      fen(input, 'balanceFen'),
    ),
  }),
  'P05 supplement': p05Supplement,
  'P05 lateFee': p05LateFee,
  'P06 cangnanEmployeeMonth': p06Month,
  'P06 cangnanReconcile': p06Reconcile,
  'P07 runway': input => ({
    months:
      Number(funds.runwayHundredths(text(input, 'balance'), text(input, 'monthlySpend'))) / 100,
  }),
  'P08 totalBudget': p08Budget,
  'P10 floorCheck': p10Floors,
  'P11 zhoushan2010': input => ({ monthFen: dues.p11Month(fen(input, 'averageMonthlyWageFen')) }),
  'P16 inpatient': p16Stay,
  'P20 hljSubsidy': p20Subsidy,
}

/**
 * How long the kernel needs for one claim of ten lines: adjudicate and apply, and the same with the
 * shares of every line.
 */
import { readFileSync } from 'node:fs'
import { type Fen, fen, sum, ZERO } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { lineSharesOf, type SplitLine } from '../explanation/lines.ts'
import { adjudicate } from './adjudicate.ts'
import { type BenefitFacts, LEVELS } from './facts.ts'
import { loadPolicy } from './load.ts'
import type { Plan } from './plan/plan.ts'
import { apply, type BenefitTotals, EMPTY_YEAR, totalsOf } from './totals.ts'

const LINES = 10
const CLAIMS = 2_000
const ROUNDS = 50
/**
 * Claims of one person before the totals start anew, so that caps and bands are met as in a real
 * year.
 */
const CLAIMS_OF_A_YEAR = 20

type Figures = {
  readonly microsecondsPerClaim: number
  /** Of the same claims in the same process. */
  readonly withLineShares: number
}

type Claim = { readonly facts: BenefitFacts; readonly lines: readonly SplitLine[] }

/** Microseconds for one claim over 100,000 claims of the P01 pack, after a warm-up. */
export function benchKernel(): Figures {
  const plan = planOfPack()
  const claims = Array.from({ length: CLAIMS }, (_, index) => claimOf(index))
  const microsecondsPerClaim = timed(() => runAll(plan, claims, false))
  return { microsecondsPerClaim, withLineShares: timed(() => runAll(plan, claims, true)) }
}

function timed(work: () => unknown): number {
  for (let round = 0; round < ROUNDS; round += 1) work()
  const start = performance.now()
  for (let round = 0; round < ROUNDS; round += 1) work()
  return ((performance.now() - start) * 1_000) / (CLAIMS * ROUNDS)
}

function runAll(plan: Plan, claims: readonly Claim[], withLines: boolean): BenefitTotals {
  const fresh = totalsOf(EMPTY_YEAR, fen(500_000))
  let totals = fresh
  for (const [index, { facts, lines }] of claims.entries()) {
    if (index % CLAIMS_OF_A_YEAR === 0) totals = fresh
    const outcome = adjudicate(plan, facts, totals)
    if (outcome.kind !== 'adjudicated') throw new Error('a claim of the benchmark is refused')
    totals = apply(totals, outcome.effect)
    if (!withLines) continue
    if (lineSharesOf(lines, outcome, plan.benefits[facts.kind]) === null) {
      throw new Error('the lines of the benchmark miss their claim')
    }
  }
  return totals
}

function planOfPack(): Plan {
  const path = new URL('../../../../contracts/policies/packs/P01.json', import.meta.url)
  const loaded = loadPolicy(JSON.parse(readFileSync(path, 'utf8')))
  if (!loaded.ok) throw new Error('the pack of the benchmark is not loaded')
  return loaded.plan
}

function claimOf(index: number): Claim {
  const lines = Array.from({ length: LINES }, (_, line) =>
    fen((index * 7_919 + line * 104_729) % 200_003),
  )
  const amount = (every: number): Fen => sum(...lines.filter((_, line) => line % 5 === every))
  const [fullSelfFen, overLimitFen, firstShareFen] = [amount(0), amount(1), amount(2)]
  const inScopeFen = sum(amount(3), amount(4))
  const remote = index % 2 === 0
  const on = businessDate('2025-03-01')
  const facts: BenefitFacts = {
    kind: index % 4 === 3 ? 'outpatient' : 'inpatient',
    level: LEVELS[index % LEVELS.length] ?? null,
    insuredRegion: '110100',
    treatingRegion: remote ? '310100' : '110100',
    scheme: 'employee',
    status: index % 3 === 0 ? 'retired' : 'active',
    beginOn: on,
    endOn: on,
    emergency: false,
    filings: remote ? [{ kind: 'referral', filedOn: on, validFrom: on, validTo: null }] : [],
    fullSelfFen,
    overLimitFen,
    firstShareFen,
    inScopeFen,
    totalFen: sum(...lines),
    useAccount: index % 2 === 0,
    attributes: { civilServant: index % 5 === 0 },
  }
  return { facts, lines: lines.map(lineOf) }
}

/** Every line lies in one part: two of five in scope, the others outside. */
function lineOf(amountFen: Fen, line: number): SplitLine {
  const of = (every: number): Fen => (line % 5 === every ? amountFen : ZERO)
  return {
    amountFen,
    fullSelfFen: of(0),
    overLimitFen: of(1),
    firstShareFen: of(2),
    inScopeFen: sum(of(3), of(4)),
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(benchKernel())}\n`)

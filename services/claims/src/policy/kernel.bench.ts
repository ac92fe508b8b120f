/**
 * How long the kernel needs for one claim: adjudicate and apply, for claims whose split sums ten
 * lines.
 */
import { readFileSync } from 'node:fs'
import { type Fen, fen, sum } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
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

/** Microseconds for one claim over 100,000 claims of the P01 pack, after a warm-up. */
export function benchKernel(): { readonly microsecondsPerClaim: number } {
  const plan = planOfPack()
  const claims = Array.from({ length: CLAIMS }, (_, index) => claimOf(index))
  for (let round = 0; round < ROUNDS; round += 1) runAll(plan, claims)
  const start = performance.now()
  for (let round = 0; round < ROUNDS; round += 1) runAll(plan, claims)
  const tookMs = performance.now() - start
  return { microsecondsPerClaim: (tookMs * 1_000) / (CLAIMS * ROUNDS) }
}

function runAll(plan: Plan, claims: readonly BenefitFacts[]): BenefitTotals {
  const fresh = totalsOf(EMPTY_YEAR, fen(500_000))
  let totals = fresh
  for (const [index, facts] of claims.entries()) {
    if (index % CLAIMS_OF_A_YEAR === 0) totals = fresh
    const outcome = adjudicate(plan, facts, totals)
    if (outcome.kind === 'adjudicated') totals = apply(totals, outcome.effect)
  }
  return totals
}

function planOfPack(): Plan {
  const path = new URL('../../../../contracts/policies/packs/P01.json', import.meta.url)
  const loaded = loadPolicy(JSON.parse(readFileSync(path, 'utf8')))
  if (!loaded.ok) throw new Error('the pack of the benchmark is not loaded')
  return loaded.plan
}

function claimOf(index: number): BenefitFacts {
  const lines = Array.from({ length: LINES }, (_, line) =>
    fen((index * 7_919 + line * 104_729) % 200_003),
  )
  const amount = (every: number): Fen => sum(...lines.filter((_, line) => line % 5 === every))
  const [fullSelfFen, overLimitFen, firstShareFen] = [amount(0), amount(1), amount(2)]
  const inScopeFen = sum(amount(3), amount(4))
  const remote = index % 2 === 0
  const on = businessDate('2025-03-01')
  return {
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
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(benchKernel())}\n`)

/** What DIR/expected says every claim, month and account must come to. @source RULES.md §1 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordsOf } from '../records.ts'

export type ClaimRecord = {
  readonly claimNo: string
  readonly institutionCode: string
  readonly personNo: string
  readonly dischargedOn?: string
  readonly visitedOn?: string
}

export type ExpectedClaim = Readonly<Record<string, string | number>> & {
  readonly institutionCode: string
  readonly claimNo: string
}

export type Pair = {
  readonly insured: string
  readonly treating: string
  readonly claims: number
  readonly pooledFen: number
  readonly catastrophicFen: number
  readonly accountFen: number
  readonly owedFen: number
}

export type Window = {
  readonly pairs: readonly Pair[]
  readonly netFen: Readonly<Record<string, number>>
}

export type Account = Readonly<Record<string, string | number>> & { readonly personNo: string }

export type Planted = {
  readonly outcome: 'refused' | 'held'
  readonly reason: string
  readonly claim: ClaimRecord
}

export type Reversal = {
  readonly institutionCode: string
  readonly claimNo: string
  readonly reason: string
}

export type DemoSet = {
  readonly claims: readonly ClaimRecord[]
  readonly planted: readonly Planted[]
  readonly reversals: readonly Reversal[]
  readonly expectedClaims: readonly ExpectedClaim[]
  readonly months: Readonly<Record<string, Window>>
  readonly afterWindow: Window
  readonly afterAccounts: readonly Account[]
  readonly summary: Readonly<Record<string, number>>
}

export async function readDemo(folder: string): Promise<DemoSet> {
  const expected = join(folder, 'expected')
  const json = (name: string) => JSON.parse(readFileSync(join(expected, `${name}.json`), 'utf8'))
  const after = json('after-reversals') as { window: Window; persons: Account[] }
  return {
    claims: await recordsOf(folder, 'claims'),
    planted: await recordsOf(folder, 'planted'),
    reversals: await recordsOf(folder, 'reversals'),
    expectedClaims: await recordsOf(expected, 'claims'),
    months: json('months') as DemoSet['months'],
    afterWindow: after.window,
    afterAccounts: after.persons,
    summary: json('summary') as DemoSet['summary'],
  }
}

/** `YYYY-MM` of the end date: the month in which a claim is cleared. */
export function monthOfClaim(claim: ClaimRecord): string {
  return (claim.dischargedOn ?? claim.visitedOn ?? '').slice(0, 7)
}

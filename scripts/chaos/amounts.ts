/** What the claims of the demo set must come to, when all were sent in their order. */
import { type ExpectedClaim, readDemo } from '../cli/demo/expected.ts'
import type { Verdict } from './judge.ts'
import { verdict } from './judge.ts'
import { keyOf, type Ledger } from './ledger.ts'

type Shares = Readonly<Record<string, unknown>>

/** Each claim is compared field by field, and the sums over all. */
export async function amounts(folder: string, ledger: Ledger): Promise<readonly Verdict[]> {
  const { expectedClaims, summary } = await readDemo(folder)
  const told = new Map(ledger.claims.map(each => [keyOf(each.claim), each]))
  const sums = new Map<string, bigint>()
  const faults = expectedClaims.flatMap(wanted => {
    const key = `${wanted.institutionCode}/${wanted.claimNo}`
    const each = told.get(key)
    if (each?.state !== 'settled') return [`${key} is ${each?.state ?? 'not answered'}`]
    const shares = sharesOf(each.text)
    for (const name of Object.keys(summary)) {
      const value = name === 'claims' ? 1 : Number(shares[name] ?? 0)
      sums.set(name, (sums.get(name) ?? 0n) + BigInt(value))
    }
    return different(key, shares, wanted)
  })
  const apart = Object.entries(summary).flatMap(([name, value]) =>
    sums.get(name) === BigInt(value) ? [] : [`${name}: ${sums.get(name)}, not ${value}`],
  )
  return [
    verdict('each claim of the demo set comes to what it must', faults, expectedClaims.length),
    verdict('the sums over the demo set are equal', apart, Object.keys(summary).length),
  ]
}

function sharesOf(text: string): Shares {
  const { shares } = JSON.parse(text) as { readonly shares: Shares | null }
  return shares ?? {}
}

function different(key: string, shares: Shares, wanted: ExpectedClaim): readonly string[] {
  const names: Readonly<Record<string, string>> = {
    insured: 'insuredRegion',
    treating: 'treatingRegion',
  }
  return Object.entries(wanted).flatMap(([name, value]) => {
    if (name === 'institutionCode' || name === 'claimNo') return []
    const actual = shares[names[name] ?? name]
    return actual === value ? [] : [`${key}: ${name} is ${String(actual)}, not ${String(value)}`]
  })
}

/** The demo's tables: claims and money by pair, netting, checks. */
import type { WindowReply } from '../demo.ts'
import { table, yuan } from '../show.ts'
import type { Differences } from './differences.ts'
import type { ExpectedClaim } from './expected.ts'

const PAIRS_SHOWN = 12

export function printWindow(label: string, window: WindowReply): void {
  const largest = window.pairs.toSorted((a, b) => Math.abs(b.owedFen) - Math.abs(a.owedFen))
  console.log(
    `\nWindow ${window.windowNo} (${label}): largest of ${window.pairs.length} pairs, yuan`,
  )
  console.log(
    table(
      ['insured', 'treating', 'claims', 'pooled', 'catastrophic', 'account', 'owed'],
      largest
        .slice(0, PAIRS_SHOWN)
        .map(pair => [
          pair.insured,
          pair.treating,
          pair.claims,
          yuan(pair.pooledFen),
          yuan(pair.catastrophicFen),
          yuan(pair.accountFen),
          yuan(pair.owedFen),
        ]),
    ),
  )
  console.log(`Netting, yuan (+ receives, - pays); digest ${window.digest.slice(0, 16)}…`)
  console.log(
    table(
      ['region', 'net'],
      window.nets.map(({ regionCode, netFen }) => [regionCode, yuan(netFen)]),
    ),
  )
}

export function printClaims(claims: readonly ExpectedClaim[], seconds: number): void {
  const remote = claims.filter(claim => claim['insured'] !== claim['treating']).length
  const rate = Math.round(claims.length / seconds)
  const took = `${seconds.toFixed(1)} s (${rate}/s)`
  console.log(`\n${claims.length} claims settled, ${remote} between regions, in ${took}`)
}

export function printChecks(differences: Differences): void {
  console.log('\nCompared with expected/')
  console.log(table(['check', 'compared', 'different'], differences.rows))
  for (const message of differences.messages) console.log(`  ${message}`)
  console.log(differences.none ? 'All equal, to the fen.' : 'There are differences.')
}

/**
 * Claims a second of a what-if run over PostgreSQL, in threads, from the call to the report:
 * `node services/claims/src/whatif/run/speed.bench.ts [COPIES] [THREADS]`. The claims are those of
 * the demo set that the draft computes, all of them, each copy of other persons.
 */

import { openPostgresStore } from '@tongchou/runtime/event-store/postgres.ts'
import { createDatabase } from '@tongchou/runtime/postgres/embedded.ts'
import { startTestServer } from '@tongchou/runtime/postgres/testing.ts'
import { loadPolicy } from '../../policy/load.ts'
import { storeDemo } from '../../testing/adjudications.ts'
import { beijingPack } from '../../testing/demo.ts'
import { reportJson } from '../report.ts'
import { runWhatIf } from './run.ts'

const [copies = 12, threads = 2] = process.argv.slice(2).map(Number)
/** Persons of the draft's region are a twentieth of the demo set. */
const OF_REGION = 20
const ROUNDS = 2
const PLACE = { region: '110100', scheme: 'employee' }

const server = await startTestServer()
try {
  const url = await createDatabase(server.url, 'whatif')
  const store = await openPostgresStore({ database: { url }, schema: 'claims' })
  const stored = await storeDemo(store, { copies: copies * OF_REGION, only: PLACE })
  const end = await store.head()
  await store.close()
  const loaded = loadPolicy(JSON.parse(beijingPack().pack))
  if (!loaded.ok) throw new Error('the pack of the demo set does not load')
  const { document, plan } = loaded
  const period = { region: PLACE.region, from: '2025-01-01', to: '2025-12-31' }
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now()
    const before = process.cpuUsage()
    const source = { kind: 'database', url, threads } as const
    const ran = await runWhatIf({
      ...{ draft: { document, plan }, period, source, end, checkpoint: null },
    })
    const report = reportJson({ draft: plan, period, ...ran })
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(before)
    const cpuSeconds = (user + system) / 1e6
    const figures = { threads, stored, scanned: ran.scanned, computed: report.claims }
    const claimsPerSecond = Math.round(ran.scanned / seconds)
    console.log(JSON.stringify({ ...figures, seconds, cpuSeconds, claimsPerSecond }))
  }
} finally {
  await server.stop()
}

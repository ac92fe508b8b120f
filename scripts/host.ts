/** One process of the supervisor: `node scripts/host.ts clearing`, or several services by name. */
import { claims } from '@tongchou/claims/app.ts'
import { clearing } from '@tongchou/clearing/app.ts'
import { contributions } from '@tongchou/contributions/app.ts'
import { enrollment } from '@tongchou/enrollment/app.ts'
import { fraud } from '@tongchou/fraud/app.ts'
import { funds } from '@tongchou/funds/app.ts'
import { providers } from '@tongchou/providers/app.ts'
import { main } from '@tongchou/runtime/host/host.ts'

const ALL = { enrollment, providers, contributions, claims, fraud, clearing, funds }

const names = process.argv.slice(2)
const unknown = names.filter(name => !(name in ALL))
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: host.ts <service…>, of ${Object.keys(ALL).join(', ')}`)
  process.exit(2)
}
await main(names.map(name => ALL[name as keyof typeof ALL]))

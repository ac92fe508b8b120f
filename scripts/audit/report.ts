/** The audit as people read it: a table of checks, the damage, one digest. */
import { table } from '../cli/show.ts'
import type { Finding } from './checks.ts'
import type { Audit } from './verify.ts'

export function reportOf(audit: Audit): string {
  const { checks, findings, stores, digest, pending, skippedViews } = audit
  const rows = checks.map(({ check, what, checked, found }) => [
    check,
    what,
    checked,
    found > 0 ? `${found} DAMAGED` : checked === 0 ? 'nothing to check' : 'ok',
  ])
  const parts = [
    table(
      ['store', 'events', 'root'],
      stores.map(({ service, size, root }) => [service, size, root]),
    ),
    table(['check', 'what', 'checked', 'result'], rows),
  ]
  if (findings.length > 0) parts.push(damageOf(audit))
  if (pending.books > 0) parts.push(`${pending.books} events that move money are not booked yet.`)
  if (pending.credits > 0) parts.push(`${pending.credits} credits are not in their accounts yet.`)
  if (skippedViews.length > 0) {
    const why = 'made by another build, or never'
    parts.push(`Not compared, since their tables were ${why}: ${skippedViews.join(', ')}.`)
  }
  const verdict = findings.length > 0 ? 'DAMAGE FOUND' : 'No damage found'
  parts.push(`${verdict}. Digest of what is there: ${digest}`)
  return parts.join('\n')
}

function damageOf({ checks, findings }: Audit): string {
  const found = checks.reduce((sum, check) => sum + check.found, 0)
  const lines = findings.map(lineOf)
  const left = found - findings.length
  if (left > 0) lines.push(`and ${left} more of the same kinds`)
  return `Damage:\n${lines.join('\n')}`
}

export function lineOf({ check, service, position, stream, detail }: Finding): string {
  const place = [
    service,
    ...(position === null ? [] : [`position ${position}`]),
    ...(stream === null ? [] : [stream]),
  ]
  return `  ${check}: ${place.join(', ')}: ${detail}`
}

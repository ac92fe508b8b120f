/**
 * Which policy is in force where; a pack of no one scheme is in force for nobody. What a person's
 * benefits are stays inside.
 */
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import { numbered, type Publisher, say } from '@tongchou/runtime/public/port.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'

export const publish: Publisher = {
  events: new Set(['PackPublished']),
  publicEvents: event => (event.type === 'PackPublished' ? policyPublished(event) : []),
}

function policyPublished(event: Recorded<'PackPublished'>) {
  const { packHash, regionCode, scheme, name, effectiveFrom, effectiveTo } = event.data
  if (scheme === null) return []
  const data = { packHash, regionCode, scheme, name, effectiveFrom, effectiveTo }
  const place = { key: packHash, regions: null }
  return numbered(event, [say(PUBLIC_TOPICS.policy, 'PolicyPublished', { ...place, data })])
}

/**
 * Where the score of a claim stands: claims to persons. The score itself is read from the person's
 * stream.
 */
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { Change, View } from '@tongchou/runtime/view/port.ts'

export type ScoreRow = {
  readonly claimId: string
  readonly personId: string
  readonly insuredRegion: string
  readonly treatingRegion: string
  readonly score: number
  readonly outcome: string
}

export const scoresView: View<ScoreRow> = {
  name: 'fraud_scores',
  topic: TOPICS.score,
  columns: {
    claimId: 'uuid',
    personId: 'uuid',
    insuredRegion: 'text',
    treatingRegion: 'text',
    score: 'integer',
    outcome: 'text',
  },
  key: ['claimId'],
  indexes: [],
  version: 1,
  project,
}

function project(event: Recorded): readonly Change<ScoreRow>[] {
  if (event.type !== 'ClaimScored') return []
  const { claimId, personId, insuredRegion, treatingRegion, score, outcome } = event.data
  const row = { claimId, personId, insuredRegion, treatingRegion, score, outcome }
  return [{ key: [claimId], apply: () => row }]
}

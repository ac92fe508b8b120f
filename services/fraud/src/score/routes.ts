/** HTTP to scores: what a claim was scored on, read from the person's stream. */

import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import type { ScoreJson } from '@tongchou/contracts/http/score.ts'
import { ScoreJson as ScoreSchema } from '@tongchou/contracts/http/score.ts'
import { fenToJson } from '@tongchou/contracts/money.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { problemReply, unavailable } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { ScorePorts } from '../ports.ts'
import { FRAUD_PROBLEMS } from '../problems.ts'
import { watch } from './decide.ts'
import type { ScoreRow } from './view.ts'
import { scoresView } from './view.ts'

const CATCH_UP_MS = 1000

export function addScoreRoutes(http: Http, ports: ScorePorts): void {
  http.get(
    '/v1/scores/:claimId',
    {
      preHandler: requireRole('reviewer', 'centre', 'auditor'),
      schema: {
        summary: 'Score of a claim with its reasons and the features that it was made of',
        tags: ['scores'],
        params: Shape({ claimId: UuidJson }),
        response: { 200: ScoreSchema },
      },
    },
    async ({ params: { claimId }, caller }) => {
      const row = await rowOf(ports, claimId)
      const { treatingRegion, insuredRegion } = row
      if (!mayReadRegion(caller, treatingRegion) && !mayReadRegion(caller, insuredRegion)) {
        throw problemReply('other-region', FRAUD_PROBLEMS['other-region'])
      }
      return scoreJson(row, await historyOf(ports, row))
    },
  )
}

/** Absent only once the view has caught up with the store (law 2). */
async function rowOf({ views, caughtUp }: ScorePorts, claimId: string): Promise<ScoreRow> {
  const row = await views.get(scoresView, [claimId])
  if (row !== undefined) return row
  if (!(await caughtUp(TOPICS.score, CATCH_UP_MS))) throw unavailable('the scores are behind')
  const later = await views.get(scoresView, [claimId])
  if (later !== undefined) return later
  throw problemReply('unknown-score', FRAUD_PROBLEMS['unknown-score'], {
    detail: 'no such claim was scored, or it has not arrived here yet',
  })
}

async function historyOf({ store }: ScorePorts, { personId }: ScoreRow) {
  const stream = `${watch.category}-${personId}`
  return ((await store.readStreams([stream])).get(stream) ?? []).map(recorded)
}

function scoreJson({ claimId }: ScoreRow, history: readonly Recorded[]): ScoreJson {
  const ofClaim = history.filter(event => 'claimId' in event.data && event.data.claimId === claimId)
  const scored = ofClaim.find(event => event.type === 'ClaimScored')
  if (scored === undefined) throw new Error('a row of the view stands on an event of the store')
  const { data, at, id, hash } = scored
  const { score, outcome, reasons, features, ruleSet } = data
  const { institutionCode, insuredRegion, treatingRegion, kind, beginOn, endOn, totalFen } = data
  return {
    claimId,
    score,
    outcome,
    reasons: [...reasons],
    features: [...features],
    ruleSet,
    institutionCode,
    insuredRegion,
    treatingRegion,
    kind,
    beginOn,
    endOn,
    totalFen: fenToJson(totalFen),
    counts: !ofClaim.some(event => event.type === 'ScoreWithdrawn'),
    scoredAt: at,
    eventId: id,
    hash: hash.toString('hex'),
  }
}

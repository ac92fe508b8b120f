/** HTTP to what-if runs: start or go on, look, stop. For who may publish the draft. */
import { breachJson } from '@tongchou/contracts/http/policy.ts'
import { Shape, UuidJson } from '@tongchou/contracts/http/scalars.ts'
import { StartedWhatIfJson, StartWhatIfJson, WhatIfJson } from '@tongchou/contracts/http/whatif.ts'
import { type Caller, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actsFor } from '@tongchou/runtime/door/region.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { PackShelf } from '../pack/shelf.ts'
import { draftFrom, periodFor, warningsOf } from './draft.ts'
import { WHAT_IF_PROBLEMS, type WhatIfRefusal } from './problems.ts'
import type { WhatIfJobs } from './run/jobs.ts'

const TAGS = ['what-if']
const PARAMS = Shape({ whatIfId: UuidJson })
/** A pack of many pages of law stays below it. */
const DRAFT_BYTES_MAX = 1024 * 1024

export type WhatIfPorts = { readonly jobs: WhatIfJobs; readonly shelf: PackShelf }

export function addWhatIfRoutes(http: Http, { jobs, shelf }: WhatIfPorts): void {
  const preHandler = requireRole('agency', 'centre')
  http.post(
    '/v1/what-ifs',
    {
      preHandler,
      bodyLimit: DRAFT_BYTES_MAX,
      config: { changes: 'nothing' },
      schema: {
        summary: 'Run the stored claims of a period under a draft; writes to no account',
        description:
          'The same question again goes on with the run that was stopped; warnings say why the ' +
          'draft could not be published now',
        tags: TAGS,
        body: StartWhatIfJson,
        response: { 202: StartedWhatIfJson },
      },
    },
    async ({ body, caller }, reply) => {
      const draft = draftFrom(body.pack, shelf.documentNamed)
      if ('kind' in draft) throw problem(draft)
      const period = periodFor(draft, body)
      refuseOthers(caller, period.region)
      const started = jobs.start(draft, period)
      if (typeof started === 'object') {
        throw problem({ kind: 'what-if-running', whatIfId: started.running })
      }
      return reply
        .code(202)
        .header('location', `/v1/what-ifs/${started}`)
        .send({ whatIfId: started, warnings: warningsOf(draft, period, shelf).map(breachJson) })
    },
  )
  http.get(
    '/v1/what-ifs/:whatIfId',
    {
      preHandler,
      schema: {
        summary: 'How far a run is; its report when it is done',
        tags: TAGS,
        params: PARAMS,
        response: { 200: WhatIfJson },
      },
    },
    async ({ params, caller }) => known(jobs, params.whatIfId, caller),
  )
  http.post(
    '/v1/what-ifs/:whatIfId/stopping',
    {
      preHandler,
      config: { changes: 'nothing' },
      schema: {
        summary: 'Stop a run; what is done is kept, the same question goes on with it',
        tags: TAGS,
        params: PARAMS,
        response: { 200: WhatIfJson },
      },
    },
    async ({ params: { whatIfId }, caller }) => {
      known(jobs, whatIfId, caller)
      await jobs.stop(whatIfId)
      return known(jobs, whatIfId, caller)
    },
  )
}

function known(jobs: WhatIfJobs, whatIfId: string, caller: Caller): WhatIfJson {
  const found = jobs.find(whatIfId)
  if (found === undefined) throw problem({ kind: 'unknown-what-if' })
  refuseOthers(caller, found.region)
  return found.answer
}

function refuseOthers(caller: Caller, regionCode: string): void {
  if (!actsFor(caller, regionCode)) throw problem({ kind: 'other-region', regionCode })
}

function problem(refusal: WhatIfRefusal) {
  return refusalProblem(WHAT_IF_PROBLEMS, refusal)
}

/** HTTP to what a hospital sent, byte for byte: for auditors and the centre. */
import { createSecretKey } from 'node:crypto'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { UuidJson } from '@tongchou/contracts/http/scalars.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { mayReadRegion, requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { EventStore, StoredEvent } from '@tongchou/runtime/event-store/port.ts'
import { commonProblem } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import type { KeyStore } from '@tongchou/runtime/keys/port.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import { Type } from 'typebox'
import { refusalProblem } from '../door/check.ts'
import type { OpenedSubmission } from './seal.ts'
import { openSubmission } from './seal.ts'

export type SubmissionPorts = {
  readonly store: Pick<EventStore, 'readStreams' | 'readAttachment'>
  readonly streamOf: (claimId: string) => string
  readonly keys: Pick<KeyStore, 'find'>
}

export function addSubmissionRoutes(http: Http, ports: SubmissionPorts): void {
  http.get(
    '/v1/claims/:claimId/submission',
    {
      preHandler: requireRole('auditor', 'centre'),
      schema: {
        summary: 'The claim as it was sent, byte for byte, checked against its event',
        description:
          'SHA-256 of the bytes that the header submission-salt tells in hex and of the body is ' +
          'rawDigest of ClaimSubmitted. 410 personal-data-erased once the key is destroyed.',
        tags: ['claims'],
        params: Type.Object({ claimId: UuidJson }),
      },
    },
    async ({ params, caller }, reply) => {
      const { raw, salt } = await submissionOf(ports, params.claimId, caller)
      reply.header('submission-salt', salt.toString('hex')).header('cache-control', 'no-store')
      return reply.type('application/json; charset=utf-8').send(raw)
    },
  )
}

async function submissionOf(
  ports: SubmissionPorts,
  claimId: string,
  caller: Caller,
): Promise<OpenedSubmission> {
  const { event, data } = await submittedIn(ports, ports.streamOf(claimId))
  const { treatingRegion, insuredRegion, personId, rawDigest } = data
  if (!mayReadRegion(caller, treatingRegion) && !mayReadRegion(caller, insuredRegion)) {
    throw refusalProblem({ kind: 'other-region' })
  }
  // Asked of the store each time: a key that was destroyed a moment ago opens nothing more.
  const key = (await ports.keys.find([personId])).get(personId)
  if (key === 'destroyed') throw refusalProblem({ kind: 'personal-data-erased' })
  const sealed = await ports.store.readAttachment(event.position)
  if (sealed === undefined || key === undefined) {
    throw commonProblem('not-found', { detail: 'nothing is kept of how this claim was sent' })
  }
  const opened = openSubmission({ rawDigest, sealed }, data, createSecretKey(key))
  if (opened === undefined) {
    throw new Fault('altered', `what is kept beside ${event.stream} is not what was sent`)
  }
  return opened
}

/** The first event of a claim. */
export async function submittedIn(
  { store }: { readonly store: Pick<EventStore, 'readStreams'> },
  stream: string,
): Promise<{ readonly event: StoredEvent; readonly data: ClaimSubmitted }> {
  const [event] = (await store.readStreams([stream])).get(stream) ?? []
  if (event === undefined) throw refusalProblem({ kind: 'unknown-claim' })
  const first = recorded(event)
  if (first.type !== 'ClaimSubmitted') {
    throw new Fault('altered', `${stream} begins with ${first.type}`)
  }
  return { event, data: first.data }
}

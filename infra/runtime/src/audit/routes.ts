import { CheckpointJson } from '@tongchou/contracts/http/checkpoint.ts'
import { ROLES, requireRole } from '../auth/caller.ts'
import { commonProblem } from '../http/problem.ts'
import type { Http } from '../http/server.ts'
import { type CheckpointLine, noteOf, verificationKeyOf } from './checkpoint.ts'
import type { SigningKey } from './signing-key.ts'

type Source = { readonly latest: () => Promise<CheckpointLine | null> }

/**
 * `GET /v1/checkpoints/latest`: for everyone with a token, since it tells nothing but how much
 * there is.
 */
export function addCheckpointRoutes(http: Http, source: Source, key: SigningKey): void {
  http.get(
    '/v1/checkpoints/latest',
    {
      preHandler: requireRole(...ROLES),
      schema: {
        summary:
          'The newest signed checkpoint of this store: who keeps it sees whether history changes',
        tags: ['audit'],
        response: { 200: CheckpointJson },
      },
    },
    async () => {
      const line = await source.latest()
      if (line === null) throw commonProblem('not-found', { detail: 'nothing is signed yet' })
      return jsonOf(line, key)
    },
  )
}

function jsonOf(line: CheckpointLine, key: SigningKey): CheckpointJson {
  const { service, incarnation, size, root, at, keyId, signature } = line
  return {
    service,
    incarnation,
    size,
    root: root.toString('hex'),
    at,
    keyId,
    signature: signature.toString('base64'),
    note: noteOf(line),
    verificationKey: verificationKeyOf(key.publicKey),
  }
}

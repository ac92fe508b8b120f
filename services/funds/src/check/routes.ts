/** HTTP to the self-check: its last result, or a fresh one. */
import { SelfCheckJson, SelfCheckQueryJson } from '@tongchou/contracts/http/self-check.ts'
import { requireRole } from '@tongchou/runtime/auth/caller.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { BOOK_READERS } from '../balance/routes.ts'
import type { SelfCheckPort } from '../ports.ts'

export function addSelfCheckRoutes(http: Http, { selfCheck }: SelfCheckPort): void {
  http.get(
    '/v1/self-check',
    {
      preHandler: requireRole(...BOOK_READERS, 'operator'),
      schema: {
        summary: 'Do the books hold? Every check with its last result, its time and its position',
        tags: ['books'],
        querystring: SelfCheckQueryJson,
        response: { 200: SelfCheckJson },
      },
    },
    async ({ query, caller }) => {
      const last = query.run ? null : selfCheck.last
      const { position, imbalanceFen, checks, ...report } = last ?? (await selfCheck.run())
      return {
        ...report,
        position: Number(position),
        imbalanceFen: Number(imbalanceFen),
        checks: checks.map(({ check, ok, faults }) => ({
          check,
          ok,
          faults: caller.region === null ? [...faults] : [],
        })),
      }
    },
  )
}

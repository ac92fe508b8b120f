import type { Problem } from '@tongchou/contracts/http/problem.ts'
import { PACK_PROBLEMS, type PackDoorRefusal } from '../pack/problems.ts'

export type WhatIfRefusal =
  | Extract<PackDoorRefusal, { readonly kind: 'pack-malformed' }>
  | { readonly kind: 'other-region'; readonly regionCode: string }
  | { readonly kind: 'unknown-what-if' }
  | { readonly kind: 'what-if-running'; readonly whatIfId: string }

/** Status and title of every refusal; the README of the service has the same table. */
export const WHAT_IF_PROBLEMS = {
  'pack-malformed': PACK_PROBLEMS['pack-malformed'],
  'other-region': { status: 403, title: 'The draft is of another region than the token' },
  'unknown-what-if': { status: 404, title: 'No what-if run has this id, or it is forgotten' },
  'what-if-running': { status: 409, title: 'Another what-if run has not come to its end' },
} as const satisfies Record<WhatIfRefusal['kind'], Problem>

import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { PackRefusal } from './decide.ts'
import type { PackFault } from './submission.ts'

export type PackDoorRefusal =
  | {
      readonly kind: 'pack-malformed'
      /** Path and rule of the first fault; `faults` has them all, up to a limit. */
      readonly field: string
      readonly rule: string
      readonly faults: readonly PackFault[]
      readonly faultsFound: number
    }
  | {
      readonly kind: 'demands-broken'
      readonly field: string
      readonly rule: string
      readonly faults: readonly PackFault[]
      readonly faultsFound: number
    }
  | { readonly kind: 'other-region'; readonly regionCode: string }
  | { readonly kind: 'unknown-pack' }
  | PackRefusal

/** Status and title of every refusal; the README of the service has the same table. */
export const PACK_PROBLEMS = {
  'pack-malformed': { status: 400, title: 'The policy pack is not complete and consistent' },
  'other-region': { status: 403, title: 'The policy pack is of another region than the token' },
  'unknown-pack': { status: 404, title: 'No policy pack has this hash' },
  'demands-broken': { status: 422, title: 'The policy pack breaks what published packs demand' },
  'pack-known': { status: 409, title: 'The pack is published for another region or other days' },
} as const satisfies Record<PackDoorRefusal['kind'], Problem>

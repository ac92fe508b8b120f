import type { ConfigOf } from '@tongchou/runtime/config/variables.ts'
import { integer, readConfig } from '@tongchou/runtime/config/variables.ts'

export const CLAIMS_VARIABLES = {
  hotPersons: integer({
    name: 'TONGCHOU_CLAIMS_HOT_PERSONS',
    unit: 'streams',
    default: 50_000,
    min: 100,
    max: 10_000_000,
    describes: 'benefit accounts kept in memory, about 2 KB each',
  }),
  catchUpMs: integer({
    name: 'TONGCHOU_CLAIMS_CATCH_UP_MS',
    unit: 'ms',
    default: 1_000,
    min: 1,
    max: 60_000,
    describes: 'longest wait for policies that are stored but not read yet, before unavailable',
  }),
  whatIfThreads: integer({
    name: 'TONGCHOU_CLAIMS_WHAT_IF_THREADS',
    unit: 'threads',
    default: 1,
    min: 1,
    max: 8,
    describes: 'threads of a what-if run; the rest of the machine is for settling',
  }),
}

export type ClaimsConfig = ConfigOf<typeof CLAIMS_VARIABLES>

/** Throws ConfigFault that names every fault. */
export function claimsConfig(env: Readonly<Record<string, string | undefined>>): ClaimsConfig {
  return readConfig(CLAIMS_VARIABLES, env)
}

import type { ConfigOf } from '@tongchou/runtime/config/variables.ts'
import { integer, readConfig } from '@tongchou/runtime/config/variables.ts'

export const ENROLLMENT_VARIABLES = {
  hotPersons: integer({
    name: 'TONGCHOU_ENROLLMENT_HOT_PERSONS',
    unit: 'streams',
    default: 20_000,
    min: 100,
    max: 10_000_000,
    describes: 'persons whose state is kept in memory, about 2 KB each',
  }),
}

export type EnrollmentConfig = ConfigOf<typeof ENROLLMENT_VARIABLES>

/** Throws ConfigFault that names every fault. */
export function enrollmentConfig(
  env: Readonly<Record<string, string | undefined>>,
): EnrollmentConfig {
  return readConfig(ENROLLMENT_VARIABLES, env)
}

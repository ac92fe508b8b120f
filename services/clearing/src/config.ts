import type { ConfigOf } from '@tongchou/runtime/config/variables.ts'
import { integer, readConfig } from '@tongchou/runtime/config/variables.ts'

export const CLEARING_VARIABLES = {
  hotKeys: integer({
    name: 'TONGCHOU_CLEARING_HOT_KEYS',
    unit: 'persons',
    default: 50_000,
    min: 100,
    max: 10_000_000,
    describes:
      'persons whose keys for what hospitals send are kept in memory, about 300 bytes each',
  }),
}

export type ClearingConfig = ConfigOf<typeof CLEARING_VARIABLES>

/** Throws ConfigFault that names every fault. */
export function clearingConfig(env: Readonly<Record<string, string | undefined>>): ClearingConfig {
  return readConfig(CLEARING_VARIABLES, env)
}

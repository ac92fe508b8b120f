import type { ConfigOf } from '@tongchou/runtime/config/variables.ts'
import { integer, readConfig } from '@tongchou/runtime/config/variables.ts'

export const FUNDS_VARIABLES = {
  selfCheckMs: integer({
    name: 'TONGCHOU_FUNDS_SELF_CHECK_MS',
    unit: 'ms',
    default: 5_000,
    min: 100,
    max: 3_600_000,
    describes: 'time between two self-checks of the books',
  }),
}

export type FundsConfig = ConfigOf<typeof FUNDS_VARIABLES>

/** Throws ConfigFault that names every fault. */
export function fundsConfig(env: Readonly<Record<string, string | undefined>>): FundsConfig {
  return readConfig(FUNDS_VARIABLES, env)
}

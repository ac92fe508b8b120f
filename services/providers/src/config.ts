import type { ConfigOf } from '@tongchou/runtime/config/variables.ts'
import { integer, readConfig } from '@tongchou/runtime/config/variables.ts'

export const PROVIDERS_VARIABLES = {
  hotInstitutions: integer({
    name: 'TONGCHOU_PROVIDERS_HOT_INSTITUTIONS',
    unit: 'streams',
    default: 2_000,
    min: 10,
    max: 1_000_000,
    describes: 'institutions whose state is kept in memory, about 10 KB each',
  }),
  hotCatalogues: integer({
    name: 'TONGCHOU_PROVIDERS_HOT_CATALOGUES',
    unit: 'streams',
    default: 16,
    min: 1,
    max: 1_000,
    describes: 'catalogues kept in memory, about 500 bytes a row',
  }),
}

export type ProvidersConfig = ConfigOf<typeof PROVIDERS_VARIABLES>

/** Throws ConfigFault that names every fault. */
export function providersConfig(
  env: Readonly<Record<string, string | undefined>>,
): ProvidersConfig {
  return readConfig(PROVIDERS_VARIABLES, env)
}

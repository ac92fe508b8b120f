import type { ConfigOf } from '@tongchou/runtime/config/variables.ts'
import { integer, readConfig } from '@tongchou/runtime/config/variables.ts'

export const FRAUD_VARIABLES = {
  twoPersonFen: integer({
    name: 'TONGCHOU_FRAUD_TWO_PERSON_FEN',
    unit: 'fen',
    default: 5_000_000,
    min: 0,
    max: 100_000_000_000_000,
    describes: 'a held claim with a larger total is released by two different reviewers only',
  }),
  largeClaimFen: integer({
    name: 'TONGCHOU_FRAUD_LARGE_CLAIM_FEN',
    unit: 'fen',
    default: 0,
    min: 0,
    max: 100_000_000_000_000,
    describes:
      'a claim whose total is at least this is held for a check; 0 holds none for its size',
  }),
  hotPersons: integer({
    name: 'TONGCHOU_FRAUD_HOT_PERSONS',
    unit: 'streams',
    default: 50_000,
    min: 100,
    max: 10_000_000,
    describes: 'persons whose seen claims are kept in memory, about 1 KB each',
  }),
}

export type FraudConfig = ConfigOf<typeof FRAUD_VARIABLES>

/** Throws ConfigFault that names every fault. */
export function fraudConfig(env: Readonly<Record<string, string | undefined>>): FraudConfig {
  return readConfig(FRAUD_VARIABLES, env)
}

/**
 * What a relay tells without an event behind it: that it publishes, and how the log stands as
 * signed.
 */

import type { ServiceName } from '@tongchou/contracts/services.ts'
import { instantFromMs } from '@tongchou/contracts/time.ts'
import { checkpointFile, readCheckpoints } from '../../audit/checkpoint-file.ts'
import { readPublicKey } from '../../audit/signing-key.ts'
import { checkpointSigned, heartbeat } from '../../public/system-events.ts'
import type { Outgoing } from './outgoing.ts'
import { outgoingOf, type PublicRecords } from './public.ts'
import type { RelayPlace } from './relay.ts'

/** One checkpoint a minute is enough for a witness; they are signed up to once a second. */
const CHECKPOINT_MS = 60_000

export type PulseOptions = Omit<PublicRecords, 'publish' | 'service'> & {
  readonly service: ServiceName
  /** Holds the signed checkpoints of the service. */
  readonly dataDir: string
  readonly nowMs: () => number
}

export function pulseOf(options: PulseOptions): (at: RelayPlace) => Promise<readonly Outgoing[]> {
  const { service, dataDir, nowMs } = options
  let told = { size: 0, atMs: Number.NEGATIVE_INFINITY }

  async function checkpoint(now: number): Promise<readonly Outgoing[]> {
    if (now - told.atMs < CHECKPOINT_MS) return []
    const found = await readCheckpoints(checkpointFile(dataDir, service), { tailOnly: true })
    const newest = found.findLast(({ line }) => line !== undefined)?.line
    const key = await readPublicKey(dataDir)
    if (newest === undefined || key === undefined || newest.size === told.size) return []
    told = { size: newest.size, atMs: now }
    return [outgoingOf(options, checkpointSigned(newest, key, instantFromMs(now)), null)]
  }

  return async ({ incarnation, position }) => {
    const now = nowMs()
    const at = instantFromMs(now)
    const beat = heartbeat({ service, incarnation, position, at })
    return [outgoingOf(options, beat, null), ...(await checkpoint(now))]
  }
}
